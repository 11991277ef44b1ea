import { describe, expect, test } from 'vitest';
import { type Node, whyTree } from '../src/why';
import type { Variable, WhyDocument } from '../src/wire.gen';

const variable = (value: string, more: Partial<Variable> = {}): Variable => ({
  value,
  layer: 'default',
  file: '',
  line: 0,
  shadowed: [],
  ...more,
});

const why: WhyDocument = {
  schema: 'godrift/why',
  version: 1,
  dir: '/ws',
  go: { path: '/usr/local/go/bin/go', version: 'go1.26.8', goroot: '/usr/local/go', origin: 'PATH' },
  selected: 'go1.26.8',
  goroot: '/usr/local/go',
  how: 'local',
  error: '',
  loadError: '',
  steps: [
    { text: 'PATH finds /usr/local/go/bin/go', file: '', line: 0, layer: '' },
    { text: 'go.mod asks for at least 1.25.0', file: '/ws/go.mod', line: 3, layer: '' },
  ],
  env: {
    GOTOOLCHAIN: variable('local', {
      layer: 'process',
      shadowed: [{ layer: 'goenv', value: 'auto', file: '/home/p/.config/go/env', line: 2 }],
    }),
    GOARCH: variable('amd64'),
    GOFLAGS: variable('-mod=mod', { layer: 'goenv', file: '/home/p/.config/go/env', line: 1 }),
  },
  envError: '',
  pinned: {
    version: 'go1.25.3',
    reason: '.go-version is what people develop with',
    pin: {
      file: '/ws/.go-version',
      line: 1,
      start: 0,
      end: 6,
      raw: '1.25.3',
      source: '.go-version',
      role: 'develop',
      meaning: 'exact',
      version: '1.25.3',
    },
  },
  toolchains: [
    { path: '/usr/local/go/bin/go', version: 'go1.26.8', goroot: '/usr/local/go', origin: 'PATH' },
    { path: '/m/go1.25.3/bin/go', version: 'go1.25.3', goroot: '/m/go1.25.3', origin: 'modcache' },
    { path: '/shims/go', version: '', goroot: '', origin: 'asdf', shim: true },
  ],
};

const goMod = { file: '/ws/go.mod', line: 3, raw: '1.25.0', source: 'go.mod:go' } as const;
const read: WhyDocument = {
  ...why,
  readers: [
    {
      reader: 'setup-go v6+',
      version: '1.25.0',
      pin: goMod,
      reason: 'ci.yml:8 names go.mod, and it takes the go line.',
      sees: [goMod],
      ignores: [],
    },
    {
      reader: 'mise',
      version: '',
      pin: null,
      reason: 'Nothing here that it reads by default.',
      sees: [],
      ignores: [{ ...goMod, why: 'is read with idiomatic files on only' }],
    },
  ],
  partings: [{ a: 'setup-go v4, v5', b: 'setup-go v6+', message: 'ci.yml:8: they part.' }],
};

/** The tree as indented text. */
function text(nodes: Node[], indent = ''): string {
  return nodes
    .map((node) => {
      const at = node.file ? ` -> ${node.file}:${node.line}` : '';
      const line = `${indent}${node.label}${node.description ? ` [${node.description}]` : ''}${at}\n`;
      return line + text(node.children ?? [], `${indent}  `);
    })
    .join('');
}

describe('whyTree', () => {
  test('what runs, why, what is agreed, the variables with their layers, and what is installed', () => {
    expect(text(whyTree(why, '/ws'))).toMatchSnapshot();
  });

  test('what each program takes, and where two part', () => {
    const tree = whyTree(read, '/ws').filter((node) => node.id === 'readers');
    expect(text(tree)).toMatchSnapshot();
  });

  test('a server that tells no readers', () => {
    expect(whyTree(why, '/ws').some((node) => node.id === 'readers')).toBe(false);
  });

  test('the go command stops', () => {
    const tree = whyTree(
      { ...why, selected: '', how: 'error', error: 'go: invalid GOTOOLCHAIN "x"\nmore' },
      '/ws',
    );
    expect(tree[0]).toMatchObject({
      label: 'Every go command stops here',
      description: 'go: invalid GOTOOLCHAIN "x"',
      icon: 'error',
    });
  });

  test('builds stop although go version does not', () => {
    const tree = whyTree({ ...why, loadError: 'go: go.mod requires go >= 1.27' }, '/ws');
    expect(tree[0]).toMatchObject({ label: 'Go 1.26.8 runs here', icon: 'error' });
  });

  test('no go', () => {
    expect(whyTree({ ...why, selected: '', how: 'nogo' }, '/ws')[0]?.label).toBe('There is no go on PATH');
  });

  test('nothing pinned, nothing installed', () => {
    const bare = { ...why, pinned: { version: '', reason: '', pin: null }, toolchains: [], steps: [] };
    const labels = whyTree(bare, '/ws').map((node) => node.label);
    expect(labels).toEqual(['Go 1.26.8 runs here', 'No Go is agreed upon', 'Variables']);
  });

  test('ids are unique', () => {
    const ids: string[] = [];
    const collect = (nodes: Node[]) => {
      for (const node of nodes) {
        ids.push(node.id);
        collect(node.children ?? []);
      }
    };
    collect(whyTree(read, '/ws'));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
