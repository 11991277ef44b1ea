// The small parts that the sections are made of.
import { add, type Child, h, s } from './dom';

/** A rule that is off finds nothing; a finding has one of the others. */
export type Severity = 'error' | 'warning' | 'info' | 'hint' | 'off';

const shapes: Record<Severity | 'good', string> = {
  // Each has an outline of its own: nobody has to tell colours apart.
  error: 'M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2ZM5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4',
  warning: 'M8 1.6 15.2 14H.8ZM8 6.2v3.6M8 11.6v.6',
  info: 'M8 1.2A6.8 6.8 0 1 1 8 14.8 6.8 6.8 0 0 1 8 1.2ZM8 7.2v4M8 4.6v.6',
  off: 'M8 4.2A3.8 3.8 0 1 1 8 11.8 3.8 3.8 0 0 1 8 4.2Z',
  hint: 'M8 4.2A3.8 3.8 0 1 1 8 11.8 3.8 3.8 0 0 1 8 4.2Z',
  good: 'M8 1.2A6.8 6.8 0 1 1 8 14.8 6.8 6.8 0 0 1 8 1.2ZM4.8 8.2l2.3 2.3 4.2-4.6',
};

const spoken: Record<Severity | 'good', string> = {
  error: 'Error',
  warning: 'Warning',
  info: 'Note',
  off: 'Hint',
  hint: 'Hint',
  good: 'Fine',
};

/** The sign of a severity, with its name for those who do not see it. */
export function sign(severity: Severity | 'good', hidden = false): SVGSVGElement {
  const picture = s('svg', { class: `sign ${severity}`, viewBox: '0 0 16 16', width: 16, height: 16 });
  if (hidden) picture.setAttribute('aria-hidden', 'true');
  else {
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', spoken[severity]);
  }
  picture.append(s('path', { d: shapes[severity] }));
  return picture;
}

export interface ButtonOptions {
  kind?: 'plain' | 'primary' | 'quiet';
  key?: string;
  label?: string;
  pressed?: boolean;
  disabled?: boolean;
  title?: string;
}

export function button(
  text: Child,
  click: (event: MouseEvent) => void,
  options: ButtonOptions = {},
): HTMLButtonElement {
  return h(
    'button',
    {
      type: 'button',
      class: `button ${options.kind ?? 'plain'}`,
      'data-key': options.key,
      'aria-label': options.label,
      'aria-pressed': options.pressed === undefined ? undefined : String(options.pressed),
      disabled: options.disabled,
      title: options.title,
      onclick: click,
    },
    text,
  );
}

/** A part of a section, with its heading. */
export function card(title: Child, ...children: Child[]): HTMLElement {
  return h('section', { class: 'card' }, h('h2', {}, title), ...children);
}

/** What is shown where there is nothing: why, and what to do. */
export function empty(title: string, ...children: Child[]): HTMLElement {
  const box = h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title));
  for (const child of children) add(box, [typeof child === 'string' ? h('p', {}, child) : child]);
  return box;
}

export const code = (text: string): HTMLElement => h('code', {}, text);

export interface Column<Row> {
  title: string;
  cell: (row: Row) => Child | Child[];
  class?: string;
  /** This cell is what its row is called. */
  header?: boolean;
}

/** A table that can be scrolled sideways where it has no room. */
export function table<Row>(caption: string, columns: Column<Row>[], rows: Row[], shown = false): HTMLElement {
  const head = h('tr', {}, ...columns.map((c) => h('th', { scope: 'col', class: c.class }, c.title)));
  const body = rows.map((row) =>
    h(
      'tr',
      {},
      ...columns.map((c) => {
        const content = c.cell(row);
        const cell = c.header ? h('th', { scope: 'row', class: c.class }) : h('td', { class: c.class });
        add(cell, Array.isArray(content) ? content : [content]);
        return cell;
      }),
    ),
  );
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', { class: shown ? '' : 'unseen' }, caption),
      h('thead', {}, head),
      h('tbody', {}, ...body),
    ),
  );
}

/** The same as a picture tells, for those who do not see it, or want to copy it. */
export function asTable(key: string, made: HTMLElement): HTMLElement {
  return h('details', { class: 'as-table', 'data-key': key }, h('summary', {}, 'As a table'), made);
}

/** Names and what they are. */
export function facts(...pairs: [string, Child][]): HTMLElement {
  const list = h('dl', { class: 'facts' });
  for (const [name, value] of pairs) list.append(h('dt', {}, name), h('dd', {}, value));
  return list;
}

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
