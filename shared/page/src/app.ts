// The frame of the page: which workspace, which section, and how changes come in.

import { fulfil } from './dialog';
import { h, later, replace, visible } from './dom';
import { type Change, type State, stateText } from './live';
import { type Section, type SectionMaker, sections } from './sections';
import { Refusal, type Transport, type Wish, type Workspace, words } from './transport';
import { button, empty } from './ui';
import { clock, relative } from './words';

/** What a section may know and do. */
export interface Context {
  readonly transport: Transport;
  root(): string;
  /** Says something to those who do not see the page. */
  say(text: string): void;
  /** Shows what a wish would do, asks and does it. */
  wish(wish: Wish): void;
  /** The name of a place in a file; a link where the file can be shown. */
  place(file: string, line: number): Node;
  goTo(section: string): void;
}

const find = <T extends HTMLElement>(id: string): T => {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no ${id}`);
  return element as T;
};

export class App implements Context {
  private workspaces: Workspace[] = [];
  private chosen = '';
  private shown: { maker: SectionMaker; section: Section } | undefined;
  private readonly tabs = new Map<string, HTMLAnchorElement>();
  private readonly refreshSoon = later(120, () => void this.refresh());
  private stale = false;
  private listening: State = { way: 'connecting', since: Date.now() };

  constructor(
    readonly transport: Transport,
    private readonly store: { get(): string; set(place: string): void; onChange(f: () => void): void },
  ) {}

  root(): string {
    return this.chosen;
  }

  say(text: string): void {
    find('said').textContent = visible(text);
  }

  wish(wish: Wish): void {
    void fulfil(this.transport, this.chosen, wish, (text) => this.say(text))
      .catch((error) => this.say(words(error)))
      .then(() => this.refreshSoon());
  }

  place(file: string, line: number): Node {
    const { folder } = this.workspaces.find((w) => w.root === this.chosen) ?? {};
    const name = `${relative(folder ?? this.chosen, file)}${line > 0 ? `:${line}` : ''}`;
    const { open } = this.transport;
    if (!open) return h('span', { class: 'mono path', title: file }, name);
    return h(
      'button',
      {
        type: 'button',
        class: 'link mono path',
        title: file,
        'data-key': `open ${file}:${line}`,
        onclick: () => open.call(this.transport, file, line),
      },
      name,
    );
  }

  goTo(section: string): void {
    this.store.set(section);
    this.show(section);
  }

  async start(): Promise<void> {
    this.frame();
    this.transport.listen({
      changed: (changes) => this.changed(changes),
      missed: () => this.refreshSoon(),
      state: (state) => this.stateIs(state),
    });
    this.store.onChange(() => this.show(this.store.get()));
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.stale) this.refreshSoon();
    });
    setInterval(() => this.tick(), 30_000);
    await this.refresh();
  }

  /** Makes the parts of the frame that do not stand in the document. */
  private frame(): void {
    const bar = find('tabs');
    const shown = sections.filter((maker) => !maker.needs || maker.needs(this.transport));
    for (const maker of shown) {
      const tab = h(
        'a',
        {
          role: 'tab',
          id: `tab-${maker.id}`,
          href: `#${maker.id}`,
          'aria-controls': 'panel',
          onclick: (event: MouseEvent) => {
            event.preventDefault();
            this.goTo(maker.id);
          },
        },
        maker.title,
      );
      this.tabs.set(maker.id, tab);
      bar.append(tab);
    }
    bar.addEventListener('keydown', (event) => this.rove(event));
  }

  /** The arrow keys go from one tab to the next. */
  private rove(event: KeyboardEvent): void {
    const all = [...this.tabs.values()];
    const at = all.indexOf(document.activeElement as HTMLAnchorElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === ' ' && at >= 0) {
      event.preventDefault();
      all[at]?.click();
      return;
    }
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    next?.focus();
    next?.click();
  }

  private show(id: string): void {
    const makers = sections.filter((maker) => this.tabs.has(maker.id));
    const maker = makers.find((one) => one.id === id) ?? makers[0];
    if (!maker) return;
    for (const [name, tab] of this.tabs) {
      const selected = name === maker.id;
      tab.setAttribute('aria-selected', String(selected));
      tab.tabIndex = selected ? 0 : -1;
      if (selected) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    if (this.shown?.maker !== maker) {
      this.shown?.section.gone?.();
      const panel = find('panel');
      panel.setAttribute('aria-labelledby', `tab-${maker.id}`);
      const section = maker.make(this);
      this.shown = { maker, section };
      replace(panel, section.element);
      document.title = this.title();
    }
    void this.load();
  }

  private title(): string {
    const name = this.workspaces.find((w) => w.root === this.chosen)?.name;
    return visible([this.shown?.maker.title, name, 'godrift'].filter(Boolean).join(' · '));
  }

  private async load(): Promise<void> {
    const shown = this.shown;
    if (!shown || this.chosen === '') return;
    const panel = find('panel');
    panel.setAttribute('aria-busy', 'true');
    try {
      await shown.section.refresh();
    } catch (error) {
      if (this.shown !== shown) return;
      if (!shown.section.element.hasChildNodes()) {
        shown.section.element.append(
          empty(
            'This cannot be shown.',
            words(error),
            button('Try again', () => void this.refresh(), { key: 'again' }),
          ),
        );
      } else this.say(words(error));
    } finally {
      if (this.shown === shown) panel.removeAttribute('aria-busy');
    }
  }

  private async refresh(): Promise<void> {
    this.stale = false;
    try {
      this.workspaces = await this.transport.workspaces();
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) {
        this.shown?.section.gone?.();
        this.shown = undefined;
        replace(find('panel'), empty('The monitor does not know this page any more.', words(error)));
      } else if (this.workspaces.length === 0) {
        const again = button('Try again', () => void this.refresh(), { key: 'again' });
        replace(find('panel'), empty('Nothing can be shown.', words(error), again));
      }
      return;
    }
    this.drawWorkspaces();
    if (this.shown) await this.load();
    else this.show(this.store.get());
  }

  private drawWorkspaces(): void {
    const select = find<HTMLSelectElement>('workspace');
    const alone = find('alone');
    if (!this.workspaces.some((w) => w.root === this.chosen)) this.chosen = this.workspaces[0]?.root ?? '';
    const texts = this.workspaces.map((w) =>
      visible(`${w.name} — ${w.ready ? w.selected || 'go stops' : 'looking …'}${w.drift ? ' ≠' : ''}`),
    );
    if (select.options.length !== texts.length || texts.some((text, i) => select.options[i]?.text !== text)) {
      select.replaceChildren(...this.workspaces.map((w, i) => h('option', { value: w.root }, texts[i])));
    }
    select.value = this.chosen;
    select.onchange = () => {
      this.chosen = select.value;
      this.shown?.section.gone?.();
      this.shown = undefined;
      this.show(this.store.get());
    };
    const many = this.workspaces.length > 1;
    find('workspaces').hidden = !many;
    alone.hidden = many;
    alone.textContent = visible(this.workspaces[0]?.name ?? '');
    alone.title = visible(this.workspaces[0]?.root ?? '');
    if (this.workspaces.length === 0) {
      replace(
        find('panel'),
        empty('No workspace is watched.', 'Name one when you start the monitor: godrift monitor ~/src/app'),
      );
    }
    document.title = this.title();
  }

  private changed(changes: Change[]): void {
    const mine = changes.some(
      (c) => c.root === undefined || c.root === '' || this.workspaces.length > 1 || c.root === this.chosen,
    );
    if (!mine) return;
    if (document.hidden) this.stale = true;
    else this.refreshSoon();
  }

  private stateIs(state: State): void {
    this.listening = state;
    const place = find('live');
    place.dataset.way = state.way;
    find('live-text').textContent = stateText(state, (at) => clock(at).slice(11, 16));
    if (state.way === 'offline') this.refreshSoon(); // it may be there, and refuse
  }

  /** Times such as "2 min ago" grow older by themselves. */
  private tick(): void {
    if (!document.hidden && this.listening.way !== 'offline') this.shown?.section.tick?.();
  }
}
