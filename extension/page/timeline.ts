// The page of the timeline: keeps what was told and chosen, and draws it.

import { type Cluster, type Detail, extent, type Timeline, type Track } from '../src/timeline';
import { make } from './element';
import { picture, type Spot } from './picture';

/** What is kept while the page is hidden. */
interface Kept {
  of: string;
  /** The length of time that is shown, in ms; 0 is all. */
  span: number;
}

interface Editor {
  postMessage(message: unknown): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
}

declare function acquireVsCodeApi(): Editor;

const editor = acquireVsCodeApi();
const kept: Kept = editor.getState() ?? { of: '', span: 0 };
const hour = 3_600_000;
const spans: [title: string, span: number][] = [
  ['Hour', hour],
  ['Day', 24 * hour],
  ['Week', 7 * 24 * hour],
  ['Month', 30 * 24 * hour],
  ['All', 0],
];
/** No zoom goes below this. */
const least = 1000;

let told: Timeline | undefined;
let chosen: number | undefined;
/** The part that was drawn over. */
let zoomed: [number, number] | undefined;
let clusters: Cluster[] = [];

function find<T extends Element>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no ${id}`);
  return element;
}

const svg = find('picture', SVGSVGElement);
const [tip, detail, empty, note, bar] = ['tip', 'detail', 'empty', 'note', 'bar'].map((id) =>
  find(id, HTMLElement),
) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement];
const whose = find('whose', HTMLSelectElement);

const time = (at: number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

const track = (): Track | undefined => told?.tracks.find((t) => t.of === kept.of) ?? told?.tracks[0];

function range(shown: Track, now: number): [number, number] {
  const [first, last] = extent(shown, now);
  if (zoomed) return zoomed;
  return kept.span === 0 ? [first, last] : [Math.max(last, now) - kept.span, Math.max(last, now)];
}

function render(): void {
  const shown = track();
  document.body.classList.toggle('nothing', told?.empty !== '' || !shown);
  empty.textContent = told?.empty || 'Reading the history…';
  if (told?.empty !== '' || !shown) return;
  const [from, to] = range(shown, told.now);
  const focused = svg.contains(document.activeElement);
  clusters = picture(
    svg,
    { track: shown, from, to, width: svg.parentElement?.clientWidth ?? 600, chosen },
    {
      hint,
      time,
      choose: (cluster) => choose(cluster),
      zoom: (a, b) => {
        zoomed = [a, Math.max(b, a + least)];
        render();
      },
    },
  );
  if (focused) (svg.querySelector('.point[tabindex="0"]') as SVGElement | null)?.focus();
  const count = clusters.reduce((n, cluster) => n + cluster.points.length, 0);
  const left = shown.points.length - count;
  const parts = [`${count} ${count === 1 ? 'change' : 'changes'} from ${time(from)} to ${time(to)}`];
  if (left > 0) parts.push(`${left} outside this time`);
  if (told.more) parts.push('older ones are left out; godrift log lists them');
  note.textContent = `${parts.join('; ')}.`;
  for (const button of bar.querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(!zoomed && Number(button.dataset.span) === kept.span));
  }
}

function hint(lines: string[], at: Spot | undefined): void {
  tip.hidden = !at;
  if (!at) return;
  tip.replaceChildren();
  for (const line of lines) make(tip, 'div', line);
  const { clientWidth, clientHeight } = document.documentElement;
  tip.style.left = `${Math.max(4, Math.min(at.x + 8, clientWidth - tip.offsetWidth - 8))}px`;
  const top = at.above ? at.y - tip.offsetHeight - 4 : at.y + 4;
  tip.style.top = `${Math.max(4, Math.min(top, clientHeight - tip.offsetHeight - 4))}px`;
}

/** Chooses a moment; of several in one place the newest, and what is chosen already steps to the one before. */
function choose(cluster: Cluster): void {
  const at = cluster.points.findIndex((point) => point.id === chosen);
  const point = at > 0 ? cluster.points[at - 1] : cluster.points.at(-1);
  if (!point) return;
  chosen = point.id;
  editor.postMessage({ kind: 'detail', id: point.id });
  render();
}

function showDetail(told: Detail): void {
  detail.replaceChildren();
  make(detail, 'h2', told.title);
  make(detail, 'p', [told.time, told.cause, told.by].filter(Boolean).join(' · '), 'faint');
  if (told.changes.length > 0) {
    const table = make(detail, 'table');
    const head = make(make(table, 'thead'), 'tr');
    for (const title of ['What', 'Before', 'After']) make(head, 'th', title).scope = 'col';
    const body = make(table, 'tbody');
    for (const change of told.changes) {
      const row = make(body, 'tr');
      make(row, 'th', change.what).scope = 'row';
      make(row, 'td', change.old, 'old');
      make(row, 'td', change.new, 'new');
    }
  }
  if (told.left > 0) make(detail, 'p', `… and ${told.left} more`, 'faint');
  const compare = make(detail, 'button', 'Compare with now');
  compare.addEventListener('click', () => editor.postMessage({ kind: 'compare', id: told.id }));
}

function tell(next: Timeline): void {
  told = next;
  whose.replaceChildren();
  for (const one of next.tracks) {
    const option = make(whose, 'option', one.name);
    option.value = one.of;
  }
  whose.value = track()?.of ?? '';
  whose.parentElement?.classList.toggle('alone', next.tracks.length < 2);
  if (chosen !== undefined && !next.tracks.some((t) => t.points.some((p) => p.id === chosen)))
    chosen = undefined;
  if (chosen === undefined) detail.replaceChildren();
  render();
}

for (const [title, span] of spans) {
  const button = make(bar, 'button', title);
  button.dataset.span = String(span);
  button.addEventListener('click', () => {
    kept.span = span;
    zoomed = undefined;
    editor.setState(kept);
    render();
  });
}

whose.addEventListener('change', () => {
  kept.of = whose.value;
  zoomed = undefined;
  chosen = undefined;
  detail.replaceChildren();
  editor.setState(kept);
  render();
});

const ways: Record<string, (at: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: () => clusters.length - 1,
};

svg.addEventListener('keydown', (event) => {
  const at = clusters.findIndex((cluster) => cluster.points.some((point) => point.id === chosen));
  const way = ways[event.key];
  if (way) {
    const next = clusters[Math.min(Math.max(way(at < 0 ? clusters.length : at), 0), clusters.length - 1)];
    if (next && clusters.indexOf(next) !== at) choose(next);
  } else if (event.key === 'Enter' || event.key === ' ') {
    const here = clusters[at < 0 ? clusters.length - 1 : at];
    if (here) choose(here);
  } else if (event.key === 'Escape') hint([], undefined);
  else return;
  event.preventDefault();
});

window.addEventListener(
  'message',
  (event: MessageEvent<{ kind: string; timeline?: Timeline; detail?: Detail }>) => {
    const { kind, timeline, detail: one } = event.data;
    if (kind === 'timeline' && timeline) tell(timeline);
    else if (kind === 'detail' && one && one.id === chosen) showDetail(one);
  },
);

new ResizeObserver(() => render()).observe(svg.parentElement ?? document.body);
editor.postMessage({ kind: 'ready' });
