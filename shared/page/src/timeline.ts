// The past: which Go ran, where GOROOT went, cgo, the health and every change, on one axis of time.
import type { CauseKind, PageTimelineDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { type Row, rows } from './chart';
import { asker } from './document-section';
import { h, later, replace } from './dom';
import { Moments, type Pick } from './moments';
import { moved, type Range, spanText, zoomed } from './range';
import type { Section } from './sections';
import { Hands } from './timeline-hands';
import { tablesOf } from './timeline-tables';
import { asTable, button, empty, plural } from './ui';
import { causeWords, clock, environmentText } from './words';

const day = 86_400_000;
const spans: [title: string, span: number][] = [
  ['Hour', 3_600_000],
  ['Day', day],
  ['Week', 7 * day],
  ['Month', 30 * day],
  ['All', 0],
];

export function timeline(context: Context): Section {
  return new Timeline(context);
}

class Timeline implements Section {
  readonly element = h('div', { class: 'section timeline' });
  private readonly bar = h('div', { class: 'toolbar' });
  private readonly filters = h('div', { class: 'toolbar filters' });
  private readonly stack = h('div', { class: 'stack' });
  private readonly note = h('p', { class: 'faint range-note', id: 'range-note' });
  private readonly tables = h('div', {});
  private readonly hands: Hands;
  private readonly search: HTMLInputElement;
  private readonly moments: Moments;
  private readonly watcher: ResizeObserver;
  private readonly theme = matchMedia('(prefers-color-scheme: dark)');
  private readonly themes: MutationObserver;
  private readonly redraw = () => this.draw();
  private readonly askSoon = later(200, () => void this.refresh().catch(() => undefined));

  private doc: PageTimelineDocument | undefined;
  private drawnRows: Row[] = [];
  private width = 0;
  private asked = 0;
  private of = '';
  private span = 0;
  /** A part that was chosen; else what the span says. */
  private part: Range | undefined;
  private cause: CauseKind | '' = '';
  private picks: Pick[] = [];

  constructor(private readonly context: Context) {
    this.search = h('input', {
      type: 'search',
      placeholder: 'Find in what changed …',
      'aria-label': 'Find in what changed',
      'data-key': 'search',
      oninput: () => this.askSoon(),
    });
    this.moments = new Moments(context, (picks) => {
      this.picks = picks;
      this.marks();
    });
    this.hands = new Hands(this.stack, {
      doc: () => this.doc,
      width: () => this.width,
      labelWidth: () => this.labelWidth(),
      all: () => this.all(),
      go: (range) => this.go(range),
    });
    this.watcher = new ResizeObserver(() => {
      const width = this.plotWidth();
      if (this.doc && width > 0 && width !== this.width) {
        this.draw();
        this.askSoon();
      }
    });
    this.watcher.observe(this.element);
    this.theme.addEventListener('change', this.redraw);
    this.themes = new MutationObserver(this.redraw);
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  gone(): void {
    this.watcher.disconnect();
    this.themes.disconnect();
    this.theme.removeEventListener('change', this.redraw);
    for (const row of this.drawnRows) row.end?.();
  }

  async refresh(): Promise<void> {
    const mine = ++this.asked;
    const range = this.range();
    const text = this.search.value.trim();
    const filter = {
      ...(range
        ? { since: new Date(range.since).toISOString(), until: new Date(range.until).toISOString() }
        : {}),
      ...(this.cause === '' ? {} : { cause: this.cause }),
      ...(text === '' ? {} : { text }),
    };
    const doc = await asker(this.context)<PageTimelineDocument>({
      ...filter,
      ask: 'timeline',
      width: Math.max(this.plotWidth(), 100) || 800,
      zone: -new Date().getTimezoneOffset(),
      ...(this.of === '' ? {} : { of: this.of }),
    });
    if (mine !== this.asked) return;
    this.doc = doc;
    if (doc.total === 0) {
      this.drawNothing();
      return;
    }
    if (!this.element.contains(this.stack)) {
      replace(
        this.element,
        this.bar,
        this.filters,
        h(
          'div',
          { class: 'card chart' },
          h('h2', { class: 'unseen' }, 'Pictures of the past'),
          this.stack,
          this.note,
          this.tables,
        ),
        this.moments.element,
        this.hands.tip,
      );
    }
    this.drawBars();
    this.draw();
    await this.moments.show({ ...filter, of: doc.of }, doc.count);
  }

  private drawNothing(): void {
    replace(
      this.element,
      empty(
        'Nothing is remembered of this workspace yet.',
        'Its first state is written down a moment after it was looked at. Then every change of the environment and of the pins is drawn here: a go env -w, another branch, a new Go.',
      ),
    );
  }

  /** What is asked for: a part, or a span that ends now; undefined is all. */
  private range(): Range | undefined {
    if (this.part) return this.part;
    if (this.span === 0) return undefined;
    return { since: Date.now() - this.span, until: Date.now() };
  }

  private all(): Range {
    const doc = this.doc;
    return { since: doc?.first ?? 0, until: Math.max(doc?.last ?? 0, Date.now()) };
  }

  /** Draws a part, or a span that ends now; 0 is all. */
  private go(range: Range | undefined, span = 0): void {
    this.part = range;
    if (range === undefined) this.span = span;
    void this.refresh().catch(() => undefined);
  }

  private drawBars(): void {
    const doc = this.doc;
    if (!doc) return;
    const here = { since: doc.since, until: doc.until };
    const middle = (doc.since + doc.until) / 2;
    const step = (text: string, title: string, range: () => Range, key: string) =>
      button(text, () => this.go(range()), { key, label: title, title });
    replace(
      this.bar,
      doc.environments.length > 1 ? this.whose(doc) : null,
      h(
        'div',
        { class: 'group', role: 'group', 'aria-label': 'How much time is shown' },
        ...spans.map(([title, span]) =>
          button(title, () => this.go(undefined, span), {
            key: `span ${title}`,
            pressed: !this.part && this.span === span,
          }),
        ),
      ),
      h(
        'div',
        { class: 'group', role: 'group', 'aria-label': 'Move through time' },
        step('←', 'Earlier', () => moved(here, -0.5, this.all()), 'earlier'),
        step('→', 'Later', () => moved(here, 0.5, this.all()), 'later'),
        step('+', 'Look closer', () => zoomed(here, middle, 0.5, this.all()), 'closer'),
        step('−', 'Look less close', () => zoomed(here, middle, 2, this.all()), 'wider'),
      ),
    );
    const chips = doc.causes.map(({ kind, count }) =>
      button(
        h('span', {}, `${causeWords(kind)} `, h('span', { class: 'count' }, count.toLocaleString('en-US'))),
        () => {
          this.cause = this.cause === kind ? '' : kind;
          void this.refresh().catch(() => undefined);
        },
        { key: `cause ${kind}`, kind: 'quiet', pressed: this.cause === kind },
      ),
    );
    if (!this.filters.contains(this.search)) this.filters.replaceChildren(this.search);
    let group = this.filters.querySelector<HTMLElement>('.chips');
    if (!group) {
      group = h('div', { class: 'chips', role: 'group', 'aria-label': 'Only moments with this cause' });
      this.filters.append(group);
    }
    replace(group, ...chips);
  }

  private whose(doc: PageTimelineDocument): HTMLElement {
    const select = h(
      'select',
      {
        'data-key': 'whose',
        'aria-label': 'Whose environment',
        onchange: () => {
          this.of = select.value;
          this.go(undefined);
        },
      },
      ...doc.environments.map((one) => h('option', { value: one.of }, environmentText(one.of))),
    );
    select.value = doc.of;
    return select;
  }

  /** How wide a plot is. */
  private plotWidth(): number {
    const width = this.stack.clientWidth || this.element.clientWidth;
    return Math.floor(width - this.labelWidth());
  }

  /** On a narrow page the labels stand above the plots. */
  private labelWidth(): number {
    const { clientWidth } = this.element;
    return clientWidth < 720 ? 0 : clientWidth < 1100 ? 196 : 284;
  }

  private draw(): void {
    const doc = this.doc;
    if (!doc || doc.total === 0) return;
    for (const row of this.drawnRows) row.end?.();
    this.width = this.plotWidth();
    this.stack.classList.toggle('narrow', this.labelWidth() === 0);
    this.stack.classList.toggle('wide', this.labelWidth() > 196);
    this.drawnRows = rows(doc, this.width);
    const grid = h('div', { class: 'rows' });
    for (const row of this.drawnRows) grid.append(row.label, row.plot);
    this.stack.querySelector('.rows')?.remove();
    this.stack.prepend(grid);
    this.note.textContent = `${clock(doc.since).slice(0, 16)} to ${clock(doc.until).slice(0, 16)}, ${spanText(doc.until - doc.since)}; ${plural(doc.count, 'moment')} of ${doc.total.toLocaleString('en-US')}. Drag over a time to look closer.`;
    this.hands.drawn(doc);
    replace(this.tables, asTable('timeline table', tablesOf(doc)));
    this.marks();
  }

  private x(at: number): number {
    const doc = this.doc;
    if (!doc) return 0;
    return this.labelWidth() + ((at - doc.since) / (doc.until - doc.since)) * this.width;
  }

  /** Where the picked moments are. */
  private marks(): void {
    for (const old of this.stack.querySelectorAll('.mark-line')) old.remove();
    const doc = this.doc;
    if (!doc) return;
    for (const [i, pick] of this.picks.entries()) {
      if (pick.time < doc.since || pick.time > doc.until) continue;
      this.stack.append(
        h('div', {
          class: 'mark-line',
          'data-name': i === 0 ? 'A' : 'B',
          css: { left: `${this.x(pick.time)}px` },
        }),
      );
    }
  }
}
