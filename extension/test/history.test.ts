import { describe, expect, test } from 'vitest';
import { type HistoryNode, historyTree } from '../src/history';
import { ago, changeFile, factText, summary } from '../src/moments';
import type { Change, Moment } from '../src/wire.gen';

const now = Date.UTC(2026, 4, 4, 12);
const minutes = (n: number) => new Date(now - n * 60_000).toISOString();

const change = (key: string, old: string, after: string, layer = ''): Change => ({
  key,
  kind: 'changed',
  old,
  new: after,
  oldLayer: layer && 'default',
  newLayer: layer,
  trend: '',
  secret: false,
});

const moment = (id: number, changes: Change[], more: Partial<Moment> = {}): Moment => ({
  id,
  time: minutes(10 - id),
  of: 'editor',
  before: `s${id - 1}`,
  after: `s${id}`,
  cause: { kind: 'go-env-w' },
  by: { kind: 'editor', name: 'Code 1.2.3' },
  changes,
  ...more,
});

const flags = change('env.GOFLAGS', '', '-v', 'goenv /home/me/.config/go/env');

const text = (nodes: HistoryNode[], indent = ''): string =>
  nodes
    .map(
      (node) =>
        `${indent}${node.icon} ${node.label} [${node.description ?? ''}] ${node.file ?? ''}\n${text(node.children ?? [], `${indent}  `)}`,
    )
    .join('');

describe('historyTree', () => {
  test('tells when, why and what, and what follows from the rest comes last', () => {
    const moments = [
      moment(
        3,
        [
          change('score', '100', '90'),
          change('print.goenv', 'a', 'b'),
          change('pin.cmd/go.mod:go.mod:go', '1.25', '1.26'),
        ],
        {
          cause: { kind: 'branch-switch', text: 'main → feature' },
          of: 'cli',
        },
      ),
      moment(2, [flags, change('print.goenv', '', 'a')]),
      moment(1, [], { before: '', cause: { kind: 'first-sight' } }),
    ];
    expect(text(historyTree('/ws', moments, true, now))).toBe(
      'git-branch cmd/go.mod go 1.25 → 1.26 [7 min ago · branch switch: main → feature · the command line] \n' +
        '  diff-modified cmd/go.mod go [1.25 → 1.26] /ws/cmd/go.mod\n' +
        '  diff-modified file of go env -w [a → b] \n' +
        '  diff-modified health [100 → 90] \n' +
        'terminal GOFLAGS nothing → -v [8 min ago · go env -w, or an edit of its file] \n' +
        '  diff-modified GOFLAGS [nothing → -v] /home/me/.config/go/env\n' +
        '  diff-modified file of go env -w [nothing → a] \n' +
        'eye First seen [9 min ago · first sight] \n' +
        'ellipsis Show older… [] \n',
    );
  });
});

describe('words', () => {
  test('many changes are named and counted', () => {
    const many = ['env.A', 'env.B', 'env.C', 'env.D', 'env.E'].map((key) => change(key, '0', '1'));
    expect(summary(moment(1, many))).toBe('A, B, C and 2 more');
  });

  test('a secret is not told, nor that nothing became of it', () => {
    expect(summary(moment(1, [{ ...flags, key: 'env.GOPROXY', secret: true }]))).toBe(
      'GOPROXY its secret part changed',
    );
  });

  test('facts have names, and what is not known keeps its key', () => {
    expect(
      ['go.selected', 'env.GOFLAGS', 'tool.gopls', 'pin.a b/.go-version:.go-version'].map(factText),
    ).toEqual(['Go that runs', 'GOFLAGS', 'tool gopls', 'a b/.go-version']);
  });

  test('only an absolute file can be opened, and that of an absolute pin is not under the folder', () => {
    expect(changeFile(change('env.X', '', '', 'goenv env'), '/ws')).toBeUndefined();
    expect(changeFile(change('pin./etc/go.mod:go.mod:go', '', ''), '/ws')).toBe('/etc/go.mod');
  });

  test('how long ago', () => {
    const old = (ms: number) => ago(now - ms, now);
    const day = 86_400_000;
    expect([-5, 59_000, 61_000, 3_600_000, 3 * 3_600_000, day, 3 * day].map(old)).toEqual([
      'just now',
      'just now',
      '1 min ago',
      '1 hour ago',
      '3 hours ago',
      'yesterday',
      '3 days ago',
    ]);
    expect(old(400 * day)).toMatch(/^2025-\d\d-\d\d$/);
  });
});
