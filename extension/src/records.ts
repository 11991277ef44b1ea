import { commands, type Disposable, type TextDocumentContentProvider, Uri, workspace } from 'vscode';
import { clock } from './moments';
import { reason } from './reason';
import type { Session } from './session';
import type { SnapshotParams, SnapshotResult } from './wire.gen';

const scheme = 'godrift-record';

/** Remembered states as documents of text, one fact a line, and two of them side by side. */
export class Records implements TextDocumentContentProvider {
  readonly registration: Disposable = workspace.registerTextDocumentContentProvider(scheme, this);
  private asked = 0;

  constructor(private readonly session: Session) {}

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    try {
      const { folder, name } = JSON.parse(uri.query) as SnapshotParams;
      const params: SnapshotParams = { folder: String(folder), name: String(name) };
      return (await this.session.request<SnapshotResult>('godrift/snapshot', params)).text;
    } catch (error) {
      return `This state cannot be shown: ${reason(error)}\n`;
    }
  }

  /** Opens the editor's own comparison of a remembered state with what is now. */
  async compareWithNow(folder: Uri, id: string, time: number): Promise<void> {
    this.asked++; // what is now is another document each time
    const document = (name: string) =>
      Uri.from({
        scheme,
        path: `/${name.slice(0, 10)}.properties`,
        query: JSON.stringify({ folder: folder.toString(), name, asked: this.asked }),
      });
    await commands.executeCommand('vscode.diff', document(id), document('now'), `${clock(time)} ↔ now`);
  }
}
