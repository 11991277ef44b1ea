// Pointers and keys on the pictures of the timeline: what was at a place, and which time is drawn.
import type { PageTimelineDocument } from '../../../extension/src/wire.gen';
import { readout } from './chart';
import { h, replace } from './dom';
import { drawn, moved, type Range, zoomed } from './range';
import { clock } from './words';

/** The pictures, as far as hands need to know them. */
export interface Host {
  doc(): PageTimelineDocument | undefined;
  /** How wide the plots are, and what is beside them. */
  width(): number;
  labelWidth(): number;
  all(): Range;
  /** Draws another time; undefined is all. */
  go(range: Range | undefined): void;
}

export class Hands {
  /** What was at the place that is pointed at. */
  readonly tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  private readonly veil = h('div', { class: 'veil', hidden: true });
  private readonly cursor = h('div', { class: 'cursor', hidden: true });
  /** Where the keyboard is. */
  private at: number | undefined;

  constructor(
    private readonly stack: HTMLElement,
    private readonly host: Host,
  ) {
    stack.append(this.veil, this.cursor);
    const attributes = {
      tabindex: '0',
      role: 'slider',
      'aria-label':
        'Time. The arrow keys move through it, plus and minus look closer and less close, Escape shows all.',
      'aria-describedby': 'range-note',
    };
    for (const [name, value] of Object.entries(attributes)) stack.setAttribute(name, value);
    this.listen();
  }

  /** Another time is drawn. */
  drawn(doc: PageTimelineDocument): void {
    this.stack.setAttribute('aria-valuemin', String(doc.since));
    this.stack.setAttribute('aria-valuemax', String(doc.until));
    this.tell(Math.min(Math.max(this.at ?? doc.until, doc.since), doc.until));
  }

  private tell(at: number): void {
    const doc = this.host.doc();
    if (!doc) return;
    this.stack.setAttribute('aria-valuenow', String(Math.round(at)));
    const lines = readout(doc, at).map(([name, value]) => `${name} ${value}`);
    this.stack.setAttribute('aria-valuetext', [clock(at), ...lines].join(', '));
  }

  private listen(): void {
    const { stack } = this;
    let from: number | undefined;
    const inside = (event: PointerEvent) =>
      event.clientX - stack.getBoundingClientRect().x - this.host.labelWidth();
    stack.addEventListener('pointerdown', (event) => {
      const x = inside(event);
      if (event.button !== 0 || x < 0 || event.pointerType === 'touch') return;
      from = x;
      stack.setPointerCapture(event.pointerId);
    });
    stack.addEventListener('pointermove', (event) => {
      const x = inside(event);
      if (from !== undefined) this.drawVeil(from, x);
      if (x >= 0 && x <= this.host.width()) this.point(x, event.clientX, event.clientY);
      else this.hush();
    });
    const end = (event: PointerEvent) => {
      const begun = from;
      from = undefined;
      this.veil.hidden = true;
      const doc = this.host.doc();
      if (begun === undefined || !doc || event.type === 'pointercancel') return;
      const x = inside(event);
      if (Math.abs(x - begun) > 4)
        this.host.go(drawn({ since: doc.since, until: doc.until }, this.host.width(), begun, x));
    };
    stack.addEventListener('pointerup', end);
    stack.addEventListener('pointercancel', end);
    stack.addEventListener('pointerleave', () => this.hush());
    stack.addEventListener('blur', () => this.hush());
    stack.addEventListener('keydown', (event) => this.key(event));
    stack.addEventListener('dblclick', () => this.host.go(undefined));
  }

  private drawVeil(a: number, b: number): void {
    const [left, right] = [Math.max(Math.min(a, b), 0), Math.min(Math.max(a, b), this.host.width())];
    this.veil.hidden = right - left < 4;
    this.veil.style.setProperty('left', `${this.host.labelWidth() + left}px`);
    this.veil.style.setProperty('width', `${right - left}px`);
  }

  private point(x: number, clientX: number, clientY: number): void {
    const doc = this.host.doc();
    if (!doc) return;
    const at = doc.since + (x / this.host.width()) * (doc.until - doc.since);
    this.cursor.hidden = false;
    this.cursor.style.setProperty('left', `${this.host.labelWidth() + x}px`);
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
    const doc = this.host.doc();
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
    else if (event.key === '+' || event.key === '=') this.host.go(zoomed(here, at, 0.5, this.host.all()));
    else if (event.key === '-') this.host.go(zoomed(here, at, 2, this.host.all()));
    else if (event.key === 'PageUp') this.host.go(moved(here, -0.5, this.host.all()));
    else if (event.key === 'PageDown') this.host.go(moved(here, 0.5, this.host.all()));
    else if (event.key === 'Escape') this.host.go(undefined);
    else return;
    event.preventDefault();
  }

  private walk(at: number): void {
    this.at = at;
    this.tell(at);
    const box = this.stack.getBoundingClientRect();
    const doc = this.host.doc();
    if (!doc) return;
    const x = ((at - doc.since) / (doc.until - doc.since)) * this.host.width();
    this.point(x, box.x + this.host.labelWidth() + x, Math.max(box.y, 0) + 20);
  }
}
