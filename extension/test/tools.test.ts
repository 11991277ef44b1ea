import { describe, expect, test } from 'vitest';
import type { Row } from '../src/row';
import { toolsTree } from '../src/tools';
import type { ToolRow, ToolsDocument } from '../src/wire.gen';

const gopls: ToolRow = {
  name: 'gopls',
  path: '/home/me/go/bin/gopls',
  origin: 'GOBIN',
  state: 'read',
  problem: '',
  first: true,
  package: 'golang.org/x/tools/gopls',
  module: 'golang.org/x/tools/gopls',
  version: 'v0.22.0',
  builtWith: 'go1.26.8',
  xtools: 'v0.44.1',
  needs: 'go1.26 or newer',
  watched: true,
  codes: [],
  fixes: [],
};

const dlv: ToolRow = {
  ...gopls,
  name: 'dlv',
  path: '/home/me/go/bin/dlv',
  version: 'v1.22.1',
  builtWith: 'go1.22.12',
  needs: 'support of go1.26, as in v1.27.2',
  codes: ['tool-too-old'],
  fixes: [{ id: 'tool-too-old-1', title: 'Install dlv v1.27.2', kind: 'repair', note: 'Downloads.' }],
};

const doc = (...tools: ToolRow[]): ToolsDocument => ({
  schema: 'godrift/tools',
  version: 1,
  root: '/ws',
  selected: 'go1.26.8',
  tools,
  pins: [],
});

const text = (nodes: Row[], indent = ''): string =>
  nodes
    .map(
      (node) =>
        `${indent}${node.icon} ${node.label} [${node.description ?? ''}] ${node.fix ?? ''}\n${text(node.children ?? [], `${indent}  `)}`,
    )
    .join('');

describe('toolsTree', () => {
  test('of a tool in two folders each says in which it is', () => {
    const other = { ...gopls, path: '/usr/local/bin/gopls', first: false };
    expect(toolsTree(doc(gopls, other, { ...dlv, codes: [] })).map((node) => node.description)).toEqual([
      'v0.22.0, built with go1.26.8, in /home/me/go/bin',
      'v0.22.0, built with go1.26.8, in /usr/local/bin',
      'v1.22.1, built with go1.22.12',
    ]);
  });

  test('what is wrong comes first, with its reasons and its fix', () => {
    expect(text(toolsTree(doc(gopls, dlv)))).toBe(
      'warning dlv [v1.22.1, built with go1.22.12] \n' +
        '  info does not support the Go that runs [] \n' +
        '  lightbulb Install dlv v1.27.2 [] tool-too-old-1\n' +
        'check gopls [v0.22.0, built with go1.26.8] \n',
    );
  });

  test('tools that do not matter here are left out', () => {
    expect(text(toolsTree(doc({ ...gopls, watched: false })))).toBe(
      'info No tool that matters here was found [] \n',
    );
  });

  test('the tools of go.mod stand by themselves: they never grow old', () => {
    const pin = (source: string, name: string, line: number) => ({
      file: '/ws/go.mod',
      line,
      source,
      name,
      version: 'v0.49.0',
    });
    const tree = toolsTree({
      ...doc(gopls),
      pins: [pin('go.mod:tool', 'stringer', 7), pin('makefile:go install', 'ko', 3)],
    });
    expect(text(tree)).toBe(
      'check gopls [v0.22.0, built with go1.26.8] \n' +
        'tools go tool [built with go1.26.8 when it is asked for] \n' +
        '  check stringer [v0.49.0] \n',
    );
  });
});
