import { describe, expect, test } from 'vitest';
import { detailOf, gridOf, pageOf } from '../../shared/page/src/cgo-grid';
import type { CgoDocument, CgoRow } from '../src/wire.gen';

const works: CgoRow = {
  target: 'linux/amd64',
  goos: 'linux',
  goarch: 'amd64',
  native: true,
  enabled: true,
  why: 'cgo is on by default because gcc is on PATH.',
  cc: { value: 'gcc', layer: 'default', file: '', line: 0, shadowed: [] },
  compiler: '/usr/bin/gcc',
  machine: 'x86_64-linux-gnu',
  verdict: 'works',
  problem: null,
  built: 'ELF x86-64 for linux',
  output: '',
  cached: false,
  milliseconds: 60,
};

const other: CgoRow = {
  ...works,
  target: 'linux/arm64',
  goarch: 'arm64',
  native: false,
  enabled: false,
  verdict: 'fails',
  built: '',
  problem: {
    cause: 'other-machine',
    name: 'gcc',
    message: 'The compiler gcc builds for another machine.',
    line: 'no such instruction',
    remedies: [
      {
        text: 'use aarch64-linux-gnu-gcc',
        command: 'CC=aarch64-linux-gnu-gcc',
        cc: 'aarch64-linux-gnu-gcc',
        proven: true,
      },
      { text: 'install it', command: 'apt-get install x', cc: 'x-gcc', proven: false },
    ],
  },
};

const none: CgoRow = {
  ...works,
  target: 'js/wasm',
  goos: 'js',
  goarch: 'wasm',
  native: false,
  enabled: false,
  verdict: 'unsupported',
};

const doc = (...targets: CgoRow[]): CgoDocument => ({
  schema: 'godrift/cgo',
  version: 1,
  dir: '/ws',
  go: 'go1.26.8',
  targets,
  picture: [],
  needs: null,
});

describe('gridOf', () => {
  test('has systems as rows and architectures as columns, the usual first', () => {
    const grid = gridOf(doc(none, other, works));
    expect(grid.architectures).toEqual(['amd64', 'arm64', 'wasm']);
    expect(grid.systems.map((s) => s.name)).toEqual(['linux', 'js']);
    expect(grid.systems[0]?.cells.map((c) => c?.mark)).toEqual(['works', 'other', undefined]);
    expect(grid.systems[1]?.cells.map((c) => c?.sign)).toEqual([undefined, undefined, '–']);
    expect(grid.systems[0]?.cells[0]).toMatchObject({ on: true, native: true });
  });

  test('tells a target that fails from one that an installed compiler mends', () => {
    const row = { ...other, problem: { ...other.problem, remedies: [] } } as CgoRow;
    expect(gridOf(doc(row)).systems[0]?.cells[0]?.mark).toBe('fails');
    expect(gridOf(doc(other)).systems[0]?.cells[0]?.label).toContain('with CC=aarch64-linux-gnu-gcc');
  });
});

test('detailOf says what decides and what helps', () => {
  const detail = detailOf(other);
  expect(detail.title).toBe('linux/arm64: C code can be built with CC=aarch64-linux-gnu-gcc');
  expect(detail.remedies.map((r) => r.command)).toEqual([
    'CC=aarch64-linux-gnu-gcc',
    'apt-get install x, then CC=x-gcc',
  ]);
  expect(detail.facts).toContainEqual(['CC', 'gcc, the default']);
});

test('pageOf says which packages need cgo', () => {
  const needs = {
    target: 'linux/amd64',
    fine: false,
    ownOnly: false,
    problem: '',
    programs: [],
    packages: [
      {
        path: 'm/c',
        dir: '/ws/c',
        files: ['c.go'],
        need: 'required',
        own: true,
        standard: false,
        module: 'm',
        version: '',
        pkgConfig: [],
      },
      {
        path: 'net',
        dir: '/g',
        files: ['n.go'],
        need: 'fallback',
        own: false,
        standard: true,
        module: '',
        version: '',
        pkgConfig: [],
      },
    ],
  } as CgoDocument['needs'];
  const page = pageOf({ ...doc(works), needs }, 'ws');
  expect(page.packages).toEqual([{ path: 'm/c', what: 'cannot be built without cgo', where: 'c.go' }]);
  expect(page.needs).toContain('1 package of this module');
  expect(
    pageOf({ ...doc(works), needs: { ...needs, fine: true, packages: [] } as CgoDocument['needs'] }, '')
      .needs,
  ).toContain('fine here');
});
