// The build cache: how large, of what, how old, and whether it is whole.
import type { CacheAge, PageCacheDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { asker, documentSection } from './document-section';
import { h } from './dom';
import { fixButton } from './health';
import type { Section } from './sections';
import { asTable, card, code, facts, plural, sign, table } from './ui';
import { ago, bytes, clock } from './words';

export function cache(context: Context): Section {
  const ask = asker(context);
  return documentSection(
    'cache',
    () => ask<PageCacheDocument>({ ask: 'cache' }),
    (doc) => [whole(context, doc), size(doc), old(doc)],
    'Adding the build cache up …',
  );
}

function whole(context: Context, doc: PageCacheDocument): HTMLElement {
  const box = card(
    'Where, and whether it is whole',
    facts(
      ['GOCACHE', code(doc.cache)],
      ['Limit', doc.quota > 0 ? bytes(doc.quota) : 'none is set'],
      [
        'Last read as a whole',
        doc.checked
          ? `${ago(Date.parse(doc.checked), Date.now())}, ${bytes(doc.checkedBytes)}`
          : h('span', {}, 'never; ', code('godrift cache verify'), ' does it'),
      ],
    ),
  );
  if (doc.program)
    box.append(
      h('p', {}, 'A program keeps what is compiled, in the place of the folder: ', code(doc.program)),
    );
  for (const trouble of doc.troubles)
    box.append(h('p', { class: 'notice warning' }, sign('warning'), ` ${trouble}`));
  if (doc.bad.length > 0) {
    box.append(
      h(
        'p',
        { class: 'notice error' },
        sign('error'),
        ` ${plural(doc.bad.length, 'entry is', 'entries are')} not what the name says.`,
      ),
      table(
        'Bad entries',
        [
          { title: 'File', header: true, class: 'mono value', cell: (b) => b.path },
          { title: 'What is wrong', cell: (b) => b.detail },
          { title: 'What go does with it', cell: (b) => b.effect },
        ],
        doc.bad,
      ),
    );
  } else if (doc.checked) {
    box.append(h('p', { class: 'fine' }, sign('good', true), ' Every output was what its name says.'));
  }
  if (doc.fixes.length > 0) {
    box.append(
      h(
        'div',
        { class: 'fixes' },
        ...doc.fixes.map((fix) => fixButton(context, fix, fix.title, `cache ${fix.id}`)),
      ),
    );
  }
  return box;
}

const kinds: [name: string, kind: string, of: (age: CacheAge) => { bytes: number; files: number }][] = [
  ['packages', 'k0', (age) => age.packages],
  ['programs', 'k1', (age) => age.programs],
  ['other', 'k2', (age) => age.other],
];

function size(doc: PageCacheDocument): HTMLElement {
  if (!doc.size) return card('Size', h('p', { class: 'faint' }, doc.missing || 'It cannot be added up.'));
  const { ages, entries, outputs, fuzz, trimmed } = doc.size;
  const total = entries.bytes + outputs.bytes + fuzz.bytes;
  const sum = (age: CacheAge) => kinds.reduce((n, [, , of]) => n + of(age).bytes, 0);
  const most = Math.max(1, ...ages.map(sum));
  const bars = ages.map((age) =>
    h(
      'li',
      {},
      h('span', { class: 'bar-name' }, age.used),
      h(
        'span',
        { class: 'bar', 'aria-hidden': 'true' },
        ...kinds.map(([, kind, of]) =>
          h('span', { class: kind, css: { width: `${(of(age).bytes / most) * 100}%` } }),
        ),
      ),
      h('span', { class: 'number' }, bytes(sum(age))),
    ),
  );
  const box = card(
    'Size',
    h(
      'p',
      { class: 'score' },
      h('span', { class: 'number' }, bytes(total)),
      h('span', { class: 'of' }, ` in ${plural(outputs.files, 'output')}`),
    ),
    h('h3', {}, 'Last used'),
    h('ul', { class: 'bars' }, ...bars),
    h(
      'p',
      { class: 'legend' },
      ...kinds.map(([name, kind]) =>
        h('span', {}, h('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' }), ` ${name}`),
      ),
    ),
    asTable(
      'cache table',
      table(
        'The build cache by age and kind',
        [
          { title: 'Last used', header: true, cell: (age) => age.used },
          ...kinds.map(([name, , of]) => ({
            title: name,
            class: 'number',
            cell: (age: CacheAge) => bytes(of(age).bytes),
          })),
        ],
        ages,
      ),
    ),
  );
  if (fuzz.files > 0)
    box.append(
      h(
        'p',
        { class: 'faint' },
        `${bytes(fuzz.bytes)} of it are fuzz inputs, which no trim removes; go clean -fuzzcache does.`,
      ),
    );
  if (trimmed)
    box.append(
      h('p', { class: 'faint' }, `go last trimmed it at ${clock(Date.parse(trimmed)).slice(0, 16)}.`),
    );
  return box;
}

function old(doc: PageCacheDocument): HTMLElement {
  if (doc.old.length === 0) return h('div', {});
  return card(
    'Caches that were left behind',
    table(
      'Caches that switches left behind',
      [
        { title: 'Folder', header: true, class: 'mono value', cell: (o) => o.cache },
        { title: 'Size', class: 'number', cell: (o) => bytes(o.bytes) },
        { title: 'Still used by', cell: (o) => o.uses.join('; ') || 'nothing' },
      ],
      doc.old,
    ),
    h('p', { class: 'faint' }, code('godrift cache gc'), ' removes those that nothing uses.'),
  );
}
