import { describe, expect, test } from 'vitest';
import { causeText, environmentText, summary } from '../src/moments';
import { type Band, extent, fitBands, gather, steps, type Track, ticks, tracks } from '../src/timeline';
import type { Change, Moment } from '../src/wire.gen';

const words = { summary, cause: causeText, environment: environmentText };

const change = (key: string, old: string, after: string): Change => ({
  key,
  kind: 'changed',
  old,
  new: after,
  oldLayer: '',
  newLayer: '',
  trend: '',
  secret: false,
});

/** A moment at a time in seconds; its snapshot is named after it. */
const moment = (at: number, changes: Change[], more: Partial<Moment> = {}): Moment => ({
  id: at,
  time: new Date(at * 1000).toISOString(),
  of: 'editor',
  before: `s${at - 1}`,
  after: `s${at}`,
  cause: { kind: 'go-env-w' },
  by: { kind: 'editor' },
  changes,
  ...more,
});

const only = (list: Track[]): Track => {
  const [track] = list;
  if (!track || list.length !== 1) throw new Error(`${list.length} tracks`);
  return track;
};

const bands = (track: Track, key: string): string =>
  track.lanes
    .find((lane) => lane.key === key)
    ?.bands.map((b) => `${b.from / 1000}-${b.to / 1000} ${b.value ?? '?'}`)
    .join(', ') ?? '';

const facts = { 'go.selected': 'go1.26.0', 'env.CGO_ENABLED': '1', score: '90' };

describe('tracks', () => {
  test('what was in force follows backwards from the newest moment', () => {
    const moments = [
      moment(3, [change('env.CGO_ENABLED', '0', '1')]),
      moment(2, [change('env.CGO_ENABLED', '1', '0'), change('go.selected', 'go1.25.3', 'go1.26.0')]),
      moment(1, []),
    ];
    const track = only(tracks(moments, new Map([['editor', facts]]), 10_000, words));
    expect(bands(track, 'env.CGO_ENABLED')).toBe('1-2 1, 2-3 0, 3-10 1');
    expect(bands(track, 'go.selected')).toBe('1-2 go1.25.3, 2-10 go1.26.0');
    expect(bands(track, 'score')).toBe('1-10 90');
    expect(track.points.map((point) => point.id)).toEqual([1, 2, 3]);
  });

  test('nothing is claimed of what lies before a gap', () => {
    const moments = [
      moment(3, [], { before: 'lost' }),
      moment(2, [change('go.selected', 'go1.24.0', 'go1.25.0')]),
      moment(1, []),
    ];
    const track = only(tracks(moments, new Map([['editor', facts]]), 5000, words));
    expect(bands(track, 'go.selected')).toBe('1-2 go1.24.0, 2-3 go1.25.0, 3-5 go1.26.0');
    expect(bands(track, 'env.CGO_ENABLED')).toBe('1-3 ?, 3-5 1');
  });

  test('each environment has a track of its own, and a clock that went back does no harm', () => {
    const moments = [
      moment(3, [change('score', '50', '90')], { time: new Date(500).toISOString() }),
      moment(2, [], { of: 'cli' }),
      moment(1, [], { after: 's2' }),
    ];
    const all = tracks(moments, new Map([['editor', facts]]), 4000, words);
    expect(all.map((track) => track.name)).toEqual(['the editor', 'the command line']);
    expect(all.flatMap((t) => t.lanes.flatMap((l) => l.bands)).every((b) => b.from <= b.to)).toBe(true);
  });

  test('no moments, no tracks', () => {
    expect(tracks([], new Map(), 0, words)).toEqual([]);
  });

  test('ten thousand moments take little time and few shapes', () => {
    const moments = Array.from({ length: 10_000 }, (_, i) => {
      const at = 10_000 - i;
      return moment(at, [change('env.CGO_ENABLED', String(at % 2), String((at + 1) % 2))]);
    });
    const track = only(tracks(moments, new Map([['editor', facts]]), 1e7, words));
    const lane = track.lanes.find((l) => l.key === 'env.CGO_ENABLED');
    expect(lane?.bands).toHaveLength(10_000);
    expect(fitBands(lane?.bands ?? [], 0, 1e7, 1000).length).toBeLessThan(400);
    const clusters = gather(track.points, 0, 1e7, 1000, 12);
    expect(clusters.length).toBeLessThan(90);
    expect(clusters.reduce((n, c) => n + c.points.length, 0)).toBe(10_000);
  });
});

describe('what fits', () => {
  const band = (from: number, to: number, value = 'x'): Band => ({ from, to, value });

  test('bands outside the time are left out, and cut at its ends', () => {
    const spans = fitBands([band(0, 10), band(10, 60), band(60, 90)], 20, 40, 200);
    expect(spans.map(({ x, width }) => [x, width])).toEqual([[0, 200]]);
  });

  test('a wide band is never drawn as one with narrow ones', () => {
    const spans = fitBands([band(0, 50), band(50, 51), band(51, 52), band(52, 100)], 0, 100, 100);
    expect(spans.map((span) => span.bands.length)).toEqual([1, 2, 1]);
  });

  test('points in one place are gathered', () => {
    const points = [0, 1, 50].map((time) => ({ id: time, time, title: '', cause: '' }));
    expect(gather(points, 0, 100, 100, 12).map((c) => c.points.length)).toEqual([2, 1]);
  });

  test('of a score that goes down and up within one pixel the lowest is seen', () => {
    const line = steps([band(0, 1, '90'), band(1, 2, '20'), band(2, 1000, '90')], 0, 1000, 100);
    expect(line.map((step) => step.score)).toEqual([20, 90]);
    expect(steps([band(0, 1, ''), band(1, 2, 'NaN'), band(2, 3, '900')], 0, 3, 100)).toEqual([]);
  });

  test('the marks are few, and at round times', () => {
    const from = Date.UTC(2026, 4, 4, 9, 58);
    expect(ticks(from, from + 600_000, 5, 0).map((tick) => tick.label)).toEqual(['10:00', '10:05']);
    expect(ticks(from, from + 3 * 86_400_000, 4, 0).map((tick) => tick.label)).toEqual([
      '2026-05-05',
      '2026-05-06',
      '2026-05-07',
    ]);
    expect(ticks(0, 40 * 365 * 86_400_000, 8, 0).length).toBeLessThan(9);
  });

  test('a single moment has room around it', () => {
    const track: Track = {
      of: 'cli',
      name: '',
      lanes: [],
      points: [{ id: 1, time: 5000, title: '', cause: '' }],
    };
    const [from, to] = extent(track, 5000);
    expect(from).toBeLessThan(5000);
    expect(to).toBeGreaterThan(5000);
  });
});
