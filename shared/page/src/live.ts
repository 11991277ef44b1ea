// How the page learns that something changed: by a WebSocket; where none can be had, by Server-Sent Events; where
// those cannot be had either, by asking from time to time. Nothing here needs a browser: the world is handed in.

import type { ChangesDocument, MonitorChange } from '../../../extension/src/wire.gen';

/** Something is not as it was. */
export type Change = MonitorChange;

/** The answer to the question what changed since. */
export type Changes = Pick<ChangesDocument, 'run' | 'seq' | 'changes'>;

/** How changes are learnt at the moment. */
export type Way = 'connecting' | 'live' | 'events' | 'polling' | 'offline';

export interface State {
  way: Way;
  /** Since when, in ms. */
  since: number;
}

/** An open line on which changes come. */
export interface Line {
  close(): void;
}

export interface Ears {
  opened(): void;
  told(text: string): void;
  /** The line is closed, or could never be opened. It is called once. */
  closed(): void;
}

/** What Live needs of the world. */
export interface World {
  socket(last: string, ears: Ears): Line;
  events(last: string, ears: Ears): Line;
  poll(run: string, after: number): Promise<Changes>;
  after(milliseconds: number, f: () => void): () => void;
  now(): number;
  hidden(): boolean;
}

export const pollEvery = 10_000;
/** How long a line may take to open. */
export const patience = 5000;
/** While changes come in a lesser way the better ones are tried again. */
export const upgradeEvery = 60_000;
const backoff = [500, 1000, 2000, 5000, 10_000, 20_000, 30_000];

export class Live {
  private state: State;
  private line: Line | undefined;
  private cancel = () => {};
  private failures = 0;
  private stopped = false;
  /** Counts attempts, so that nothing is heard of one that was given up. */
  private attempt = 0;
  /** Something may have been missed. */
  private gap = false;

  constructor(
    private readonly world: World,
    private run: string,
    private seq: number,
    private readonly tell: {
      changed(changes: Change[]): void;
      /** What happened meanwhile is not known: everything may be another. */
      missed(): void;
      state(state: State): void;
    },
  ) {
    this.state = { way: 'connecting', since: world.now() };
  }

  get current(): State {
    return this.state;
  }

  start(): void {
    this.connect('socket');
  }

  stop(): void {
    this.stopped = true;
    this.drop();
  }

  /** The page can be seen again: what a hidden page did not ask for is asked now. */
  shown(): void {
    if (this.state.way === 'polling' || this.state.way === 'offline') {
      this.drop();
      void this.poll(upgradeEvery);
    }
  }

  private drop(): void {
    this.attempt++;
    this.cancel();
    this.line?.close();
    this.line = undefined;
  }

  private become(way: Way): void {
    if (this.state.way === way) return;
    this.state = { way, since: this.world.now() };
    this.tell.state(this.state);
  }

  private get last(): string {
    return this.run === '' ? '' : `${this.run}-${this.seq}`;
  }

  private connect(kind: 'socket' | 'events'): void {
    if (this.stopped) return;
    this.drop();
    const attempt = this.attempt;
    let open = false;
    const mine = () => attempt === this.attempt;
    const lost = () => {
      if (!mine()) return;
      this.drop();
      if (!open) {
        if (kind === 'socket') this.connect('events');
        else void this.poll(upgradeEvery);
        return;
      }
      // A line that was open is opened again, after a while that grows.
      this.gap = true;
      this.become('connecting');
      const wait = backoff[Math.min(this.failures++, backoff.length - 1)] ?? 0;
      this.cancel = this.world.after(wait, () => this.connect('socket'));
    };
    const ears: Ears = {
      opened: () => {
        if (!mine()) return;
        open = true;
        this.cancel();
        this.become(kind === 'socket' ? 'live' : 'events');
        if (kind === 'events') this.cancel = this.world.after(upgradeEvery, () => this.connect('socket'));
        this.heal();
      },
      told: (text) => {
        if (!mine()) return;
        this.failures = 0;
        const change = parse(text);
        if (change) this.take([change]);
      },
      closed: lost,
    };
    this.cancel = this.world.after(patience, lost);
    try {
      this.line = kind === 'socket' ? this.world.socket(this.last, ears) : this.world.events(this.last, ears);
    } catch {
      lost(); // a policy of the browser forbids it
    }
  }

  /** Something may have happened while there was no line. */
  private heal(): void {
    if (!this.gap) return;
    this.gap = false;
    this.tell.missed();
  }

  private take(changes: Change[]): void {
    for (const change of changes) this.seq = Math.max(this.seq, change.seq);
    if (changes.length > 0) this.tell.changed(changes);
  }

  /** Asks from time to time, for as long as that; then a line is tried again. */
  private async poll(left: number): Promise<void> {
    const attempt = this.attempt;
    if (this.stopped) return;
    if (!this.world.hidden()) {
      try {
        const answer = await this.world.poll(this.run, this.seq);
        if (attempt !== this.attempt) return;
        const restarted = this.run !== '' && answer.run !== this.run;
        this.run = answer.run;
        this.become('polling');
        this.failures = 0;
        if (restarted) {
          this.gap = false;
          this.tell.missed();
        } else {
          this.heal();
          this.take(answer.changes);
        }
        this.seq = answer.seq;
      } catch {
        if (attempt !== this.attempt) return;
        this.gap = true;
        this.become('offline');
      }
    }
    if (this.state.way === 'offline') {
      const wait = backoff[Math.min(this.failures++, backoff.length - 1)] ?? 0;
      this.cancel = this.world.after(wait, () => this.connect('socket'));
      return;
    }
    this.become('polling');
    this.cancel = this.world.after(pollEvery, () => {
      if (left <= pollEvery && !this.world.hidden()) this.upgrade();
      else void this.poll(left - pollEvery);
    });
  }

  /** Tries for a line while polling goes on being what is shown, until there is one. */
  private upgrade(): void {
    this.connect('socket');
  }
}

function parse(text: string): Change | undefined {
  try {
    const change = JSON.parse(text) as Partial<Change>;
    if (typeof change.kind !== 'string' || typeof change.seq !== 'number') return undefined;
    return {
      kind: change.kind,
      seq: change.seq,
      ...(change.root === undefined ? {} : { root: change.root }),
    };
  } catch {
    return undefined;
  }
}

/** The state in words. */
export function stateText(state: State, clock: (at: number) => string): string {
  switch (state.way) {
    case 'connecting':
      return 'connecting …';
    case 'live':
      return 'live';
    case 'events':
      return 'live (events)';
    case 'polling':
      return `polling every ${pollEvery / 1000} s`;
    case 'offline':
      return `no connection since ${clock(state.since)}`;
  }
}
