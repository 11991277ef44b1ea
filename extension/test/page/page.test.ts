import { describe, expect, test } from 'vitest';
import { densityPoints, fitted, readout, scorePoints, stepText } from '../../../shared/page/src/chart';
import { visible } from '../../../shared/page/src/dom';
import { sorted } from '../../../shared/page/src/findings';
import { queryOf } from '../../../shared/page/src/http';
import { agrees } from '../../../shared/page/src/now';
import { drawn, least, moved, spanText, zoomed } from '../../../shared/page/src/range';
import { ticks } from '../../../shared/page/src/ticks';
import { words } from '../../../shared/page/src/transport';
import { bytes, changeText, layersText, relative } from '../../../shared/page/src/words';
import type { Change, Finding, PageTimelineDocument } from '../../src/wire.gen';

const all = { since: 0, until: 1_000_000 };

describe('the time that is drawn', () => {
  test('is what was drawn over, from either side, and within the picture', () => {
    expect(drawn(all, 1000, 100, 300)).toEqual({ since: 100_000, until: 300_000 });
    expect(drawn(all, 1000, 300, 100)).toEqual({ since: 100_000, until: 300_000 });
    expect(drawn(all, 1000, 900, 5000)).toEqual({ since: 900_000, until: 1_000_000 });
    expect(drawn(all, 1000, 5, 5)).toEqual({ since: 5000, until: 5000 + least });
  });

  test('keeps the place that is looked at closer, and never leaves what there is', () => {
    const closer = zoomed(all, 250_000, 0.5, all);
    expect(closer).toEqual({ since: 125_000, until: 625_000 });
    expect((250_000 - closer.since) / (closer.until - closer.since)).toBeCloseTo(0.25);
    expect(zoomed(closer, 250_000, 10, all)).toEqual(all);
    expect(zoomed(all, 0, 1e-9, all).until).toBe(least);
    expect(moved({ since: 0, until: 100_000 }, -1, all)).toEqual({ since: 0, until: 100_000 });
    expect(moved({ since: 0, until: 100_000 }, 0.5, all)).toEqual({ since: 50_000, until: 150_000 });
    expect(moved({ since: 850_000, until: 950_000 }, 1, all)).toEqual({ since: 900_000, until: 1_000_000 });
  });

  test('is told in one unit', () => {
    expect([90_000, 3_600_000, 30 * 86_400_000, 10].map(spanText)).toEqual([
      '2 minutes',
      '1 hour',
      '30 days',
      'less than a second',
    ]);
    expect([86_400_000, 3 * 3_600_000, 15_000].map(stepText)).toEqual(['1 day', '3 hours', '15 seconds']);
  });

  test('has marks at times that people say', () => {
    const from = Date.parse('2026-05-04T09:58:30Z');
    expect(ticks(from, from + 600_000, 5, 0).map((tick) => tick.label)).toEqual(['10:00', '10:05']);
    expect(ticks(0, 40 * 365 * 86_400_000, 8, 0).length).toBeLessThan(9);
  });
});

test('another Go than the agreed one gets no tick', () => {
  expect(agrees('go1.26.6', 'go1.26.6')).toBe(true);
  expect(agrees('go1.26.6', 'go1.26')).toBe(true);
  expect(agrees('go1.26.6-corp', 'go1.26.6')).toBe(true);
  expect(agrees('go1.26.11', 'go1.26.1')).toBe(false);
  expect(agrees('go1.26.11', 'go1.26.6')).toBe(false);
});

const doc: PageTimelineDocument = {
  schema: 'godrift/page-timeline',
  version: 1,
  root: '/w',
  of: 'cli',
  environments: [],
  first: 0,
  last: 900,
  total: 3,
  since: 0,
  until: 1000,
  count: 3,
  causes: [],
  lanes: [
    {
      key: 'go.selected',
      changes: 3,
      bands: [
        { from: 0, to: 500, value: 'go1.25.3' },
        { from: 500, to: 600, value: null, changes: 2, values: ['go1.26.0', ''], most: 'go1.26.0' },
        { from: 600, to: 1000, value: null },
      ],
    },
  ],
  scores: [
    { time: 0, score: 90, low: 90, high: 90 },
    { time: 500, score: 80, low: 20, high: 90 },
    { time: 800, score: -1, low: -1, high: -1 },
  ],
  densityStep: 100,
  density: [
    { time: 100, count: 1 },
    { time: 500, count: 2 },
  ],
  movesStep: 100,
  moves: [],
  flips: [],
};

describe('the pictures', () => {
  test('show how low the health went within a pixel, and nothing where it is not known', () => {
    expect(scorePoints(doc)).toEqual([
      [0, 500, 800, 1000],
      [90, 90, null, null],
      [90, 20, null, null],
    ]);
  });

  test('count the times in which nothing happened, too', () => {
    const [times, counts] = densityPoints(doc);
    expect(times).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(counts).toEqual([0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0]);
    expect(densityPoints({ ...doc, density: [] })).toEqual([[], []]);
  });

  test('tell in words what was at a time', () => {
    expect(readout(doc, 100)).toEqual([
      ['Go', 'go1.25.3'],
      ['Health', '90'],
      ['Changes', '1 within 100 ms'],
    ]);
    expect(readout(doc, 550)[0]).toEqual(['Go', '2 changes: go1.26.0, nothing']);
    expect(readout(doc, 900)).toEqual([['Go', 'not known']]);
  });

  test('label a band with as much as there is room for', () => {
    expect(fitted('go1.25.3', 200)).toBe('go1.25.3');
    expect(fitted('/usr/local/go1.25.3', 80)).toBe('…l/go1.25.3');
    expect(fitted('go1.25.3', 10)).toBe('');
  });
});

describe('the page', () => {
  test('asks with what is not empty', () => {
    expect(queryOf('/a b', { ask: 'timeline', width: 800, text: '', cause: 'go-env-w', limit: 0 })).toBe(
      'root=%2Fa+b&width=800&cause=go-env-w',
    );
  });

  test('shows the worst finding first, and those of one severity in their order', () => {
    const findings = [
      ['hint', 'a'],
      ['error', 'b'],
      ['warning', 'c'],
      ['error', 'd'],
    ].map(([severity, id]) => ({ severity, id }) as Finding);
    expect(sorted(findings).map((f) => f.id)).toEqual(['b', 'd', 'c', 'a']);
  });

  test('names files as seen from the workspace', () => {
    expect(relative('/home/me/ws', '/home/me/ws/a/go.mod')).toBe('a/go.mod');
    expect(relative('/home/me/ws', '/home/me/ws2/go.mod')).toBe('/home/me/ws2/go.mod');
    expect(relative('C:\\ws', 'C:\\ws\\go.mod')).toBe('go.mod');
  });

  test('tells errors as sentences, sizes with three digits, fingerprints as what they are', () => {
    expect(words(new Error('it could not be done'))).toBe('It could not be done.');
    expect([0, 999, 1_500_000].map(bytes)).toEqual(['0 B', '999 B', '1.43 MiB']);
    const change: Change = {
      key: 'print.gosum',
      kind: 'changed',
      old: 'a'.repeat(32),
      new: 'b'.repeat(32),
      oldLayer: '',
      newLayer: '',
      trend: '',
      secret: false,
    };
    expect(changeText(change)).toBe('changed');
    expect(
      changeText({
        ...change,
        key: 'print.modules',
        old: `${'a'.repeat(32)} 512 modules`,
        new: `${'b'.repeat(32)} 513 modules`,
      }),
    ).toBe('512 modules → 513 modules');
    expect(layersText({ ...change, oldLayer: 'default', newLayer: 'goenv /home/me/.config/go/env' })).toBe(
      'the default → go env -w',
    );
  });
});

test('a text hides nothing and turns nothing around', () => {
  expect(visible('a\u001b[31m\u202egnp.exe\u2066\u0085\ufeff\r')).toBe(
    'a\ufffd[31m\ufffdgnp.exe\ufffd\ufffd\ufffd\ufffd',
  );
  expect(visible('Zürich 日本 ≠ –\n\t“go”')).toBe('Zürich 日本 ≠ –\n\t“go”');
});
