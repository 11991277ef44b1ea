import { describe, expect, test } from 'vitest';
import {
  type Changes,
  type Ears,
  Live,
  patience,
  pollEvery,
  type State,
  stateText,
  upgradeEvery,
} from '../../../shared/page/src/live';

/** A world in which nothing happens by itself. */
class Stage {
  time = 0;
  isHidden = false;
  /** What may be had at the moment. */
  sockets = true;
  sources = true;
  /** A line neither opens nor closes. */
  mute = false;
  answers = true;
  run = 'r1';
  seq = 0;
  news: Changes['changes'] = [];
  readonly tried: string[] = [];
  readonly told: string[] = [];
  line: { ears: Ears; kind: string } | undefined;
  private timers: { at: number; f: () => void }[] = [];
  readonly live: Live;

  constructor() {
    const line = (kind: string, may: () => boolean) => (last: string, ears: Ears) => {
      this.tried.push(`${kind} ${last}`);
      if (this.mute) return { close: () => {} };
      if (may()) {
        this.line = { ears, kind };
        queueMicrotask(() => ears.opened());
      } else queueMicrotask(() => ears.closed());
      return {
        close: () => {
          if (this.line?.ears === ears) this.line = undefined;
        },
      };
    };
    this.live = new Live(
      {
        socket: line('socket', () => this.sockets),
        events: line('events', () => this.sources),
        poll: async (run, after) => {
          this.tried.push(`poll ${run} ${after}`);
          if (!this.answers) throw new Error('nobody is there');
          const changes = run === this.run ? this.news.filter((c) => c.seq > after) : this.news;
          return { run: this.run, seq: this.seq, changes };
        },
        after: (ms, f) => {
          const timer = { at: this.time + ms, f };
          this.timers.push(timer);
          return () => {
            this.timers = this.timers.filter((one) => one !== timer);
          };
        },
        now: () => this.time,
        hidden: () => this.isHidden,
      },
      'r1',
      0,
      {
        changed: (changes) =>
          this.told.push(changes.map((c) => `${c.kind} ${c.root ?? ''}${c.seq}`).join(' ')),
        missed: () => this.told.push('missed'),
        state: (state: State) => this.told.push(`[${state.way}]`),
      },
    );
  }

  /** Lets time go by, timer after timer. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settled();
      const next = this.timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.time = next.at;
      this.timers = this.timers.filter((one) => one !== next);
      next.f();
    }
    this.time = end;
    await settled();
  }

  happen(kind: string): void {
    const change = { kind, root: '/w', seq: ++this.seq };
    this.news.push(change);
    this.line?.ears.told(JSON.stringify(change));
  }

  /** What was told since the last look. */
  heard(): string[] {
    return this.told.splice(0);
  }
}

const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe('Live', () => {
  test('takes a WebSocket where there is one, and hears by it', async () => {
    const s = new Stage();
    s.live.start();
    await s.pass(0);
    s.happen('changed');
    expect(s.heard()).toEqual(['[live]', 'changed /w1']);
    expect(s.tried).toEqual(['socket r1-0']);
  });

  test('falls back to events, then to polling, and climbs up again', async () => {
    const s = new Stage();
    s.sockets = false;
    s.live.start();
    await s.pass(0);
    s.happen('changed');
    expect(s.heard()).toEqual(['[events]', 'changed /w1']);
    s.sources = false;
    s.line?.ears.closed();
    await s.pass(1000);
    expect(s.heard()).toEqual(['[connecting]', '[polling]', 'missed']);
    s.happen('alerts');
    await s.pass(pollEvery);
    expect(s.heard()).toEqual(['alerts /w2']);
    s.sockets = true;
    await s.pass(upgradeEvery);
    expect(s.heard()).toEqual(['[live]']);
    expect(s.tried.at(-1)).toBe('socket r1-2');
  });

  test('a socket that never opens is given up', async () => {
    const s = new Stage();
    s.mute = true;
    s.live.start();
    await s.pass(patience - 1);
    expect(s.heard()).toEqual([]);
    s.mute = false;
    await s.pass(1);
    expect(s.heard()).toEqual(['[events]']);
  });

  test('a line that breaks is opened again, slower and slower, and what was missed is asked for', async () => {
    const s = new Stage();
    s.live.start();
    await s.pass(0);
    s.heard();
    for (let i = 0; i < 3; i++) {
      s.line?.ears.closed();
      await s.pass(2000);
    }
    expect(s.heard()).toEqual([
      '[connecting]',
      '[live]',
      'missed',
      '[connecting]',
      '[live]',
      'missed',
      '[connecting]',
      '[live]',
      'missed',
    ]);
    s.line?.ears.closed();
    const before = s.tried.length;
    await s.pass(1999 + 3000 - 1);
    expect(s.tried.length).toBe(before);
  });

  test('says since when nobody answers, and comes back by itself', async () => {
    const s = new Stage();
    s.live.start();
    await s.pass(0);
    s.sockets = false;
    s.sources = false;
    s.answers = false;
    s.time = 5000;
    s.line?.ears.closed();
    await s.pass(1000);
    expect(s.heard()).toEqual(['[live]', '[connecting]', '[offline]']);
    expect(s.live.current.way).toBe('offline');
    expect(stateText(s.live.current, (at) => String(at))).toBe('no connection since 5500');
    s.sockets = true;
    await s.pass(60_000);
    expect(s.heard()).toEqual(['[live]', 'missed']);
  });

  test('a page that nobody sees does not poll, and asks at once when it is seen', async () => {
    const s = new Stage();
    s.sockets = false;
    s.sources = false;
    s.live.start();
    await s.pass(0);
    s.isHidden = true;
    const before = s.tried.length;
    await s.pass(10 * pollEvery);
    expect(s.tried.length).toBe(before);
    s.happen('changed');
    s.isHidden = false;
    s.live.shown();
    await s.pass(0);
    expect(s.heard()).toEqual(['[polling]', 'changed /w1']);
  });

  test('another process begins to count anew', async () => {
    const s = new Stage();
    s.sockets = false;
    s.sources = false;
    s.live.start();
    await s.pass(0);
    s.run = 'r2';
    s.seq = 0;
    s.heard();
    await s.pass(pollEvery);
    expect(s.heard()).toEqual(['missed']);
  });

  test('what is no message is passed by', async () => {
    const s = new Stage();
    s.live.start();
    await s.pass(0);
    s.heard();
    for (const text of ['', '{}', '[]', '{"kind":1,"seq":2}', 'null']) s.line?.ears.told(text);
    expect(s.heard()).toEqual([]);
  });
});
