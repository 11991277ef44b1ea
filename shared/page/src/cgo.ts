// For which targets C code can be built here, and what forces what.
import type { CgoDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { type Cell, type CgoPage, type Mark, pageOf, type TargetDetail } from './cgo-grid';
import { asker, documentSection } from './document-section';
import { h, replace } from './dom';
import type { Section } from './sections';
import { words } from './transport';
import { button, card, code, facts } from './ui';

const meanings: [mark: Mark, sign: string, text: string][] = [
  ['works', '✓', 'can be built'],
  ['other', '✓ CC', 'can be built with another CC, which was tried'],
  ['fails', '✗', 'cannot be built'],
  ['wrong', '≠', 'is built for another system'],
  ['untried', '?', 'not tried'],
  ['none', '–', 'Go has no cgo there'],
];

export function cgo(context: Context): Section {
  const ask = asker(context);
  let all = false;
  let chosen = '';
  // A compiler is started for it: once, and when somebody asks again.
  let known: { root: string; answer: Promise<CgoDocument> } | undefined;
  const look = () => {
    if (known?.root === context.root()) return known.answer;
    const answer = ask<CgoDocument>({ ask: 'cgo', ...(all ? { all } : {}) });
    known = { root: context.root(), answer };
    answer.catch(() => {
      known = undefined;
    });
    return answer;
  };
  const again = async (button: HTMLButtonElement) => {
    known = undefined;
    button.disabled = true;
    await section.refresh().catch((error) => context.say(words(error)));
    button.disabled = false;
  };
  const section = documentSection(
    'cgo',
    look,
    (doc) => {
      const told = pageOf(doc, context.root());
      return [intro(told, doc), grid(told), picture(told), packages(told)];
    },
    'Trying the compilers … the first time this takes some seconds.',
  );

  function intro(told: CgoPage, doc: CgoDocument): HTMLElement {
    const every: HTMLButtonElement = button(
      all ? 'Only the usual targets' : 'Every target',
      () => {
        all = !all;
        void again(every);
      },
      { key: 'all' },
    );
    const more: HTMLButtonElement = button('Look again', () => void again(more), { key: 'again' });
    return h(
      'div',
      { class: 'intro' },
      h(
        'p',
        { class: told.fine ? 'fine' : '' },
        told.needs || `C code, built with ${doc.go || 'the Go that runs'}`,
      ),
      h('div', { class: 'fixes' }, every, more),
    );
  }

  function grid(told: CgoPage): HTMLElement {
    const detail = h('div', {
      class: 'detail',
      role: 'region',
      'aria-label': 'The chosen target',
      'aria-live': 'polite',
    });
    const cells = told.grid.systems.flatMap((row) => row.cells).filter((cell): cell is Cell => cell !== null);
    if (!cells.some((cell) => cell.target === chosen))
      chosen = (cells.find((c) => c.native) ?? cells[0])?.target ?? '';
    const buttons: HTMLButtonElement[] = [];
    const choose = (target: string) => {
      chosen = target;
      for (const one of buttons) one.setAttribute('aria-pressed', String(one.dataset.target === target));
      const found = told.details.find((d) => d.target === target);
      replace(detail, ...(found ? detailOf(found) : []));
    };
    const rows = told.grid.systems.map((system) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, system.name),
        ...system.cells.map((cell) => {
          if (!cell) return h('td', {});
          const made = h(
            'button',
            {
              type: 'button',
              class: `mark ${cell.mark}${cell.on ? ' on' : ''}${cell.native ? ' native' : ''}`,
              'aria-label': cell.label,
              title: cell.label,
              'data-target': cell.target,
              'data-key': `target ${cell.target}`,
              onclick: () => choose(cell.target),
            },
            cell.sign,
          );
          buttons.push(made);
          return h('td', {}, made);
        }),
      ),
    );
    const seen = new Set(cells.map((cell) => cell.mark));
    const legend = h('p', { class: 'legend' });
    for (const [mark, text, meaning] of meanings) {
      if (seen.has(mark))
        legend.append(
          h('span', {}, h('span', { class: `mark ${mark}`, 'aria-hidden': 'true' }, text), ` ${meaning}`),
        );
    }
    if (cells.some((cell) => cell.on)) {
      legend.append(
        h(
          'span',
          {},
          h('span', { class: 'mark on', 'aria-hidden': 'true' }, 'on'),
          ' cgo is on there as things are',
        ),
      );
    }
    choose(chosen);
    return card(
      'C code by target',
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'C code by target' },
        h(
          'table',
          { class: 'grid' },
          h('caption', { class: 'unseen' }, 'Whether C code can be built, by system and architecture'),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('td', {}),
              ...told.grid.architectures.map((name) => h('th', { scope: 'col' }, name)),
            ),
          ),
          h('tbody', {}, ...rows),
        ),
      ),
      legend,
      detail,
    );
  }

  return section;
}

function detailOf(told: TargetDetail): HTMLElement[] {
  const out: HTMLElement[] = [h('h3', {}, told.title)];
  if (told.message) out.push(h('p', {}, told.message));
  if (told.line) out.push(h('pre', { class: 'diff', tabindex: 0 }, told.line));
  if (told.remedies.length > 0) {
    out.push(
      h(
        'ul',
        {},
        ...told.remedies.map((r) =>
          h('li', {}, r.text, r.command ? ': ' : '', r.command ? code(r.command) : null),
        ),
      ),
    );
  }
  out.push(facts(...told.facts));
  if (told.output) {
    out.push(
      h(
        'details',
        { 'data-key': `output ${told.target}` },
        h('summary', {}, 'What the compiler printed'),
        h('pre', { class: 'diff', tabindex: 0 }, told.output),
      ),
    );
  }
  return out;
}

function picture(told: CgoPage): HTMLElement {
  if (told.picture.length === 0) return h('div', {});
  return card(
    'What forces what',
    h(
      'dl',
      { class: 'facts wide' },
      ...told.picture.flatMap((step) => [h('dt', { class: 'mono' }, step.name), h('dd', {}, step.text)]),
    ),
  );
}

function packages(told: CgoPage): HTMLElement {
  if (told.packages.length === 0) return h('div', {});
  return card(
    'Packages that need cgo',
    h(
      'ul',
      { class: 'plain' },
      ...told.packages.map((p) =>
        h(
          'li',
          {},
          h('span', { class: 'mono' }, p.path),
          ` ${p.what} `,
          h('span', { class: 'faint mono' }, p.where),
        ),
      ),
    ),
  );
}
