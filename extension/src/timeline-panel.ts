import { type Disposable, type ExtensionContext, type Uri, type WebviewPanel, workspace } from 'vscode';
import {
  causeText,
  changeText,
  clock,
  environmentText,
  factText,
  ordered,
  summary,
  valueText,
} from './moments';
import { openPage } from './page';
import { reason } from './reason';
import type { Records } from './records';
import type { Session } from './session';
import { type Detail, type Timeline, tracks } from './timeline';
import type { HistoryParams, LogDocument, Moment, SnapshotParams, SnapshotResult } from './wire.gen';

/** No more moments than this are drawn, and of one not more changes are listed. */
const most = 10_000;
const mostChanges = 200;
const page = 1000;

const words = { summary, cause: causeText, environment: environmentText };

/** The page with the pictures of the history. There is one at most. */
export class TimelinePanel implements Disposable {
  private readonly subscriptions: Disposable[];
  private panel: WebviewPanel | undefined;
  private folder: Uri | undefined;
  private moments: Moment[] = [];
  /** What was drawn last: nothing is asked for again as long as that is the newest. */
  private drawn = '';
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: ExtensionContext,
    private readonly session: Session,
    private readonly records: Records,
  ) {
    const look = () => this.refresh();
    this.subscriptions = [
      session.onDidChange(look),
      session.onDidRemember(look),
      workspace.onDidGrantWorkspaceTrust(look),
    ];
  }

  dispose(): void {
    this.panel?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  show(): void {
    this.folder = this.session.folder();
    if (this.panel) {
      this.panel.reveal();
      this.refresh();
      return;
    }
    const panel = openPage(this.context, { name: 'timeline', title: 'Go Timeline', body });
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    panel.webview.onDidReceiveMessage((message: { kind?: string; id?: number }) => this.heard(message));
    this.panel = panel;
  }

  private async heard(message: { kind?: string; id?: number }): Promise<void> {
    if (message.kind === 'ready') {
      this.drawn = ''; // the page was hidden, and has forgotten everything
      this.refresh();
      return;
    }
    const moment = this.moments.find((m) => m.id === message.id);
    if (!moment || !this.folder) return;
    if (message.kind === 'detail') {
      void this.panel?.webview.postMessage({ kind: 'detail', detail: detailOf(moment) });
    } else if (message.kind === 'compare') {
      await this.records.compareWithNow(this.folder, moment.after, Date.parse(moment.time));
    }
  }

  /** Reads and draws; one after the other, so that the last word is the newest. */
  private refresh(): void {
    if (!this.panel) return;
    this.reading = this.reading.then(async () => {
      try {
        await this.read();
      } catch (error) {
        this.drawn = '';
        this.draw({ empty: `The history cannot be read: ${reason(error)}` });
      }
    });
  }

  private async read(): Promise<void> {
    if (!this.panel) return;
    this.folder ??= this.session.folder();
    const why = this.nothing();
    if (why || !this.folder) {
      this.drawn = '';
      this.draw({ empty: why });
      return;
    }
    const params: HistoryParams = { folder: this.folder.toString(), limit: 1 };
    const ask = (more: HistoryParams) => this.session.request<LogDocument>('godrift/history', more);
    const newest = (await ask(params)).moments[0];
    const state = `${params.folder} ${newest?.id}`;
    if (state === this.drawn) return;
    const moments: Moment[] = [];
    let more = newest !== undefined;
    while (more && moments.length < most) {
      const before = moments.at(-1)?.id;
      const log = await ask({ ...params, limit: page, ...(before === undefined ? {} : { before }) });
      moments.push(...log.moments);
      more = log.more && log.moments.length > 0;
    }
    this.moments = moments;
    const now = Date.now();
    const empty = moments.length > 0 ? '' : 'Nothing is remembered of this folder yet.';
    this.draw({ tracks: tracks(moments, await this.newest(moments), now, words), now, more, empty });
    this.drawn = state;
  }

  /** The facts of the newest moment of each environment. */
  private async newest(moments: Moment[]): Promise<Map<string, Record<string, string>>> {
    const out = new Map<string, Record<string, string>>();
    for (const { of, after } of moments) {
      if (out.has(of)) continue;
      const params: SnapshotParams = { folder: this.folder?.toString() ?? '', name: after };
      out.set(of, (await this.session.request<SnapshotResult>('godrift/snapshot', params)).values);
    }
    return out;
  }

  /** Why nothing can be shown; empty if something can. */
  private nothing(): string {
    if (!workspace.isTrusted) {
      return 'Nothing is remembered of a folder that is not trusted. Trust this folder to see its history.';
    }
    if (!this.folder) return 'Open a folder to see its history.';
    if (this.session.state.kind === 'running') return '';
    return 'The godrift server is not running, so the history cannot be read.';
  }

  private draw(what: Partial<Timeline>): void {
    const folder = this.folder ? (workspace.getWorkspaceFolder(this.folder)?.name ?? '') : '';
    const timeline: Timeline = { folder, now: Date.now(), tracks: [], more: false, empty: '', ...what };
    void this.panel?.webview.postMessage({ kind: 'timeline', timeline });
  }
}

function detailOf(moment: Moment): Detail {
  const changes = ordered(moment.changes);
  const side = (value: string, layer: string) =>
    layer ? `${valueText(value)} (${layer})` : valueText(value);
  return {
    id: moment.id,
    time: clock(Date.parse(moment.time)),
    title: summary(moment),
    cause: causeText(moment),
    by: `seen by ${moment.by.name || moment.by.kind}`,
    changes: changes.slice(0, mostChanges).map((change) => ({
      what: factText(change.key),
      old: change.kind === 'added' ? '' : side(change.old, change.oldLayer),
      new: change.secret
        ? changeText(change)
        : change.kind === 'removed'
          ? ''
          : side(change.new, change.newLayer),
    })),
    left: Math.max(changes.length - mostChanges, 0),
  };
}

/** The page. Everything that it tells comes later, as messages, and is set as text. */
const body = `<body class="nothing">
<header>
<h1 id="title">Go Timeline</h1>
<label class="alone">Environment of <select id="whose"></select></label>
<div id="bar" role="group" aria-label="How much time is shown"></div>
</header>
<p id="empty" role="status"></p>
<div id="chart"><svg id="picture"></svg></div>
<p id="note"></p>
<section id="detail" aria-live="polite" aria-label="The chosen change"></section>
<div id="tip" role="tooltip" hidden></div>
</body>`;
