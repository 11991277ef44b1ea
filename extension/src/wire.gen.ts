// The wire between server and editor, as the Go structs of server/face/lsp/wire.go and server/tell say it.

/** A path on the wire is absolute; a folder or file URI is a string. */
export interface Counts {
  error: number;
  warning: number;
  info: number;
  hint: number;
}

export interface StatusStep {
  text: string;
  uri: string;
  line: number;
}

export interface StatusPin {
  source: string;
  raw: string;
  uri: string;
  line: number;
  path: string;
  agreed: boolean;
}

export interface StatusFix {
  id: string;
  title: string;
  kind: string;
  note: string;
  code: string;
  preferred: boolean;
}

export interface Status {
  folder: string;
  health: string;
  quiescent: boolean;
  message: string;
  selected: string;
  how: string;
  error: string;
  pinned: string;
  pinnedReason: string;
  drift: boolean;
  score: number;
  counts: Counts;
  trusted: boolean;
  steps: StatusStep[];
  pins: StatusPin[];
  fixes: StatusFix[];
}

export interface Settings {
  codeLens: boolean;
  inlayHints: boolean;
  logLevel: string;
}

export interface InitializeOptions {
  trusted: boolean;
  rulesDir: string;
  editorEnvironment: boolean;
  environment: Record<string, string>;
  clientCommands: string[];
  settings: Settings | null;
  watch: boolean | null;
}

export interface FolderParams {
  folder: string;
}

export interface WhyParams {
  uri: string;
}

export interface FixParams {
  folder: string;
  fix: string;
}

export interface UndoParams {
  folder: string;
  id: number;
}

export interface PlanResult {
  title: string;
  note: string;
  diff: string;
  commands: string[];
}

export interface ApplyResult {
  applied: boolean;
  id: number;
  message: string;
  files: string[];
  shell: string[];
}

export interface TrustParams {
  trusted: boolean;
}

export interface EnvironmentParams {
  name: string;
  folder: string;
  variables: Record<string, string>;
}

export interface SetEnvironmentParams {
  folder: string;
  set: Record<string, string>;
  unset: string[];
}

export interface SetEnvironmentResult {
  previous: Record<string, string | null>;
}

export interface Go {
  path: string;
  version: string;
  goroot: string;
  origin?: string;
  shim?: boolean;
}

export interface Step {
  text: string;
  file: string;
  line: number;
  layer: string;
}

export interface Pin {
  file: string;
  line: number;
  start: number;
  end: number;
  raw: string;
  source: string;
  role: string;
  meaning: string;
  version: string;
  extra?: Record<string, string>;
}

export interface Pinned {
  version: string;
  reason: string;
  pin: Pin | null;
}

export interface Layer {
  layer: string;
  value: string;
  file: string;
  line: number;
}

export interface Variable {
  value: string;
  layer: string;
  file: string;
  line: number;
  shadowed: Layer[];
}

export interface WhyDocument {
  schema: string;
  version: number;
  dir: string;
  go: Go | null;
  selected: string;
  goroot: string;
  how: string;
  error: string;
  loadError: string;
  steps: Step[];
  env: Record<string, Variable>;
  envError: string;
  pinned: Pinned;
  toolchains: Go[];
}
