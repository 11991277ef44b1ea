// The editor's environment as data: what the Go tools of this editor see, and how a variable is set for a workspace.

export type Variables = Record<string, string>;

/** What the Go extension's settings say that bears on which Go its tools run. */
export interface GoSettings {
  toolsEnvVars: Variables;
  goroot: string;
  /** alternateTools.go */
  alternateGo: string;
}

/** Replaces ${workspaceFolder} and ${env:NAME}, the two that the Go extension knows, and a leading ~. */
export function substitute(text: string, folder: string, environ: Variables): string {
  const replaced = text.replace(/\$\{(?:env:([^}]+)|workspaceFolder|workspaceRoot)\}/g, (_, name?: string) =>
    name === undefined ? folder : (environ[name] ?? ''),
  );
  return replaced.replace(/^~(?=$|[/\\])/, () => environ.HOME ?? environ.USERPROFILE ?? '~');
}

/** The environment in which the editor starts Go tools, as the Go extension makes it from its own and the settings. */
export function editorEnvironment(
  environ: NodeJS.ProcessEnv,
  settings: GoSettings,
  overrides: Variables,
  folder: string,
  separator: string,
): Variables {
  const out: Variables = {};
  for (const [name, value] of Object.entries(environ)) {
    if (value !== undefined) out[name] = value;
  }
  const base = { ...out };
  const goroot = substitute(settings.goroot, folder, base);
  const alternate = substitute(settings.alternateGo, folder, base);
  if (goroot !== '') out.GOROOT = goroot;
  const first = alternate !== '' ? directory(alternate) : goroot !== '' ? `${goroot}/bin` : '';
  const path = pathName(out);
  if (first !== '') out[path] = out[path] ? first + separator + out[path] : first;
  for (const [name, value] of Object.entries(settings.toolsEnvVars)) {
    out[name] = substitute(value, folder, base);
  }
  return { ...out, ...overrides };
}

/** Windows writes it "Path". */
function pathName(environ: Variables): string {
  return Object.keys(environ).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
}

/** The folder of a program named with one; a bare name is looked up on PATH and changes nothing. */
function directory(file: string): string {
  const end = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  return end < 0 ? '' : file.slice(0, Math.max(end, 1));
}

/** What is written for a workspace: the values, and the names among them that godrift put there. */
export interface Written {
  values: Variables;
  owned: string[];
}

/** One change of variables, and what follows from it. */
export interface Change {
  after: Written;
  /** What each variable was set to before, null if it was not. */
  previous: Record<string, string | null>;
  /** What terminals must do: a value to set, or null to leave the variable to whatever else sets it. */
  terminal: Record<string, string | null>;
}

/**
 * Sets and unsets variables for a workspace.
 *
 * To unset one that godrift set takes it away again. To unset any other writes an empty value over it: neither the
 * Go extension's setting nor a terminal's collection can remove a variable, and for the go command an empty one is
 * as good as none.
 */
export function change(before: Written, environ: NodeJS.ProcessEnv, set: Variables, unset: string[]): Change {
  const values = { ...before.values };
  const owned = new Set(before.owned);
  const previous: Change['previous'] = {};
  const terminal: Change['terminal'] = {};
  for (const [name, value] of Object.entries(set)) {
    previous[name] = values[name] ?? null;
    values[name] = value;
    terminal[name] = value;
    // A person's own entry stays theirs: taking the change back sets it to what it was.
    if (previous[name] === null) owned.add(name);
  }
  for (const name of unset) {
    const old = values[name];
    previous[name] = old ?? null;
    if (owned.delete(name)) {
      delete values[name];
      terminal[name] = null;
    } else if (old || environ[name]) {
      values[name] = '';
      terminal[name] = '';
      if (old === undefined) owned.add(name);
    } else {
      terminal[name] = null;
    }
  }
  return { after: { values, owned: [...owned].sort() }, previous, terminal };
}
