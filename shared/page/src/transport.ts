// What the page asks and whom: the monitor over HTTP, or the editor by messages. The sections know only this.
import type {
  AlertsDocument,
  MonitorActionDocument,
  PageQuestion,
  WatchedWorkspace,
} from '../../../extension/src/wire.gen';
import type { Change as Notice, State } from './live';

export type Question = PageQuestion;

/** One workspace that can be looked at: by its folder, or by the address of that. */
export interface Workspace extends WatchedWorkspace {
  /** Its folder, where that is not the root. */
  folder?: string;
}

/** What a button would do, or what it did. Its hash is sent back: only what was shown is done. */
export type Action = MonitorActionDocument;

/** What can be changed: what a fix mends, a fix taken back (0 is the last one), the present accepted, a state gone back to (the accepted one, if none is named). */
export type Wish =
  | { kind: 'fix'; fix: string }
  | { kind: 'undo'; id: number }
  | { kind: 'accept' }
  | { kind: 'rollback'; snapshot?: string };

export interface Listener {
  changed(changes: Notice[]): void;
  missed(): void;
  state(state: State): void;
}

export interface Transport {
  /** An editor shows this page: it asks before it changes something, opens files, and has no alerts. */
  readonly editor: boolean;
  workspaces(): Promise<Workspace[]>;
  ask<T>(root: string, question: Question): Promise<T>;
  alerts?(): Promise<AlertsDocument>;
  /** What a wish would do. */
  plan?(root: string, wish: Wish): Promise<Action>;
  /** Does what was shown. The editor shows it itself, asks, and says what it did. */
  carryOut(root: string, wish: Wish, hash: string): Promise<Action | undefined>;
  /** Shows a place in a file, where that can be done. */
  open?(file: string, line: number): void;
  listen(listener: Listener): void;
}

/** An error in words for people. */
export class Refusal extends Error {
  constructor(
    message: string,
    /** The HTTP status; 0 where there was no answer. */
    readonly status = 0,
  ) {
    super(message);
  }
}

/** An error as a sentence. */
export function words(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** What comes from the editor. */
export type ToPage =
  | { kind: 'answer'; id: number; answer?: unknown; error?: string }
  | { kind: 'changes'; changes: Notice[] }
  | { kind: 'state'; running: boolean }
  | { kind: 'show'; section: string };

/** What goes to it. */
export type FromPage =
  | { kind: 'ask'; id: number; root: string; question: Question }
  | { kind: 'workspaces'; id: number }
  | { kind: 'wish'; id: number; root: string; wish: Wish }
  | { kind: 'open'; file: string; line: number };
