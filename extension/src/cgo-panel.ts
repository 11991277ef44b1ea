import { type Disposable, type ExtensionContext, type Uri, type WebviewPanel, workspace } from 'vscode';
import { type CgoPage, pageOf } from '../../shared/page/src/cgo-grid';
import { openPage } from './page';
import { reason } from './reason';
import type { Session } from './session';
import type { CgoDocument, CgoParams } from './wire.gen';

/** The page with the grid of targets. There is one at most. */
export class CgoPanel implements Disposable {
  private panel: WebviewPanel | undefined;
  private folder: Uri | undefined;
  /** What is shown; a page that was hidden has forgotten it. */
  private shown: CgoPage | undefined;
  private asking = 0;

  constructor(
    private readonly context: ExtensionContext,
    private readonly session: Session,
  ) {}

  dispose(): void {
    this.panel?.dispose();
  }

  show(): void {
    this.folder = this.session.folder();
    if (this.panel) {
      this.panel.reveal();
      void this.look();
      return;
    }
    const panel = openPage(this.context, { name: 'cgo', title: 'C Code by Target', body });
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.shown = undefined;
    });
    panel.webview.onDidReceiveMessage((message: { kind?: string }) => {
      if (message.kind === 'ready' && this.shown) this.draw(this.shown);
      else if (message.kind === 'ready' || message.kind === 'look') void this.look();
    });
    this.panel = panel;
  }

  /** Asks and draws. What a newer question overtakes is not drawn. */
  private async look(): Promise<void> {
    const asked = ++this.asking;
    const why = this.nothing();
    if (why || !this.folder) {
      this.draw({ ...blank, empty: why });
      return;
    }
    const name = workspace.getWorkspaceFolder(this.folder)?.name ?? '';
    this.draw({ ...(this.shown ?? blank), folder: name, empty: '', busy: true });
    const params: CgoParams = { folder: this.folder.toString(), all: true };
    let page: CgoPage;
    try {
      page = pageOf(await this.session.request<CgoDocument>('godrift/cgo', params), name);
    } catch (error) {
      page = { ...blank, folder: name, empty: `The compilers cannot be looked at: ${reason(error)}` };
    }
    if (asked === this.asking) this.draw(page);
  }

  /** Why nothing can be shown; empty if something can. */
  private nothing(): string {
    if (!this.folder) return 'Open a folder to see for which targets C code can be built.';
    if (this.session.state.kind === 'running') return '';
    return 'The godrift server is not running.';
  }

  private draw(page: CgoPage): void {
    this.shown = page;
    void this.panel?.webview.postMessage({ kind: 'cgo', page });
  }
}

const blank: CgoPage = {
  folder: '',
  empty: '',
  busy: false,
  grid: { architectures: [], systems: [] },
  details: [],
  needs: '',
  fine: false,
  packages: [],
  picture: [],
};

/** The page. Everything that it tells comes later, as messages, and is set as text. */
const body = `<body>
<header>
<h1>For which targets C code can be built here</h1>
<button id="look" type="button">Look Again</button>
</header>
<p id="empty" role="status"></p>
<main id="main" hidden>
<p id="needs"></p>
<table id="grid"></table>
<p id="legend"></p>
<section id="detail" aria-live="polite" aria-label="The chosen target"></section>
<details id="more"><summary>What forces what here</summary><table id="picture"></table></details>
<table id="packages" aria-label="Packages that need cgo"></table>
</main>
</body>`;
