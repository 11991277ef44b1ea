// Every place that says which Go to use, and what each program takes from them.
import type { Meaning, Pin, PinsDocument, Reading, Role, WhyDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { asker, documentSection } from './document-section';
import { h } from './dom';
import type { Section } from './sections';
import { button, card, empty, sign, table } from './ui';

export function pins(context: Context): Section {
  const ask = asker(context);
  return documentSection(
    'pins',
    async () => {
      const [all, why] = await Promise.all([
        ask<PinsDocument>({ ask: 'pins' }),
        ask<WhyDocument>({ ask: 'why' }),
      ]);
      return { all, why };
    },
    ({ all, why }) => [...places(context, all, why), partings(why), readers(context, why)],
  );
}

const roles: Record<Role, string> = {
  floor: 'the least that is needed',
  build: 'builds',
  ship: 'ships',
  test: 'tests',
  lint: 'checks',
  develop: 'development',
  docs: 'documents',
};

function places(context: Context, { pins: all, problems }: PinsDocument, why: WhyDocument): HTMLElement[] {
  const agreed = (pin: Pin) =>
    pin.file === why.pinned.pin?.file &&
    pin.line === why.pinned.pin.line &&
    pin.start === why.pinned.pin.start;
  const out: HTMLElement[] = [];
  if (all.length === 0) {
    out.push(
      empty(
        'Nothing in this workspace says which Go to use.',
        'A go.mod with a go line is the least; a .go-version or a toolchain line says it exactly.',
      ),
    );
  } else {
    out.push(
      card(
        h('span', {}, 'Pins ', h('span', { class: 'count' }, String(all.length))),
        table(
          'Places that say which Go to use',
          [
            {
              title: 'Version',
              header: true,
              class: 'mono version-cell',
              cell: (pin) => [pin.raw, agreed(pin) ? h('span', { class: 'tag' }, 'agreed') : null],
            },
            { title: 'Where', cell: (pin) => context.place(pin.file, pin.line) },
            { title: 'Kind', class: 'mono faint', cell: (pin) => pin.source },
            { title: 'Decides', cell: (pin) => roles[pin.role] },
            { title: 'Meaning', class: 'faint', cell: (pin) => meanings[pin.meaning] },
          ],
          all,
        ),
      ),
    );
  }
  if (problems.length > 0) {
    out.push(
      card(
        'What could not be read',
        h(
          'ul',
          { class: 'findings' },
          ...problems.map((p) =>
            h(
              'li',
              { class: 'finding warning' },
              sign('warning'),
              h(
                'div',
                {},
                h('p', { class: 'message' }, p.message),
                h('p', { class: 'where' }, context.place(p.file, p.line)),
              ),
            ),
          ),
        ),
      ),
    );
  }
  return out;
}

const meanings: Record<Meaning, string> = {
  default: 'never another Go',
  exact: 'exactly this',
  invalid: 'refused by its reader',
  lang: 'a version of the language',
  latest: 'the newest release',
  line: 'the newest of this line',
  min: 'this or newer',
  'min-earlyscan': 'this or newer',
  oldstable: 'the line before the newest',
  range: 'a range',
  ref: 'stands in another file',
  setting: 'a value of GOTOOLCHAIN',
  stable: 'the newest release',
  system: 'whatever is on PATH',
  'trap-float': 'a number, not a text',
  unknown: 'no version can be read',
  unresolved: 'a variable without a value',
  var: 'a variable',
};

function partings(why: WhyDocument): HTMLElement {
  const all = why.partings ?? [];
  if (all.length === 0) {
    return card(
      'Where programs part',
      h(
        'p',
        { class: 'fine' },
        sign('good', true),
        ' Programs that read the same files take the same Go from them.',
      ),
    );
  }
  return card(
    'Where programs part',
    h(
      'ul',
      { class: 'findings' },
      ...all.map((p) =>
        h(
          'li',
          { class: 'finding warning' },
          sign('warning'),
          h(
            'div',
            {},
            h('p', { class: 'message' }, h('strong', {}, `${p.a} ≠ ${p.b}`)),
            h('p', {}, p.message),
          ),
        ),
      ),
    ),
  );
}

/** Which readers take nothing is told when somebody asks. */
function readers(context: Context, why: WhyDocument): HTMLElement {
  const all = why.readers ?? [];
  const taking = all.filter((r) => r.version !== '');
  const rest = all.filter((r) => r.version === '');
  const columns = [
    { title: 'Program', header: true, cell: (r: Reading) => r.reader },
    { title: 'Takes', class: 'mono version-cell', cell: (r: Reading) => r.version || 'nothing' },
    { title: 'From', cell: (r: Reading) => (r.pin ? context.place(r.pin.file, r.pin.line) : '') },
    { title: 'Because', class: 'faint', cell: (r: Reading) => r.reason },
  ];
  const box = card('What each program takes from here');
  if (taking.length > 0) box.append(table('What each program takes', columns, taking));
  if (rest.length > 0) {
    box.append(
      h(
        'details',
        { 'data-key': 'takes nothing' },
        h('summary', {}, `${rest.length} programs take nothing`),
        table('Programs that take nothing', columns, rest),
      ),
    );
  }
  box.append(button('Why this Go', () => context.goTo('now'), { kind: 'quiet', key: 'to now' }));
  return box;
}
