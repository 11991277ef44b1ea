// The past: which Go ran, where GOROOT went, cgo, the health and every change, on one axis of time.
import type { CauseKind, PageTimelineDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { bandText, laneTitle, type Row, readout, rows } from './chart';
import { asker } from './document-section';
import { h, later, replace } from './dom';
import { Moments, type Pick } from './moments';
import { drawn, moved, type Range, spanText, zoomed } from './range';
import type { Section } from './sections';
import { asTable, button, empty, plural, table } from './ui';
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
  private readonly veil = h('div', { class: 'veil', hidden: true });
  private readonly cursor = h('div', { class: 'cursor', hidden: true });
  private readonly tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
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
  /** Where the keyboard is. */
  private at: number | undefined;

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
    this.stack.append(this.veil, this.cursor);
    Object.assign(this.stack, { tabIndex: 0 });
    for (const [name, value] of Object.entries({
      role: 'slider',
      'aria-label':
        'Time. The arrow keys move through it, plus and minus look closer and less close, Escape shows all.',
      'aria-describedby': 'range-note',
    })) {
      this.stack.setAttribute(name, value);
    }
    this.listen();
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
        this.tip,
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

  private go(range: Range | undefined): void {
    this.part = range;
    if (range === undefined) this.span = 0;
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
          button(
            title,
            () => {
              this.span = span;
              this.go(undefined);
              this.span = span;
            },
            { key: `span ${title}`, pressed: !this.part && this.span === span },
          ),
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
    this.stack.setAttribute('aria-valuemin', String(doc.since));
    this.stack.setAttribute('aria-valuemax', String(doc.until));
    this.tell(this.at === undefined ? doc.until : Math.min(Math.max(this.at, doc.since), doc.until));
    replace(this.tables, asTable('timeline table', tablesOf(doc)));
    this.marks();
  }

  private tell(at: number): void {
    if (!this.doc) return;
    this.stack.setAttribute('aria-valuenow', String(Math.round(at)));
    const lines = readout(this.doc, at).map(([name, value]) => `${name} ${value}`);
    this.stack.setAttribute('aria-valuetext', [clock(at), ...lines].join(', '));
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

  private listen(): void {
    const { stack } = this;
    let from: number | undefined;
    const inside = (event: PointerEvent) =>
      event.clientX - stack.getBoundingClientRect().x - this.labelWidth();
    stack.addEventListener('pointerdown', (event) => {
      const x = inside(event);
      if (event.button !== 0 || x < 0 || event.pointerType === 'touch') return;
      from = x;
      stack.setPointerCapture(event.pointerId);
    });
    stack.addEventListener('pointermove', (event) => {
      const x = inside(event);
      if (from !== undefined) this.drawVeil(from, x);
      if (x >= 0 && x <= this.width) this.point(x, event.clientX, event.clientY);
      else this.hush();
    });
    const end = (event: PointerEvent) => {
      const begun = from;
      from = undefined;
      this.veil.hidden = true;
      if (begun === undefined || !this.doc || event.type === 'pointercancel') return;
      const x = inside(event);
      if (Math.abs(x - begun) > 4)
        this.go(drawn({ since: this.doc.since, until: this.doc.until }, this.width, begun, x));
    };
    stack.addEventListener('pointerup', end);
    stack.addEventListener('pointercancel', end);
    stack.addEventListener('pointerleave', () => this.hush());
    stack.addEventListener('blur', () => this.hush());
    stack.addEventListener('keydown', (event) => this.key(event));
    stack.addEventListener('dblclick', () => this.go(undefined));
  }

  private drawVeil(a: number, b: number): void {
    const [left, right] = [Math.max(Math.min(a, b), 0), Math.min(Math.max(a, b), this.width)];
    this.veil.hidden = right - left < 4;
    this.veil.style.setProperty('left', `${this.labelWidth() + left}px`);
    this.veil.style.setProperty('width', `${right - left}px`);
  }

  private point(x: number, clientX: number, clientY: number): void {
    const doc = this.doc;
    if (!doc) return;
    const at = doc.since + (x / this.width) * (doc.until - doc.since);
    this.cursor.hidden = false;
    this.cursor.style.setProperty('left', `${this.labelWidth() + x}px`);
    replace(
      this.tip,
      h('p', { class: 'tip-time' }, clock(at)),
      h('dl', {}, ...readout(doc, at).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
    );
    this.tip.hidden = false;
    const { clientWidth, clientHeight } = document.documentElement;
    const left =
      clientX + 16 + this.tip.offsetWidth > clientWidth ? clientX - 16 - this.tip.offsetWidth : clientX + 16;
    this.tip.style.setProperty('left', `${Math.max(4, left)}px`);
    this.tip.style.setProperty(
      'top',
      `${Math.max(4, Math.min(clientY + 16, clientHeight - this.tip.offsetHeight - 8))}px`,
    );
  }

  private hush(): void {
    this.cursor.hidden = true;
    this.tip.hidden = true;
  }

  private key(event: KeyboardEvent): void {
    const doc = this.doc;
    if (!doc || event.target !== this.stack || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = { since: doc.since, until: doc.until };
    const at = Math.min(Math.max(this.at ?? doc.until, doc.since), doc.until);
    const step = (doc.until - doc.since) / (event.shiftKey ? 10 : 100);
    const to = {
      ArrowLeft: at - step,
      ArrowDown: at - step,
      ArrowRight: at + step,
      ArrowUp: at + step,
      Home: doc.since,
      End: doc.until,
    }[event.key];
    if (to !== undefined) this.walk(Math.min(Math.max(to, doc.since), doc.until));
    else if (event.key === '+' || event.key === '=') this.go(zoomed(here, at, 0.5, this.all()));
    else if (event.key === '-') this.go(zoomed(here, at, 2, this.all()));
    else if (event.key === 'PageUp') this.go(moved(here, -0.5, this.all()));
    else if (event.key === 'PageDown') this.go(moved(here, 0.5, this.all()));
    else if (event.key === 'Escape') this.go(undefined);
    else return;
    event.preventDefault();
  }

  private walk(at: number): void {
    this.at = at;
    this.tell(at);
    const box = this.stack.getBoundingClientRect();
    const x = this.x(at) - this.labelWidth();
    this.point(x, box.x + this.labelWidth() + x, Math.max(box.y, 0) + 20);
  }
}

/** What the pictures show, as text. */
function tablesOf(doc: PageTimelineDocument): HTMLElement {
  const bands = doc.lanes.flatMap((lane) => lane.bands.slice(-50).map((band) => ({ lane, band })));
  return h(
    'div',
    {},
    table(
      'What was in force when; of each the last fifty',
      [
        { title: 'What', header: true, cell: ({ lane }) => laneTitle(lane.key) },
        { title: 'From', class: 'number nowrap', cell: ({ band }) => clock(band.from) },
        { title: 'To', class: 'number nowrap', cell: ({ band }) => clock(band.to) },
        { title: 'Value', class: 'mono value', cell: ({ band }) => bandText(band) },
      ],
      bands,
      true,
    ),
    table(
      'GOROOT moves',
      [
        { title: 'From and to', header: true, cell: (move) => move.label },
        { title: 'Moves', class: 'number', cell: (move) => move.count },
      ],
      doc.moves,
      true,
    ),
    table(
      'How often cgo was switched',
      [
        { title: 'From', header: true, class: 'number nowrap', cell: (flip) => clock(flip.time) },
        { title: 'On', class: 'number', cell: (flip) => flip.on },
        { title: 'Off', class: 'number', cell: (flip) => flip.off },
      ],
      doc.flips,
      true,
    ),
    table(
      'Health, the last fifty values',
      [
        { title: 'From', header: true, class: 'number nowrap', cell: (one) => clock(one.time) },
        { title: 'Score', class: 'number', cell: (one) => (one.score < 0 ? 'not known' : one.score) },
        { title: 'Lowest on the way', class: 'number', cell: (one) => (one.low < 0 ? '' : one.low) },
      ],
      doc.scores.slice(-50),
      true,
    ),
  );
}
