// Moments of the history in words. Nothing here needs a browser, an editor or Node.
import type { CauseKind, Change, Moment } from '../../../extension/src/wire.gen';

const causes: Record<CauseKind, string> = {
  'first-sight': 'first sight',
  file: 'saved',
  environment: 'another environment',
  'branch-switch': 'branch switch',
  'go-get': 'go get',
  'go-env-w': 'go env -w, or an edit of its file',
  variable: 'a variable of this shell',
  godrift: 'godrift',
  machine: 'the machine changed',
  other: 'found so',
};

/** A cause in words. */
export const causeWords = (kind: CauseKind): string => causes[kind] ?? kind;

/** Why it changed. */
export function causeText(moment: Moment): string {
  const words = causes[moment.cause.kind] ?? moment.cause.kind;
  return moment.cause.text ? `${words}: ${oneLine(moment.cause.text)}` : words;
}

const environments: Record<string, string> = {
  editor: 'the editor',
  monitor: 'the monitor',
  cli: 'the command line',
  ci: 'CI',
  login: 'the login shell',
};

/** Whose environment it is. */
export const environmentText = (of: string): string => environments[of] ?? of;

const facts: Record<string, string> = {
  score: 'health',
  'go.selected': 'Go that runs',
  'go.goroot': 'its GOROOT',
  'go.how': 'how it is chosen',
  'go.path': 'go on PATH',
  'go.error': 'error of go',
  'print.gosum': 'go.sum',
  'print.goenv': 'file of go env -w',
  'print.modules': 'module graph',
  'print.modfiles': 'go.mod, go.sum or go.work',
  'print.gocache': 'cache folder',
};

/** What a key of a fact is about. */
export function factText(key: string): string {
  if (facts[key]) return facts[key];
  if (key.startsWith('env.')) return oneLine(key.slice(4).replace(/@.*/, ''));
  const pin = pinKey(key);
  if (pin) return oneLine([pin.file, pin.what].filter(Boolean).join(' '));
  return oneLine(key.replace('.', ' '));
}

/** The file that the key of a pin names, and which of its pins. What follows the last slash is its name and the source. */
export function pinKey(key: string): { file: string; what: string } | undefined {
  const [, file, source] = /^pin\.((?:.*\/)?[^/:]*):([^/]*)$/s.exec(key) ?? [];
  if (file === undefined || source === undefined) return undefined;
  return { file, what: source.includes(':') ? source.slice(source.indexOf(':') + 1) : '' };
}

/** A value on one line. */
export const valueText = (value: string): string =>
  value === '' ? 'nothing' : oneLine(value.length > 300 ? `${value.slice(0, 300)}…` : value);

/** From what to what a fact changed. */
export function changeText(change: Change): string {
  if (change.secret) return 'its secret part changed';
  if (change.key.startsWith('print.')) return printText(change);
  if (change.kind === 'added') return valueText(change.new);
  if (change.kind === 'removed') return `${valueText(change.old)} → gone`;
  if (change.old === change.new) return `${valueText(change.new)}, from another place`;
  return `${valueText(change.old)} → ${valueText(change.new)}`;
}

const layers: Record<string, string> = {
  process: 'the environment',
  goenv: 'go env -w',
  'go.env': 'go.env',
  default: 'the default',
};

/** Where a value came from and comes from; empty where that says nothing. */
export function layersText(change: Change): string {
  const words = (layer: string) => layers[layer.split(' ')[0] ?? ''] ?? layer;
  const [old, now] = [words(change.oldLayer), words(change.newLayer)];
  if (old === now || now === '') return old;
  return old === '' ? now : `${old} → ${now}`;
}

/** A fingerprint says nothing to people but that it is another; some say more behind it. */
function printText(change: Change): string {
  const shown = (text: string) => (text === '' ? 'nothing' : oneLine(text).replace(/^[0-9a-f]{16,}\s*/, ''));
  const [old, now] = [shown(change.old), shown(change.new)];
  if (change.kind === 'added') return now || 'is there';
  if (change.kind === 'removed') return 'gone';
  return old === now || old === '' || now === '' ? `${now} changed`.trim() : `${old} → ${now}`;
}

/** Which changes a person made comes first, then what follows from them. */
export function ordered(changes: Change[]): Change[] {
  const rank = (key: string) =>
    key === 'score' ? 3 : key.startsWith('print.') ? 2 : key === 'go.selected' ? 0 : 1;
  return [...changes].sort((a, b) => rank(a.key) - rank(b.key));
}

/** What changed, on one short line. */
export function summary(moment: Moment): string {
  const changes = ordered(moment.changes);
  const [first] = changes;
  if (!first) return moment.before === '' ? 'First seen' : 'Nothing that is remembered changed';
  const own = changes.filter((change) => change.key !== 'score' && !change.key.startsWith('print.'));
  if (own.length <= 1) return clip(`${factText(first.key)} ${changeText(first)}`, 90);
  const go = own.find((change) => change.key === 'go.selected');
  // With another Go much else is another; the Go says it all.
  const rest = go ? own.filter((change) => !follows.includes(change.key)) : own;
  const names = [...new Set(rest.map((change) => factText(change.key)))];
  if (go) names.unshift(`${factText(go.key)} ${changeText(go)}`);
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return clip(names.slice(0, 3).join(', '), 90) + more;
}

/** What is another whenever another Go runs. */
const follows = [
  'go.selected',
  'go.goroot',
  'go.how',
  'go.path',
  'env.GOVERSION',
  'env.GOROOT',
  'env.GOTOOLDIR',
];

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** How long ago a time is. */
export function ago(time: number, now: number): string {
  const age = now - time;
  const some = (unit: number, one: string, many: string) => {
    const n = Math.floor(age / unit);
    return n === 1 ? one : `${n} ${many}`;
  };
  if (age < minute) return 'just now';
  if (age < hour) return `${Math.floor(age / minute)} min ago`;
  if (age < day) return some(hour, '1 hour ago', 'hours ago');
  if (age < 60 * day) return some(day, 'yesterday', 'days ago');
  return clock(time).slice(0, 10);
}

/** A time in full, as it is here. */
export function clock(time: number): string {
  const at = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const clip = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** A size with three digits. */
export function bytes(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = n;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** A file, as seen from a folder where it is in it. */
export function relative(root: string, file: string): string {
  const slash = (text: string) => text.replaceAll('\\', '/');
  const [base, name] = [`${slash(root).replace(/\/$/, '')}/`, slash(file)];
  return name.startsWith(base) ? name.slice(base.length) : file;
}
