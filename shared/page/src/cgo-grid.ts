// The grid of targets: what the server answered, as rows of systems and columns of architectures.
import type { CgoDocument, CgoRow } from '../../../extension/src/wire.gen';

/** How a cell looks. */
export type Mark = 'works' | 'other' | 'fails' | 'wrong' | 'none' | 'untried';

/** One target. */
export interface Cell {
  target: string;
  mark: Mark;
  /** What stands in the cell, and what a screen reader says. */
  sign: string;
  label: string;
  /** cgo is on there as things are. */
  on: boolean;
  /** It is this machine. */
  native: boolean;
}

/** The grid; a cell is null where Go builds for no such pair. */
export interface Grid {
  architectures: string[];
  systems: { name: string; cells: (Cell | null)[] }[];
}

/** What is told of one target below the grid. */
export interface TargetDetail {
  target: string;
  title: string;
  facts: [name: string, value: string][];
  message: string;
  line: string;
  remedies: { text: string; command: string }[];
  output: string;
}

/** What the page is told. */
export interface CgoPage {
  folder: string;
  empty: string;
  busy: boolean;
  grid: Grid;
  details: TargetDetail[];
  needs: string;
  fine: boolean;
  packages: { path: string; what: string; where: string }[];
  picture: { name: string; text: string }[];
}

const signs: Record<Mark, string> = {
  works: '✓',
  other: '✓ CC',
  fails: '✗',
  wrong: '≠',
  none: '–',
  untried: '?',
};

/** The architectures in the order in which people look for them; others follow by name. */
const usual = ['amd64', 'arm64', '386', 'arm', 'riscv64', 'ppc64le', 's390x', 'loong64'];
const usualSystems = ['linux', 'darwin', 'windows', 'freebsd', 'android', 'ios'];

function inOrder(names: Iterable<string>, first: string[]): string[] {
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

export function gridOf(doc: CgoDocument): Grid {
  const architectures = inOrder(
    doc.targets.map((row) => row.goarch),
    usual,
  );
  const systems = inOrder(
    doc.targets.map((row) => row.goos),
    usualSystems,
  );
  const cells = new Map(doc.targets.map((row) => [row.target, cell(row)]));
  return {
    architectures,
    systems: systems.map((name) => ({
      name,
      cells: architectures.map((architecture) => cells.get(`${name}/${architecture}`) ?? null),
    })),
  };
}

function markOf(row: CgoRow): Mark {
  switch (row.verdict) {
    case 'works':
    case 'wrong':
    case 'untried':
      return row.verdict;
    case 'unsupported':
      return 'none';
  }
  return row.problem?.remedies[0]?.proven ? 'other' : 'fails';
}

function cell(row: CgoRow): Cell {
  const mark = markOf(row);
  return {
    target: row.target,
    mark,
    sign: signs[mark],
    label: `${row.target}: ${title(row)}, cgo is ${row.enabled ? 'on' : 'off'}`,
    on: row.enabled,
    native: row.native,
  };
}

function title(row: CgoRow): string {
  switch (markOf(row)) {
    case 'works':
      return 'C code can be built';
    case 'other':
      return `C code can be built with CC=${row.problem?.remedies[0]?.cc}`;
    case 'wrong':
      return 'C code is built for another system';
    case 'none':
      return 'Go has no cgo here';
    case 'untried':
      return 'a compiler is there and was not tried';
    case 'fails':
      return 'C code cannot be built';
  }
}

const layers: Record<string, string> = {
  process: 'from the environment',
  goenv: 'from go env -w',
  'go.env': 'from $GOROOT/go.env',
  default: 'the default',
};

export function detailOf(row: CgoRow): TargetDetail {
  const facts: [string, string][] = [
    ['cgo', row.why],
    ['CC', `${row.cc.value}, ${layers[row.cc.layer] ?? row.cc.layer}`],
    ['program', row.compiler || 'there is none'],
  ];
  if (row.machine) facts.push(['builds for', row.machine]);
  if (row.built) facts.push(['it made', row.built]);
  return {
    target: row.target,
    title: `${row.target}: ${title(row)}`,
    facts,
    message: row.problem?.message ?? '',
    line: row.problem?.line ?? '',
    remedies: (row.problem?.remedies ?? []).map((r) => ({
      text: r.text,
      command:
        r.cc && !r.command.startsWith('CC=')
          ? `${r.command}${r.command ? ', then ' : ''}CC=${r.cc}`
          : r.command,
    })),
    output: row.output,
  };
}

const gone: Record<string, string> = {
  required: 'cannot be built without cgo',
  stub: 'is built without cgo, and fails when it is used',
};

export function pageOf(doc: CgoDocument, folder: string): CgoPage {
  const packages = (doc.needs?.packages ?? [])
    .filter((p) => !p.standard && p.need !== 'fallback')
    .map((p) => ({
      path: p.path,
      what: gone[p.need] ?? p.need,
      where: p.own ? p.files.join(', ') : `${p.module} ${p.version}`.trim(),
    }));
  return {
    folder,
    empty: '',
    busy: false,
    grid: gridOf(doc),
    details: doc.targets.map(detailOf),
    needs: needsText(doc, packages.length),
    fine: doc.needs?.fine ?? false,
    packages,
    picture: doc.picture.map((step) => ({ name: `${step.name}=${step.value}`, text: step.text })),
  };
}

function needsText(doc: CgoDocument, count: number): string {
  const needs = doc.needs;
  if (!needs) return '';
  if (count > 0) {
    return `${count} package${count === 1 ? '' : 's'} of this module or its dependencies cannot do without cgo.`;
  }
  if (needs.fine) {
    return 'CGO_ENABLED=0 is fine here: no package of this module or its dependencies needs C code.';
  }
  return needs.ownOnly
    ? 'No package of this module needs C code; of its dependencies nothing is known.'
    : 'No package that could be looked at needs C code; that may not be all of them.';
}
