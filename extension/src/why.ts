// "Why this Go" as a tree: what the server answered, in the order in which a person asks.
import { bare } from './status';
import type { Go, Layer, Parting, Pin, Reading, Step, Variable, WhyDocument } from './wire.gen';

/** One row of the tree. */
export interface Node {
  id: string;
  label: string;
  description?: string;
  tooltip?: string;
  /** The name of one of the editor's icons, and of a colour for it. */
  icon?: string;
  color?: string;
  /** Where a click leads: an absolute file name and a line from 1. */
  file?: string;
  line?: number;
  children?: Node[];
  expanded?: boolean;
}

/** The layers as people call them. */
const layerNames: Record<string, string> = {
  process: 'environment of the editor',
  goenv: 'go env -w',
  'go.env': '$GOROOT/go.env',
  default: 'default',
};

/** Makes the tree. Paths inside root are shown relative to it; pins are all pins of the workspace folder. */
export function whyTree(why: WhyDocument, root: string): Node[] {
  const nodes = [
    answer(why),
    steps(why, root),
    pinned(why, root),
    readers(why, root),
    variables(why),
    toolchains(why),
  ];
  return nodes.filter((node) => node !== undefined);
}

function answer(why: WhyDocument): Node {
  const problem = why.error || why.loadError;
  if (why.selected === '') {
    const label = why.how === 'nogo' ? 'There is no go on PATH' : 'Every go command stops here';
    return row('answer', {
      label,
      description: firstLine(problem),
      tooltip: problem,
      icon: 'error',
      color: 'problemsErrorIcon.foreground',
    });
  }
  const label = `Go ${bare(why.selected)} runs here`;
  if (problem !== '') {
    return row('answer', {
      label,
      description: firstLine(problem),
      tooltip: problem,
      icon: 'error',
      color: 'problemsErrorIcon.foreground',
    });
  }
  return row('answer', { label, description: ways[why.how] ?? why.how, tooltip: why.goroot, icon: 'check' });
}

const ways: Record<string, string> = {
  local: 'the go on PATH itself',
  path: 'another go on PATH',
  modcache: 'from the module cache',
  download: 'would be downloaded now',
};

function steps(why: WhyDocument, root: string): Node | undefined {
  if (why.steps.length === 0) return undefined;
  const children = why.steps.map((step, n) =>
    row(`step ${n}`, {
      label: `${n + 1}. ${step.text}`,
      description: stepPlace(step, root),
      tooltip: step.text,
      ...target(step),
    }),
  );
  return row('steps', { label: 'Steps', icon: 'list-ordered', children, expanded: true });
}

/** The place of a step, unless its text names it already. */
function stepPlace(step: Step, root: string): string {
  if (step.file === '') return '';
  const place = where(step.file, step.line, root);
  const name = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
  return step.text.includes(name) ? '' : place;
}

function pinned(why: WhyDocument, root: string): Node {
  const { version, reason, pin } = why.pinned;
  if (version === '') {
    return row('pinned', {
      label: 'No Go is agreed upon',
      description: reason,
      tooltip: reason,
      icon: 'pin',
    });
  }
  const children = pin ? [pinRow(pin, root)] : [];
  return row('pinned', {
    label: `Go ${bare(version)} is agreed`,
    description: reason,
    tooltip: reason,
    icon: 'pinned',
    children,
    expanded: true,
  });
}

const pinRow = (pin: Pin, root: string) =>
  row(`pin ${pin.file}:${pin.line}`, {
    label: pin.raw,
    description: where(pin.file, pin.line, root),
    tooltip: `${pin.file}:${pin.line}`,
    ...target(pin),
  });

/** What each program would take from the same files, and where two of them part. */
function readers(why: WhyDocument, root: string): Node | undefined {
  const readings = why.readers ?? [];
  if (readings.length === 0) return undefined;
  const children = readings.map((reading, n) => readingRow(reading, n, root));
  const partings = (why.partings ?? []).map(partingRow);
  if (partings.length > 0) {
    const description = `${partings.length}`;
    children.push(
      row('partings', { label: 'Where they part', description, icon: 'git-compare', children: partings }),
    );
  }
  const description = partings.length > 0 ? `they part in ${partings.length}` : '';
  return row('readers', { label: 'Readers', description, icon: 'book', children });
}

function readingRow(reading: Reading, n: number, root: string): Node {
  const place = reading.pin ? where(reading.pin.file, reading.pin.line, root) : '';
  const ignored = reading.ignores.map((pin, i) =>
    row(`ignored ${n} ${i}`, {
      label: pin.raw,
      description: `${where(pin.file, pin.line, root)} · ${pin.why}`,
      icon: 'circle-slash',
      ...target(pin),
    }),
  );
  return row(`reader ${n}`, {
    label: `${reading.reader}: ${reading.version === '' ? 'nothing' : reading.version}`,
    description: place === '' ? reading.reason : place,
    tooltip: reading.reason,
    ...(reading.pin ? target(reading.pin) : {}),
    ...(ignored.length > 0
      ? {
          children: [
            row(`ignores ${n}`, { label: 'Passes by', description: `${ignored.length}`, children: ignored }),
          ],
        }
      : {}),
  });
}

const partingRow = (parting: Parting, n: number) =>
  row(`parting ${n}`, {
    label: `${parting.a} ≠ ${parting.b}`,
    description: parting.message,
    tooltip: parting.message,
    icon: 'warning',
  });

/** Variables that decide which Go runs are shown even when nobody set them. */
const always = ['GOTOOLCHAIN', 'GOROOT', 'GOWORK'];

function variables(why: WhyDocument): Node {
  const all = Object.entries(why.env).sort(([a], [b]) => (a < b ? -1 : 1));
  const set = all.filter(
    ([name, v]) => always.includes(name) || v.layer !== 'default' || v.shadowed.length > 0,
  );
  const rest = all.filter((entry) => !set.includes(entry));
  const children = set.map(([name, variable]) => variableRow(name, variable));
  if (rest.length > 0) {
    const defaults = rest.map(([name, variable]) => variableRow(name, variable));
    children.push(row('defaults', { label: 'Defaults', description: `${rest.length}`, children: defaults }));
  }
  const icon = 'symbol-variable';
  return row('variables', { label: 'Variables', description: firstLine(why.envError), icon, children });
}

function variableRow(name: string, variable: Variable): Node {
  const children = variable.shadowed.map((layer, n) => shadowedRow(`${name} ${n}`, layer));
  return row(`variable ${name}`, {
    label: name,
    description: `${variable.value === '' ? '(empty)' : variable.value} · ${layerName(variable)}`,
    tooltip: `${name}=${variable.value}\n${layerName(variable)}`,
    ...target(variable),
    ...(children.length > 0 ? { children } : {}),
  });
}

const shadowedRow = (id: string, layer: Layer) =>
  row(`shadowed ${id}`, {
    label: layer.value === '' ? '(empty)' : layer.value,
    description: `hidden · ${layerName(layer)}`,
    icon: 'eye-closed',
    ...target(layer),
  });

function layerName(layer: Layer | Variable): string {
  const name = layerNames[layer.layer] ?? layer.layer;
  return layer.file === '' || layer.layer === 'default' ? name : `${name} (line ${layer.line})`;
}

const origins: Record<string, string> = {
  modcache: 'module cache',
  gobin: '~/go/bin',
  sdk: '~/sdk',
  system: 'system',
};

function toolchains(why: WhyDocument): Node | undefined {
  if (why.toolchains.length === 0) return undefined;
  const children = why.toolchains.map((go, n) =>
    row(`toolchain ${n}`, {
      label: go.version === '' ? go.path : `Go ${bare(go.version)}`,
      description: `${origins[go.origin ?? ''] ?? go.origin ?? ''}${go.shim ? ' · chooses a Go when it runs' : ''}`,
      tooltip: go.path,
      ...(runs(why, go) ? { icon: 'check' } : {}),
    }),
  );
  const description = `${children.length}`;
  return row('toolchains', { label: 'Installed', description, icon: 'package', children });
}

const runs = (why: WhyDocument, go: Go) => why.goroot !== '' && go.goroot === why.goroot;

type Fields = Omit<Node, 'id'>;

/** Leaves out what is empty. */
function row(id: string, fields: Fields): Node {
  const full = Object.entries({ id, ...fields }).filter(([, value]) => value !== '' && value !== undefined);
  return Object.fromEntries(full) as unknown as Node;
}

const target = (place: { file: string; line: number }): Partial<Fields> =>
  place.file === '' ? {} : { file: place.file, line: Math.max(place.line, 1) };

function where(file: string, line: number, root: string): string {
  const inside = root !== '' && (file.startsWith(`${root}/`) || file.startsWith(`${root}\\`));
  const shown = inside ? file.slice(root.length + 1) : file;
  return line > 0 ? `${shown}:${line}` : shown;
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';
