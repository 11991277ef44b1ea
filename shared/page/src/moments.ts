// The list of moments below the pictures: what changed and why, and the comparison of two of them.
import type { DiffDocument, LogDocument, Moment, PageQuestion } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { changesTable } from './dialog';
import { asker } from './document-section';
import { h, replace } from './dom';
import { words } from './transport';
import { button, card, plural, table } from './ui';
import { ago, causeText, clock, environmentText, ordered, summary } from './words';

const page = 50;

/** A moment that was picked to be compared. */
export interface Pick {
  id: number;
  snapshot: string;
  time: number;
}

export class Moments {
  readonly element = h('div', { class: 'moments' });
  private readonly list = h('ol', { class: 'moment-list' });
  private readonly more = h('div', {});
  private readonly compared = h('div', { 'aria-live': 'polite' });
  private readonly heading = h('span', { class: 'count' });
  private shown: Moment[] = [];
  private filter: Partial<PageQuestion> = {};
  private asked = 0;
  private last = '';
  private readonly picks: Pick[] = [];

  constructor(
    private readonly context: Context,
    private readonly picked: (picks: Pick[]) => void,
  ) {
    this.element.append(this.compared, card(h('span', {}, 'Moments ', this.heading), this.list, this.more));
  }

  /** Lists what fits; total is how many that are. */
  async show(filter: Partial<PageQuestion>, total: number): Promise<void> {
    this.filter = filter;
    this.heading.textContent = total.toLocaleString('en-US');
    const mine = ++this.asked;
    const log = await this.ask({});
    if (mine !== this.asked) return;
    this.shown = log.moments;
    const text = JSON.stringify(log);
    if (text === this.last) return;
    this.last = text;
    this.draw(log.more);
  }

  private ask(more: Partial<PageQuestion>): Promise<LogDocument> {
    return asker(this.context)<LogDocument>({ ...this.filter, ...more, ask: 'moments', limit: page });
  }

  private draw(more: boolean): void {
    const at = Date.now();
    if (this.shown.length === 0) {
      replace(
        this.list,
        h('li', { class: 'faint' }, 'No moment fits. Choose a longer time, or take the filter away.'),
      );
    } else replace(this.list, ...this.shown.map((moment) => this.row(moment, at)));
    replace(
      this.more,
      more ? button('Show older', () => void this.older(), { key: 'older', kind: 'quiet' }) : null,
    );
  }

  private async older(): Promise<void> {
    const before = this.shown.at(-1)?.id;
    if (before === undefined) return;
    try {
      const log = await this.ask({ before });
      this.shown = [...this.shown, ...log.moments];
      this.draw(log.more);
      this.context.say(`${plural(log.moments.length, 'more moment')}`);
    } catch (error) {
      this.context.say(words(error));
    }
  }

  private row(moment: Moment, now: number): HTMLElement {
    const at = Date.parse(moment.time);
    const title = summary(moment);
    const box = h('input', {
      type: 'checkbox',
      'aria-label': `Compare ${clock(at)}: ${title}`,
      'data-key': `pick ${moment.id}`,
      onchange: () => this.pick({ id: moment.id, snapshot: moment.after, time: at }),
    });
    box.checked = this.picks.some((one) => one.id === moment.id);
    const details = h(
      'details',
      { 'data-key': `moment ${moment.id}` },
      h(
        'summary',
        {},
        h('time', { class: 'number', datetime: moment.time, title: ago(at, now) }, clock(at)),
        h('span', { class: 'clip' }, title),
        h('span', { class: 'faint' }, `${causeText(moment)} · ${environmentText(moment.of)}`),
      ),
      h(
        'div',
        { class: 'moment-detail' },
        moment.changes.length > 0
          ? changesTable(`What changed at ${clock(at)}`, ordered(moment.changes))
          : h('p', { class: 'faint' }, 'The workspace was seen here for the first time.'),
        h(
          'p',
          { class: 'faint' },
          `Seen by ${moment.by.name || moment.by.kind}; snapshot ${moment.after.slice(0, 10)}`,
        ),
        h(
          'div',
          { class: 'fixes' },
          button('Compare with now', () => void this.compare(moment.after, 'now', `${clock(at)} and now`), {
            key: `now ${moment.id}`,
          }),
          button(
            'Roll back to this …',
            () => this.context.wish({ kind: 'rollback', snapshot: moment.after }),
            { key: `back ${moment.id}` },
          ),
        ),
      ),
    );
    return h('li', {}, h('label', { class: 'pick' }, box), details);
  }

  private pick(one: Pick): void {
    const at = this.picks.findIndex((other) => other.id === one.id);
    if (at >= 0) this.picks.splice(at, 1);
    else this.picks.push(one);
    if (this.picks.length > 2) this.picks.shift();
    for (const box of this.list.querySelectorAll<HTMLInputElement>('input')) {
      box.checked = this.picks.some((other) => `pick ${other.id}` === box.dataset.key);
    }
    this.picked([...this.picks].sort((a, b) => a.time - b.time));
    const [a, b] = [...this.picks].sort((x, y) => x.time - y.time || x.id - y.id);
    if (a && b) void this.compare(a.snapshot, b.snapshot, `${clock(a.time)} and ${clock(b.time)}`);
    else
      replace(
        this.compared,
        a ? h('p', { class: 'hint-line' }, 'Pick a second moment to compare the two.') : null,
      );
  }

  private async compare(a: string, b: string, title: string): Promise<void> {
    try {
      const doc = await asker(this.context)<DiffDocument>({ ask: 'compare', a, b });
      replace(
        this.compared,
        comparison(doc, title, () => this.clear()),
      );
      this.compared.scrollIntoView({ block: 'nearest' });
    } catch (error) {
      replace(this.compared, h('p', { class: 'notice warning' }, words(error)));
    }
  }

  private clear(): void {
    this.picks.length = 0;
    for (const box of this.list.querySelectorAll<HTMLInputElement>('input')) box.checked = false;
    replace(this.compared);
    this.picked([]);
  }
}

function comparison(doc: DiffDocument, title: string, close: () => void): HTMLElement {
  const box = card(
    h('span', {}, 'What differs between ', title),
    button('Close', close, { key: 'close comparison', kind: 'quiet' }),
  );
  box.classList.add('comparison');
  if (doc.changes.length === 0) box.append(h('p', { class: 'faint' }, 'Nothing that is remembered.'));
  else box.append(changesTable(`What differs between ${title}`, ordered(doc.changes)));
  if (doc.modules.length > 0) {
    box.append(
      h(
        'details',
        { 'data-key': 'modules' },
        h('summary', {}, plural(doc.modules.length, 'module')),
        table(
          'Modules that differ',
          [
            { title: 'Module', header: true, class: 'mono value', cell: (m) => m.path },
            { title: 'Before', class: 'mono', cell: (m) => m.old || 'none' },
            { title: 'After', class: 'mono', cell: (m) => m.new || 'none' },
          ],
          doc.modules,
        ),
      ),
    );
  }
  return box;
}
