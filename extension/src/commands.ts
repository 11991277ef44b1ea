import {
  commands,
  type ExtensionContext,
  env,
  Position,
  type QuickPickItem,
  QuickPickItemKind,
  Range,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { CacheView } from './cache-view';
import type { HistoryNode } from './history';
import type { HistoryView } from './history-view';
import type { PagePanel } from './page-panel';
import { planText } from './plan';
import { reason } from './reason';
import type { Session } from './session';
import { fixTitle, statusItem } from './status';
import type { WhyView } from './why-view';
import type {
  ApplyResult,
  FixParams,
  PlanResult,
  Status,
  StatusFix,
  UndoParams,
  WhyParams,
} from './wire.gen';

interface Choice extends QuickPickItem {
  run?: () => unknown;
}

/** The views that commands show. */
export interface Views {
  why: WhyView;
  history: HistoryView;
  cache: CacheView;
  page: PagePanel;
}

/** Registers the commands. Each tells its own failure. */
export function registerCommands(context: ExtensionContext, session: Session, views: Views): void {
  const actions = new Actions(session, views.why);
  const all: Record<string, (...args: never[]) => unknown> = {
    'godrift.explain': (params?: WhyParams) => actions.explain(params),
    'godrift.switchToolchain': () => actions.switchToolchain(),
    'godrift.check': () => actions.check(),
    'godrift.undo': (params?: UndoParams) => actions.undo(params),
    'godrift.showOutput': () => session.output.show(true),
    'godrift.restart': () => session.restart(),
    'godrift.menu': () => actions.menu(),
    'godrift.applyFix': (params: FixParams) => actions.applyFix(params),
    'godrift.showPage': () => views.page.show(),
    'godrift.showTimeline': () => views.page.show('timeline'),
    'godrift.showCgo': () => views.page.show('cgo'),
    'godrift.showOlder': () => views.history.showOlder(),
    'godrift.compareWithNow': (node?: HistoryNode) => views.history.compareWithNow(node),
    'godrift.cacheVerify': () => views.cache.verify(),
    'godrift.cacheTrim': () => views.cache.trim(),
    'godrift.cacheSwitch': () => views.cache.switch(),
    'godrift.cacheGc': () => views.cache.collect(),
    'godrift.cacheRefresh': () => views.cache.refresh(),
    'godrift.rollBackTo': (node?: HistoryNode) => views.history.rollBackTo(node),
    'godrift.openAt': (uri: string, line: number) => actions.openAt(uri, line),
  };
  for (const [name, run] of Object.entries(all)) {
    const guarded = async (...args: never[]) => {
      try {
        return await run(...args);
      } catch (error) {
        session.output.error(`${name}: ${reason(error)}`);
        void window.showErrorMessage(reason(error));
        return undefined;
      }
    };
    context.subscriptions.push(commands.registerCommand(name, guarded));
  }
  announce(context, session);
}

/** Keeps the context keys of the manifest, and says once when the server cannot start. */
function announce(context: ExtensionContext, session: Session): void {
  let told = '';
  const look = async () => {
    const { state } = session;
    const known = state.kind === 'running' && session.status() !== undefined;
    void commands.executeCommand('setContext', 'godrift.active', true);
    void commands.executeCommand('setContext', 'godrift.state', known ? 'known' : state.kind);
    if (state.kind !== 'failed') {
      if (state.kind === 'running') told = '';
      return;
    }
    if (told === state.message) return;
    told = state.message;
    const choice = await window.showErrorMessage(
      `The godrift server is not running. ${state.message}`,
      'Retry',
      'Show Output',
      'Open Settings',
    );
    if (choice === 'Retry') {
      told = '';
      await session.restart();
    } else if (choice === 'Show Output') session.output.show(true);
    else if (choice === 'Open Settings') {
      await commands.executeCommand('workbench.action.openSettings', 'godrift.server.path');
    }
  };
  context.subscriptions.push(session.onDidChange(look));
  void look();
}

class Actions {
  constructor(
    private readonly session: Session,
    private readonly why: WhyView,
  ) {}

  async explain(params?: WhyParams): Promise<void> {
    await this.why.show(params?.uri ? Uri.parse(params.uri) : undefined);
  }

  async check(): Promise<void> {
    await this.session.request<Status>('godrift/refresh', { folder: this.folder() });
  }

  /** Offers what makes the agreed Go run, and what accepts the one that runs. */
  async switchToolchain(): Promise<void> {
    const status = this.status();
    const fixes = status?.fixes.filter((fix) => fix.code.startsWith('toolchain-')) ?? [];
    if (!status || fixes.length === 0) {
      const said = status
        ? statusItem(this.session.state, status).label
        : 'Nothing is known about this folder yet.';
      void window.showInformationMessage(`There is nothing to switch. ${said}`);
      return;
    }
    const choices = fixes.map((fix) => this.fixChoice(status, fix));
    await pick(choices, `${status.message}`);
  }

  /** What a click on the status bar item offers. */
  async menu(): Promise<void> {
    const status = this.status();
    const choices: Choice[] = [];
    if (this.session.state.kind === 'running' && status) {
      const [repair, accept] = [
        status.fixes.filter((fix) => fix.kind === 'repair'),
        status.fixes.filter((fix) => fix.kind !== 'repair'),
      ];
      choices.push(
        ...section(
          'Put it right',
          repair.map((fix) => this.fixChoice(status, fix)),
        ),
      );
      choices.push(
        ...section(
          'Accept it',
          accept.map((fix) => this.fixChoice(status, fix)),
        ),
      );
    }
    choices.push(
      ...section('godrift', [
        { label: '$(question) Why this Go', run: () => this.explain() },
        { label: '$(dashboard) Overview', run: () => commands.executeCommand('godrift.showPage') },
        { label: '$(history) Timeline', run: () => commands.executeCommand('godrift.showTimeline') },
        { label: '$(refresh) Check Now', run: () => commands.executeCommand('godrift.check') },
        { label: '$(discard) Undo Last Fix', run: () => commands.executeCommand('godrift.undo') },
        { label: '$(output) Show Output', run: () => this.session.output.show(true) },
        { label: '$(debug-restart) Restart Server', run: () => this.session.restart() },
      ]),
    );
    await pick(choices, status?.message ?? 'godrift');
  }

  /** Shows what a fix would change, asks, and carries it out. */
  async applyFix(params: FixParams): Promise<void> {
    const plan = await this.session.request<PlanResult>('godrift/plan', params);
    const apply = 'Apply';
    const detail = planText(plan);
    if ((await window.showInformationMessage(plan.title, { modal: true, detail }, apply)) !== apply) return;
    await this.saved();
    const { terminalChanges } = this.session.environment;
    const result = await this.session.request<ApplyResult>('godrift/apply', params);
    this.done(result, params.folder, this.session.environment.terminalChanges !== terminalChanges);
  }

  async undo(params?: UndoParams): Promise<void> {
    const asked = params ?? { folder: this.folder(), id: 0 };
    this.done(await this.session.request<ApplyResult>('godrift/undo', asked), undefined);
  }

  async openAt(uri: string, line: number): Promise<void> {
    const at = new Position(Math.max(line - 1, 0), 0);
    await window.showTextDocument(Uri.parse(uri), { selection: new Range(at, at) });
  }

  private done(result: ApplyResult, undoIn: string | undefined, terminals = false): void {
    if (result.shell?.length > 0)
      this.session.output.info(`To run in open shells: ${result.shell.join('; ')}`);
    const shell = result.shell?.length > 0 ? ` In shells already open run: ${result.shell.join('; ')}` : '';
    const [copy, undo, open] = ['Copy', 'Undo', 'Open Terminal'];
    const offered = [
      ...(shell !== '' ? [copy] : []),
      ...(undoIn !== undefined && result.id !== 0 ? [undo] : []),
      // A terminal that is open keeps what it has.
      ...(terminals && window.terminals.length > 0 ? [open] : []),
    ];
    // Not awaited: the command is done when the change is.
    void window.showInformationMessage(`${result.message}${shell}`, ...offered).then((choice) => {
      if (choice === copy) void env.clipboard.writeText(result.shell.join('\n'));
      if (choice === undo) void commands.executeCommand('godrift.undo', { folder: undoIn, id: result.id });
      if (choice === open) void commands.executeCommand('workbench.action.terminal.new');
    });
  }

  /** A fix works on the files on disk: unsaved text of the files that decide would be overtaken. */
  private async saved(): Promise<void> {
    const names = /(^|[/\\])(go\.mod|go\.work|\.go-version|godrift\.toml)$/;
    const dirty = workspace.textDocuments.filter((doc) => doc.isDirty && names.test(doc.fileName));
    for (const doc of dirty) {
      if (!(await doc.save())) throw new Error(`${doc.fileName} could not be saved; save it and try again`);
    }
  }

  private fixChoice(status: Status, fix: StatusFix): Choice {
    const icon = fix.kind === 'repair' ? '$(wrench)' : '$(check)';
    const { label, detail } = fixTitle(fix);
    const more = [detail, fix.note].filter((text) => text !== '').join('. ');
    return {
      label: `${icon} ${label}`,
      description: [fix.code, fix.where].filter(Boolean).join(' · '),
      ...(more !== '' ? { detail: more } : {}),
      run: () => commands.executeCommand('godrift.applyFix', { folder: status.folder, fix: fix.id }),
    };
  }

  private status(): Status | undefined {
    return this.session.status(window.activeTextEditor?.document.uri);
  }

  private folder(): string {
    return this.status()?.folder ?? '';
  }
}

const section = (label: string, choices: Choice[]): Choice[] =>
  choices.length > 0 ? [{ label, kind: QuickPickItemKind.Separator }, ...choices] : [];

async function pick(choices: Choice[], title: string): Promise<void> {
  const choice = await window.showQuickPick(choices, { title, matchOnDescription: true });
  await choice?.run?.();
}
