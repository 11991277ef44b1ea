import type { ChildProcess } from 'node:child_process';
import {
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  type Terminal,
  Uri,
  window,
  workspace,
} from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from 'vscode-languageclient/node';
import { selected } from './documents';
import type { EditorEnvironment } from './editor-environment';
import { reason } from './reason';
import { type Server, StartError, serverPath, startServer } from './server';
import { terminalEnvironment } from './terminals';
import type { EnvironmentParams, InitializeOptions, SetEnvironmentParams, Status } from './wire.gen';

/** The commands of the server that are carried out here, with the editor's own dialogs and views. */
const clientCommands = ['godrift.applyFix', 'godrift.undo', 'godrift.explain'];

/** After this many deaths of the server in this time it is left alone. */
const maxRestarts = 4;
const restartWindow = 3 * 60_000;

export type State =
  | { kind: 'starting' }
  | { kind: 'running' }
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string };

/** The client library announces failures in words of its own; here the session does that, once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** The connection to the server: starts it, starts it again, and keeps what it last said. */
export class Session implements Disposable {
  private readonly subscriptions: Disposable[] = [];
  private readonly changed = new EventEmitter<void>();
  private readonly remembered = new EventEmitter<void>();
  private readonly statuses = new Map<string, Status>();
  private readonly sent = new Map<string, string>();
  private readonly deaths: number[] = [];
  private client: QuietClient | undefined;
  private server: Server | undefined;
  private current: State = { kind: 'stopped' };

  readonly output: LogOutputChannel;
  /** Fires when state or a status changed. */
  readonly onDidChange = this.changed.event;
  /** Fires when there is something new in the history of a folder. */
  readonly onDidRemember = this.remembered.event;

  constructor(
    private readonly context: ExtensionContext,
    readonly environment: EditorEnvironment,
  ) {
    this.output = window.createOutputChannel('godrift', { log: true });
    this.subscriptions.push(
      this.output,
      this.changed,
      this.remembered,
      environment.onDidChange(() => this.sendEnvironments()),
      workspace.onDidChangeWorkspaceFolders(() => this.sendEnvironments()),
      window.onDidOpenTerminal((terminal) => this.sendTerminal(terminal)),
      window.onDidCloseTerminal((terminal) => this.sendTerminal(terminal, true)),
      workspace.onDidGrantWorkspaceTrust(() => this.trusted()),
      workspace.onDidChangeConfiguration(async (event) => {
        if (event.affectsConfiguration('godrift.server.path')) await this.restart();
      }),
    );
  }

  get state(): State {
    return this.current;
  }

  /** The status of the folder that the uri is in; without one, or outside all folders, of the first. */
  status(uri?: Uri): Status | undefined {
    const folder = (uri && workspace.getWorkspaceFolder(uri)) ?? workspace.workspaceFolders?.[0];
    return folder && this.statuses.get(folder.uri.toString());
  }

  /** The folder of the active editor, else the first. */
  folder(): Uri | undefined {
    const active = window.activeTextEditor?.document.uri;
    const inside = active && workspace.getWorkspaceFolder(active);
    return (inside ?? workspace.workspaceFolders?.[0])?.uri;
  }

  /** Asks the server. */
  request<T>(method: string, params: object): Promise<T> {
    if (!this.client || this.current.kind !== 'running') {
      return Promise.reject(new Error('the godrift server is not running; restart it and try again'));
    }
    return this.client.sendRequest<T>(method, params);
  }

  async start(): Promise<void> {
    this.become({ kind: 'starting' });
    const client = this.newClient();
    this.client = client;
    try {
      await client.start();
      if (this.client !== client) return;
      this.become({ kind: 'running' });
      this.sendEnvironments();
      for (const terminal of window.terminals) void this.sendTerminal(terminal);
    } catch (error) {
      if (this.client !== client) return;
      // Killed while it started is a death like any other; one that ends by itself would do it again.
      if (this.server?.process.signalCode) this.restartAfterDeath();
      else this.fail(this.startFailure(error));
    }
  }

  async stop(): Promise<void> {
    const { client, server } = this;
    this.client = undefined;
    this.server = undefined;
    this.statuses.clear();
    this.sent.clear();
    this.become({ kind: 'stopped' });
    try {
      await client?.stop();
    } catch {
      // It had not started, or does not answer.
      server?.process.kill();
    }
    await client?.dispose().catch(() => undefined);
  }

  async restart(): Promise<void> {
    this.deaths.length = 0;
    await this.stop();
    await this.start();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private newClient(): QuietClient {
    const setting = workspace.getConfiguration('godrift').get<string>('server.path', '').trim();
    const root = this.context.extensionPath;
    const file = serverPath(setting, root, process.platform);
    const server = async (): Promise<ChildProcess> => {
      this.server = await startServer(file, setting !== '', root, this.output);
      return this.server.process;
    };
    const client: QuietClient = new QuietClient(
      'godrift',
      'godrift',
      server,
      this.clientOptions(() => client),
    );
    client.onNotification('godrift/status', (status: Status) => {
      if (this.client !== client) return;
      this.statuses.set(Uri.parse(status.folder).toString(), status);
      this.changed.fire();
    });
    client.onNotification('godrift/historyChanged', () => {
      if (this.client === client) this.remembered.fire();
    });
    client.onRequest('godrift/setEnvironment', (params: SetEnvironmentParams) =>
      this.environment.set(params),
    );
    return client;
  }

  private clientOptions(client: () => QuietClient): LanguageClientOptions {
    return {
      documentSelector: selected.map((pattern) => ({ scheme: 'file', pattern })),
      initializationOptions: () => this.initializeOptions(),
      synchronize: { configurationSection: 'godrift' },
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticCollectionName: 'godrift',
      markdown: { isTrusted: false, supportHtml: false },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          this.died(client());
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    };
  }

  private initializeOptions(): InitializeOptions {
    const config = workspace.getConfiguration('godrift');
    return {
      trusted: workspace.isTrusted,
      rulesDir: this.context.asAbsolutePath('shared/rules'),
      editorEnvironment: true,
      environment: this.environment.of(workspace.workspaceFolders?.[0]),
      clientCommands,
      settings: {
        codeLens: config.get('codeLens', true),
        inlayHints: config.get('inlayHints', true),
        loginShell: config.get('loginShell', true),
        logLevel: config.get('logLevel', 'info'),
      },
      push: true,
      watch: true,
    };
  }

  /** The connection was lost although nobody asked for it. */
  private died(client: QuietClient): void {
    if (this.client !== client || this.current.kind !== 'running') return; // start() tells of failed starts
    this.restartAfterDeath();
  }

  private restartAfterDeath(): void {
    this.statuses.clear();
    this.sent.clear();
    const now = Date.now();
    this.deaths.push(now);
    while (this.deaths.length > 0 && (this.deaths[0] ?? now) < now - restartWindow) this.deaths.shift();
    if (this.deaths.length > maxRestarts) {
      this.fail(`It ended ${this.deaths.length} times within ${restartWindow / 60_000} minutes.`);
      return;
    }
    this.output.warn('The server ended unexpectedly; starting it again.');
    void this.start();
  }

  private startFailure(error: unknown): string {
    if (error instanceof StartError) return error.message;
    const { process: child, lastWords } = this.server ?? {};
    if (!child || child.exitCode === null) return reason(error);
    const said = lastWords ? ` Its last words: ${lastWords}` : '';
    return `${child.spawnfile} ended with code ${child.exitCode} instead of starting.${said}`;
  }

  private fail(message: string): void {
    this.output.error(message);
    this.become({ kind: 'failed', message });
  }

  private become(state: State): void {
    this.current = state;
    this.changed.fire();
  }

  private trusted(): void {
    void this.client?.sendNotification('godrift/trust', { trusted: true });
    this.sendEnvironments();
  }

  /** Tells the server each folder's environment, unless it knows. */
  private sendEnvironments(): void {
    if (!this.client || this.current.kind !== 'running') return;
    for (const folder of workspace.workspaceFolders ?? []) {
      const uri = folder.uri.toString();
      const report = {
        name: 'editor',
        folder: uri,
        variables: this.environment.of(folder),
        terminals: this.environment.terminals(folder),
      };
      const text = JSON.stringify(report);
      if (this.sent.get(uri) === text) continue;
      this.sent.set(uri, text);
      this.report(report);
    }
  }

  private async sendTerminal(terminal: Terminal, closed = false): Promise<void> {
    const environment = await terminalEnvironment(terminal, closed);
    if (environment) this.report(environment);
  }

  private report(environment: EnvironmentParams): void {
    if (this.current.kind === 'running') {
      void this.client?.sendNotification('godrift/environment', environment);
    }
  }
}
