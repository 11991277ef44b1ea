import { describe, expect, test } from 'vitest';
import { bytes } from '../../shared/page/src/words';
import { cacheTree } from '../src/cache';
import type { Row } from '../src/row';
import type { PageCacheDocument } from '../src/wire.gen';

const none = { files: 0, bytes: 0 };
const now = Date.parse('2026-11-01T12:00:00Z');

const whole: PageCacheDocument = {
  schema: 'godrift/page-cache',
  version: 1,
  cache: '/home/me/.cache/go-build',
  program: '',
  missing: '',
  quota: 0,
  checked: '2026-11-01T11:50:00Z',
  checkedBytes: 3 << 20,
  bad: [],
  troubles: [],
  fixes: [],
  old: [],
  size: {
    schema: 'godrift/cache-size',
    version: 1,
    cache: '/home/me/.cache/go-build',
    trimmed: '',
    troubles: [],
    entries: { files: 4, bytes: 700 },
    outputs: { files: 3, bytes: 3 << 20 },
    fuzz: none,
    ages: [
      { used: 'the last hour', packages: { files: 2, bytes: 2 << 20 }, programs: none, other: none },
      { used: 'longer ago', packages: none, programs: { files: 1, bytes: 1 << 20 }, other: none },
    ],
  },
};

const lines = (nodes: Row[], indent = ''): string[] =>
  nodes.flatMap((node) => [
    `${indent}(${node.icon}) ${node.label}${node.description ? ` — ${node.description}` : ''}`,
    ...lines(node.children ?? [], `${indent}  `),
  ]);

describe('the tree of the build cache', () => {
  test('a whole cache has its size by age and kind', () => {
    expect(lines(cacheTree(whole, '/home/me', now))).toEqual([
      '(database) ~/.cache/go-build — 3.00 MiB',
      '(pass) No bad entry — 3.00 MiB read 10 min ago',
      '(history) Last used',
      '  (blank) the last hour — 2.00 MiB ██████',
      '  (blank) longer ago — 1.00 MiB ███',
      '(layers) By kind',
      '  (package) compiled packages — 2.00 MiB, 2 files',
      '  (terminal) programs — 1.00 MiB, 1 file',
      '  (list-flat) entries — 700 B, 4 files',
    ]);
  });

  test('what is bad and in the way comes before the size, with what can be done', () => {
    const doc: PageCacheDocument = {
      ...whole,
      size: null,
      missing: 'there is no build cache yet',
      quota: 1,
      program: 'prog',
      troubles: ['/home/me/.cache/go-build: nothing can be written there'],
      bad: [
        {
          path: '/home/me/.cache/go-build/3f/3f00-d',
          reason: 'content',
          detail: 'd',
          effect: 'e',
          bytes: 1,
          harmful: true,
        },
      ],
      fixes: [{ id: 'f1', title: 'Take the bad entry out', kind: 'repair' }],
      old: [
        {
          cache: '/home/me/old',
          to: '',
          bytes: 5,
          left: '',
          used: '',
          uses: ['it is open'],
          fuzz: 0,
          removed: false,
          kept: false,
        },
        {
          cache: '/data/old',
          to: '',
          bytes: 5,
          left: '',
          used: '',
          uses: [],
          fuzz: 0,
          removed: false,
          kept: false,
        },
      ],
    };
    const tree = cacheTree(doc, '/home/me', now);
    expect(lines(tree)).toEqual([
      '(database) ~/.cache/go-build — nothing there yet, GOCACHEPROG is used',
      '(warning) /home/me/.cache/go-build: nothing can be written there',
      '(error) 1 bad entry — read 10 min ago',
      '  (circle-slash) 3f/3f00-d — content',
      '(lightbulb) Take the bad entry out',
      '(archive) Left behind by a switch — 2',
      '  (lock) ~/old — still in use, 5 B of its own',
      '  (trash) /data/old — can go, 5 B of its own',
    ]);
    expect(tree[3]?.fix).toBe('f1');
  });

  test('a cache that was never read says so, and a click reads it', () => {
    const tree = cacheTree({ ...whole, checked: '', quota: 100 }, '', now);
    expect(tree[0]).toMatchObject({ icon: 'warning', description: '3.00 MiB, over its quota' });
    expect(tree[1]).toMatchObject({ label: 'Never checked', command: 'godrift.cacheVerify' });
  });

  test('sizes have three digits', () => {
    expect([0, 999, 1000, 1 << 20, 27_487_790_694, 1023 * 1024].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '0.98 KiB',
      '1.00 MiB',
      '25.6 GiB',
      '1.00 MiB',
    ]);
  });
});
