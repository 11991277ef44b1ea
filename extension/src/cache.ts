// The build cache as a tree: what the server answered, what is wrong first.

import { bytes } from '../../shared/page/src/words';
import { ago } from './moments';
import type { Row } from './row';
import type { CacheAge, CacheShare, CacheSizeDocument, OldCache, PageCacheDocument } from './wire.gen';

const most = 50;

/** Makes the tree of the build cache that go uses in a workspace folder. */
export function cacheTree(doc: PageCacheDocument, home: string, now: number): Row[] {
  const nodes: Row[] = [place(doc, home)];
  doc.troubles.forEach((text, i) => {
    nodes.push({ id: `trouble${i}`, label: text, tooltip: text, ...warning });
  });
  nodes.push(check(doc, now));
  if (doc.fixes.length > 0) nodes.push(...doc.fixes.map(mend));
  if (doc.size) nodes.push(ages(doc.size), kinds(doc.size));
  if (doc.old.length > 0) nodes.push(left(doc.old, home));
  return nodes;
}

const warning = { icon: 'warning', color: 'problemsWarningIcon.foreground' };
const error = { icon: 'error', color: 'problemsErrorIcon.foreground' };

function place(doc: PageCacheDocument, home: string): Row {
  const total = doc.size ? sum(doc.size) : 0;
  const over = doc.quota > 0 && total > doc.quota;
  const size = doc.size ? bytes(total) : 'nothing there yet';
  const notes = [doc.cache, doc.missing];
  if (doc.quota > 0) notes.push(`The quota is ${bytes(doc.quota)}.`);
  if (doc.program) notes.push(`GOCACHEPROG=${doc.program} keeps what is compiled.`);
  return {
    id: 'place',
    label: short(doc.cache, home),
    description: [size, over && 'over its quota', doc.program && 'GOCACHEPROG is used']
      .filter(Boolean)
      .join(', '),
    tooltip: notes.filter(Boolean).join('\n\n'),
    ...(over ? warning : { icon: 'database' }),
  };
}

function check(doc: PageCacheDocument, now: number): Row {
  if (!doc.checked) {
    return {
      id: 'check',
      label: 'Never checked',
      description: 'click to read all of it',
      tooltip:
        'The go command does not check what it takes out of its cache. Reading all of it finds what is bad.',
      icon: 'shield',
      command: 'godrift.cacheVerify',
    };
  }
  const when = ago(Date.parse(doc.checked), now);
  if (doc.bad.length === 0) {
    return {
      id: 'check',
      label: 'No bad entry',
      description: `${bytes(doc.checkedBytes)} read ${when}`,
      icon: 'pass',
      color: 'testing.iconPassed',
    };
  }
  return {
    id: 'check',
    label: doc.bad.length === 1 ? '1 bad entry' : `${doc.bad.length} bad entries`,
    description: `read ${when}`,
    ...error,
    children: doc.bad.slice(0, most).map((bad) => ({
      id: bad.path,
      label: bad.path.slice(doc.cache.length + 1),
      description: bad.reason,
      tooltip: `${bad.path}\n\n${bad.detail}\n\n${bad.effect}`,
      icon: 'circle-slash',
    })),
  };
}

function mend(fix: PageCacheDocument['fixes'][number]): Row {
  return { id: fix.id, label: fix.title, tooltip: fix.note ?? '', icon: 'lightbulb', fix: fix.id };
}

const all = (age: CacheAge): number => age.packages.bytes + age.programs.bytes + age.other.bytes;

const sum = (size: CacheSizeDocument): number => size.outputs.bytes + size.entries.bytes + size.fuzz.bytes;

const cells = 6;

/** The ages as bars of the same scale. */
function ages(size: CacheSizeDocument): Row {
  const longest = Math.max(1, ...size.ages.map(all));
  return {
    id: 'ages',
    label: 'Last used',
    icon: 'history',
    children: size.ages.map((age) => ({
      id: `age ${age.used}`,
      label: age.used,
      description: `${bytes(all(age))} ${bar(all(age), longest)}`.trimEnd(),
      tooltip: [
        `Packages: ${share(age.packages)}`,
        `Programs: ${share(age.programs)}`,
        `Other: ${share(age.other)}`,
      ].join('\n\n'),
      icon: 'blank',
    })),
  };
}

function bar(part: number, whole: number): string {
  return part === 0 ? '' : '█'.repeat(Math.max(1, Math.round((part * cells) / whole)));
}

function kinds(size: CacheSizeDocument): Row {
  const total = (of: (age: CacheAge) => CacheShare): CacheShare =>
    size.ages.reduce((a, age) => ({ files: a.files + of(age).files, bytes: a.bytes + of(age).bytes }), {
      files: 0,
      bytes: 0,
    });
  const rows: [string, CacheShare, string][] = [
    ['compiled packages', total((age) => age.packages), 'package'],
    ['programs', total((age) => age.programs), 'terminal'],
    ['other outputs', total((age) => age.other), 'output'],
    ['entries', size.entries, 'list-flat'],
    ['fuzz inputs', size.fuzz, 'beaker'],
  ];
  return {
    id: 'kinds',
    label: 'By kind',
    icon: 'layers',
    collapsed: true,
    children: rows
      .filter(([, part]) => part.files > 0)
      .map(([label, part, icon]) => ({ id: `kind ${label}`, label, description: share(part), icon })),
  };
}

function left(old: OldCache[], home: string): Row {
  return {
    id: 'old',
    label: 'Left behind by a switch',
    description: `${old.length}`,
    icon: 'archive',
    children: old.map((cache) => ({
      id: `old ${cache.cache}`,
      label: short(cache.cache, home),
      description: `${cache.uses.length > 0 ? 'still in use' : 'can go'}, ${bytes(cache.bytes)} of its own`,
      tooltip: [cache.cache, ...cache.uses].join('\n\n'),
      icon: cache.uses.length > 0 ? 'lock' : 'trash',
      ...(cache.uses.length > 0 ? {} : { command: 'godrift.cacheGc' }),
    })),
  };
}

const share = (part: CacheShare): string =>
  `${bytes(part.bytes)}, ${part.files === 1 ? '1 file' : `${part.files} files`}`;

function short(path: string, home: string): string {
  return home && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
}
