import { delimiter } from 'node:path';
import {
  ConfigurationTarget,
  type Disposable,
  type EnvironmentVariableCollection,
  EventEmitter,
  type ExtensionContext,
  extensions,
  MarkdownString,
  Uri,
  type WorkspaceFolder,
  workspace,
} from 'vscode';
import { change, editorEnvironment, type GoSettings, type Variables, type Written } from './environment';
import type { SetEnvironmentParams, SetEnvironmentResult } from './wire.gen';

const none: Written = { values: {}, owned: [] };

/** What this editor's Go tools and terminals see, and the hand that changes it for a workspace. */
export class EditorEnvironment implements Disposable {
  private readonly changed = new EventEmitter<void>();
  private readonly subscriptions: Disposable[];
  /** Fires when of() may answer differently. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly context: ExtensionContext) {
    this.subscriptions = [
      this.changed,
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('go')) this.changed.fire();
      }),
      extensions.onDidChange(() => this.changed.fire()),
    ];
    context.environmentVariableCollection.persistent = true;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** How often what new terminals get was changed. */
  terminalChanges = 0;

  /** What terminals opened in a folder get, whatever the start-up files of their shells say. */
  terminals(folder: WorkspaceFolder): Variables {
    const out: Variables = {};
    // Without it the editor sets variables before those files are read, and they win.
    if (workspace.getConfiguration('terminal.integrated').get('shellIntegration.enabled') === false)
      return out;
    for (const [name, { value }] of this.collection(folder)) out[name] = value;
    return out;
  }

  /** The environment in which Go tools run in a folder. */
  of(folder: WorkspaceFolder | undefined): Variables {
    const kept = goExtension() ? {} : this.kept(folder).values;
    return editorEnvironment(process.env, settings(folder), kept, folder?.uri.fsPath ?? '', delimiter);
  }

  /** Sets and unsets variables for the Go tools and the terminals of a folder. */
  async set(params: SetEnvironmentParams): Promise<SetEnvironmentResult> {
    if (!workspace.isTrusted) {
      throw new Error('this folder is not trusted, so its settings are left alone; trust it and try again');
    }
    const folder =
      params.folder === ''
        ? workspace.workspaceFolders?.[0]
        : workspace.getWorkspaceFolder(Uri.parse(params.folder));
    if (!folder) throw new Error(`${params.folder} is not open in this window; open it and try again`);
    const kept = this.kept(folder);
    const before = goExtension() ? { ...kept, values: toolsEnvVars(folder) } : kept;
    const { after, previous, terminal } = change(before, process.env, params.set ?? {}, params.unset ?? []);
    if (goExtension()) {
      const value = Object.keys(after.values).length > 0 ? after.values : undefined;
      await workspace.getConfiguration('go', folder).update('toolsEnvVars', value, target());
      await this.keep(folder, { ...none, owned: after.owned });
    } else {
      await this.keep(folder, after);
    }
    this.setTerminals(folder, terminal);
    this.changed.fire();
    return { previous };
  }

  private setTerminals(folder: WorkspaceFolder, variables: Record<string, string | null>): void {
    const collection = this.collection(folder);
    for (const [name, value] of Object.entries(variables)) {
      if (value === null) collection.delete(name);
      else collection.replace(name, value, { applyAtProcessCreation: true, applyAtShellIntegration: true });
    }
    this.terminalChanges++;
    const lines: string[] = [];
    collection.forEach((name, mutator) => {
      lines.push(`\`${name}=${mutator.value}\``);
    });
    const text = `godrift sets ${lines.join(', ')} for this workspace.`;
    collection.description = lines.length > 0 ? new MarkdownString(text) : undefined;
  }

  private collection(folder: WorkspaceFolder): EnvironmentVariableCollection {
    const several = (workspace.workspaceFolders?.length ?? 0) > 1;
    const all = this.context.environmentVariableCollection;
    return several ? all.getScoped({ workspaceFolder: folder }) : all;
  }

  private kept(folder: WorkspaceFolder | undefined): Written {
    return folder ? this.context.workspaceState.get<Written>(key(folder), none) : none;
  }

  private async keep(folder: WorkspaceFolder, written: Written): Promise<void> {
    await this.context.workspaceState.update(key(folder), written);
  }
}

const key = (folder: WorkspaceFolder) => `environment ${folder.uri.toString()}`;

/** In a single folder both targets are the same file; only a workspace of several folders tells them apart. */
const target = () =>
  (workspace.workspaceFolders?.length ?? 0) > 1
    ? ConfigurationTarget.WorkspaceFolder
    : ConfigurationTarget.Workspace;

const goExtension = () => extensions.getExtension('golang.go') !== undefined;

/** The workspace's own entries of go.toolsEnvVars: those that set() may change. */
function toolsEnvVars(folder: WorkspaceFolder): Variables {
  const found = workspace.getConfiguration('go', folder).inspect<Variables>('toolsEnvVars');
  const values =
    target() === ConfigurationTarget.WorkspaceFolder ? found?.workspaceFolderValue : found?.workspaceValue;
  return { ...values };
}

/** The Go extension's settings in a folder. Those of a folder that is not trusted count for nothing. */
function settings(folder: WorkspaceFolder | undefined): GoSettings {
  if (!goExtension()) return { toolsEnvVars: {}, goroot: '', alternateGo: '' };
  const config = workspace.getConfiguration('go', folder);
  const get = <T>(name: string): T | undefined =>
    workspace.isTrusted ? (config.get<T>(name) ?? undefined) : config.inspect<T>(name)?.globalValue;
  return {
    toolsEnvVars: get<Variables>('toolsEnvVars') ?? {},
    goroot: get<string>('goroot') ?? '',
    alternateGo: get<Variables>('alternateTools')?.go ?? '',
  };
}
