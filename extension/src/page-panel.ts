import {
  commands,
  type Disposable,
  type ExtensionContext,
  Position,
  Range,
  Uri,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import type { FromPage, ToPage, Wish, Workspace } from '../../shared/page/src/transport';
import { openPage } from './page';
import { reason } from './reason';
import type { Session } from './session';
import type { PageParams, RollbackParams } from './wire.gen';

/** The elements of the page: those that the monitor serves, too. The bundler puts the file here. */
declare const pageFrame: string;

/** The page about everything that is known of the folders that are open. There is one at most. */
export class PagePanel implements Disposable {
  private panel: WebviewPanel | undefined;
  private readonly subscriptions: Disposable[];
  private seq = 0;
  private running = true;

  constructor(
    private readonly context: ExtensionContext,
    private readonly session: Session,
  ) {
    this.subscriptions = [
      session.onDidChange(() => this.changed()),
      session.onDidRemember(() => this.changed()),
      workspace.onDidGrantWorkspaceTrust(() => this.changed()),
      workspace.onDidChangeWorkspaceFolders(() => this.changed()),
    ];
  }

  dispose(): void {
    this.panel?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Shows a section, or the one that was shown last. */
  show(section = ''): void {
    if (this.panel) {
      this.panel.reveal();
      if (section !== '') this.post({ kind: 'show', section });
      return;
    }
    const body = `<body data-section="${section}">\n${pageFrame}\n</body>`;
    const panel = openPage(this.context, { name: 'page', title: 'godrift', body });
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    panel.webview.onDidReceiveMessage((message: FromPage) => this.heard(message));
    this.panel = panel;
  }

  private post(message: ToPage): void {
    void this.panel?.webview.postMessage(message);
  }

  /** Something is not as it was: the page asks for what it shows. */
  private changed(): void {
    if (!this.panel) return;
    const running = this.session.state.kind === 'running';
    if (running !== this.running) {
      this.running = running;
      this.post({ kind: 'state', running });
    }
    this.post({ kind: 'changes', changes: [{ kind: 'changed', seq: ++this.seq }] });
  }

  private async heard(message: FromPage): Promise<void> {
    if (message.kind === 'open') {
      await this.open(message.file, message.line);
      return;
    }
    try {
      this.post({ kind: 'answer', id: message.id, answer: await this.answer(message) });
    } catch (error) {
      this.post({ kind: 'answer', id: message.id, error: reason(error) });
    }
  }

  private answer(message: Exclude<FromPage, { kind: 'open' }>): unknown {
    switch (message.kind) {
      case 'workspaces':
        return this.workspaces();
      case 'ask': {
        const params: PageParams = { folder: message.root, question: message.question };
        return this.session.request('godrift/page', params);
      }
      case 'wish':
        return this.wish(message.root, message.wish);
    }
  }

  private workspaces(): Workspace[] {
    return (workspace.workspaceFolders ?? []).map((folder) => {
      const status = this.session.status(folder.uri);
      return {
        name: folder.name,
        root: folder.uri.toString(),
        folder: folder.uri.fsPath,
        ready: status !== undefined,
        failure: '',
        score: status?.score ?? 0,
        selected: status?.selected ?? '',
        drift: status?.drift ?? false,
        counts: status?.counts ?? { error: 0, warning: 0, info: 0, hint: 0 },
      };
    });
  }

  /** The commands show what would be done, ask, and say what was. */
  private async wish(folder: string, wish: Wish): Promise<undefined> {
    switch (wish.kind) {
      case 'fix':
        await commands.executeCommand('godrift.applyFix', { folder, fix: wish.fix });
        break;
      case 'undo':
        await commands.executeCommand('godrift.undo', { folder, id: wish.id });
        break;
      case 'accept':
        await commands.executeCommand('godrift.accept', { folder });
        break;
      case 'rollback': {
        const params: RollbackParams = { folder, ...(wish.snapshot ? { snapshot: wish.snapshot } : {}) };
        await commands.executeCommand('godrift.rollback', params);
      }
    }
    return undefined;
  }

  private async open(file: string, line: number): Promise<void> {
    try {
      const at = new Position(Math.max(line - 1, 0), 0);
      await window.showTextDocument(Uri.file(file), { selection: new Range(at, at) });
    } catch (error) {
      void window.showErrorMessage(reason(error));
    }
  }
}
