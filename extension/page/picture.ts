// Draws a track as SVG. Every text from outside is set as text, never as markup.
import {
  type Band,
  type Cluster,
  fitBands,
  gather,
  type Lane,
  scoreKey,
  steps,
  type Track,
  ticks,
} from '../src/timeline';

/** Where a hint stands: below a place, or above it where what is below has to stay readable. */
export interface Spot {
  x: number;
  y: number;
  above?: boolean;
}

/** What the picture tells of what the pointer or the keyboard is at. */
export interface Ears {
  hint(lines: string[], at: Spot | undefined): void;
  choose(cluster: Cluster): void;
  /** The person has drawn over this time. */
  zoom(from: number, to: number): void;
  time(time: number): string;
}

/** What a picture shows. */
export interface View {
  track: Track;
  from: number;
  to: number;
  width: number;
  chosen: number | undefined;
}

const [left, right, laneHeight, gap, scoreHeight, axis] = [116, 14, 26, 12, 56, 24];
/** How wide a character of a label is, about. */
const character = 6.6;
/** How many colours there are; a value keeps its own. */
const colours = 6;

type Attributes = Record<string, string | number>;

function draw<K extends keyof SVGElementTagNameMap>(
  parent: Element,
  name: K,
  attributes: Attributes = {},
  text?: string,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

/** Draws the picture into svg and returns the clusters of moments, in the order of time. */
export function picture(svg: SVGSVGElement, view: View, ears: Ears): Cluster[] {
  const inner = Math.max(view.width - left - right, 80);
  svg.replaceChildren();
  let y = 8;
  const grid = draw(svg, 'g');
  for (const lane of view.track.lanes) {
    const height = lane.key === scoreKey ? scoreHeight : laneHeight;
    const row = draw(svg, 'g', { class: 'lane', role: 'img', transform: `translate(0 ${y})` });
    row.setAttribute('aria-label', spoken(lane));
    draw(row, 'text', { class: 'name', x: left - 12, y: height / 2 + 4, 'text-anchor': 'end' }, lane.title);
    const body = draw(row, 'g', { transform: `translate(${left} 0)` });
    if (lane.key === scoreKey) score(body, lane, view, inner, ears);
    else bands(body, lane, view, inner, ears);
    y += height + gap;
  }
  const clusters = points(svg, view, inner, y, ears);
  y += laneHeight + gap;
  const marks = draw(svg, 'g', { class: 'axis', 'aria-hidden': 'true' });
  const offset = -new Date(view.to).getTimezoneOffset() * 60_000;
  for (const { time, label } of ticks(view.from, view.to, Math.max(2, inner / 90), offset)) {
    const x = left + ((time - view.from) / (view.to - view.from)) * inner;
    draw(grid, 'line', { class: 'grid', x1: x, x2: x, y1: 4, y2: y });
    draw(marks, 'text', { x, y: y + 15, 'text-anchor': 'middle' }, label);
  }
  svg.setAttribute('width', String(view.width));
  svg.setAttribute('height', String(y + axis));
  brush(svg, view, inner, y, ears);
  return clusters;
}

/** A row as a screen reader says it. */
function spoken(lane: Lane): string {
  const values = lane.bands.slice(-8).map((band) => shown(band.value));
  return `${lane.title}: ${values.join(', then ')}`;
}

const shown = (value: string | null) => (value === null ? 'not known' : value === '' ? 'nothing' : value);

/** The colour of a value: the first that was seen has the first colour. */
function palette(lane: Lane): Map<string | null, number> {
  const map = new Map<string | null, number>();
  for (const { value } of lane.bands) {
    if (value && !map.has(value)) map.set(value, map.size % colours);
  }
  return map;
}

function bands(body: SVGGElement, lane: Lane, view: View, inner: number, ears: Ears): void {
  const colour = palette(lane);
  for (const span of fitBands(lane.bands, view.from, view.to, inner)) {
    const [first] = span.bands;
    if (!first) continue;
    const many = span.bands.length > 1;
    const width = Math.max(span.width - 1, 2);
    const value = many ? null : first.value;
    const kind = many ? 'many' : value === null || value === '' ? 'none' : `c${colour.get(value)}`;
    const band = draw(body, 'g', { class: `band ${kind}` });
    draw(band, 'rect', { class: 'fill', x: span.x, y: 0, width, height: laneHeight, rx: 3 });
    draw(band, 'rect', { class: 'edge', x: span.x, y: laneHeight - 3, width, height: 3, rx: 1.5 });
    const label = many ? '' : fitted(shown(value), width - 12);
    if (label) draw(band, 'text', { x: span.x + 6, y: laneHeight / 2 + 3 }, label);
    hints(band, ears, () => (many ? several(lane, span.bands, ears) : single(lane, first, ears)));
  }
}

const single = (lane: Lane, band: Band, ears: Ears) => [
  `${lane.title}: ${shown(band.value)}`,
  `${ears.time(band.from)} – ${ears.time(band.to)}`,
];

function several(lane: Lane, all: Band[], ears: Ears): string[] {
  const lines = [`${lane.title}: ${all.length} values within a short time`];
  for (const band of all.slice(0, 6)) lines.push(`${ears.time(band.from)}  ${shown(band.value)}`);
  return lines;
}

/** As much of a text as there is room for; of a path its end says more. */
function fitted(text: string, room: number): string {
  const most = Math.floor(room / character);
  if (text.length <= most) return text;
  if (most < 4) return '';
  return /^([/~]|[A-Za-z]:\\)/.test(text) ? `…${text.slice(1 - most)}` : `${text.slice(0, most - 1)}…`;
}

function score(body: SVGGElement, lane: Lane, view: View, inner: number, ears: Ears): void {
  const line = steps(lane.bands, view.from, view.to, inner);
  const y = (value: number) => 4 + ((100 - value) / 100) * (scoreHeight - 8);
  for (const value of [100, 0]) {
    draw(body, 'line', { class: 'grid', x1: 0, x2: inner, y1: y(value), y2: y(value) });
  }
  const path = line.map((s, i) => `${i === 0 ? 'M' : 'L'}${s.x} ${y(s.score)}H${s.end}`).join('');
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last) return;
  draw(body, 'path', { class: 'area', d: `${path}V${y(0)}H${first.x}Z` });
  draw(body, 'path', { class: 'line', d: path });
  draw(
    body,
    'text',
    {
      class: 'score',
      x: Math.max(last.end - 6, 20),
      y: y(last.score) < 20 ? y(last.score) + 14 : y(last.score) - 5,
      'text-anchor': 'end',
    },
    String(last.score),
  );
  const area = draw(body, 'rect', { class: 'catch', x: 0, y: 0, width: inner, height: scoreHeight });
  hints(area, ears, (x) => {
    const step = line.findLast((s) => s.x <= x - left) ?? first;
    return [`Health: ${step.score} of 100`];
  });
}

function points(svg: SVGSVGElement, view: View, inner: number, y: number, ears: Ears): Cluster[] {
  const clusters = gather(view.track.points, view.from, view.to, inner, 12);
  const row = draw(svg, 'g', { class: 'points', role: 'group', transform: `translate(0 ${y})` });
  row.setAttribute('aria-label', 'Changes; the arrow keys go from one to the next');
  const middle = laneHeight / 2;
  draw(row, 'text', { class: 'name', x: left - 12, y: middle + 4, 'text-anchor': 'end' }, 'Changes');
  draw(row, 'line', { class: 'grid', x1: left, x2: left + inner, y1: middle, y2: middle });
  const focused = clusters.find((c) => c.points.some((p) => p.id === view.chosen)) ?? clusters.at(-1);
  for (const cluster of clusters) {
    const many = cluster.points.length > 1;
    const chosen = cluster.points.some((point) => point.id === view.chosen);
    const point = draw(row, 'g', {
      class: chosen ? 'point chosen' : 'point',
      role: 'button',
      tabindex: cluster === focused ? 0 : -1,
      'aria-pressed': String(chosen),
      transform: `translate(${left + cluster.x} ${middle})`,
    });
    const lines = pointLines(cluster, ears);
    point.setAttribute('aria-label', lines.join('. '));
    draw(point, 'circle', { class: 'ring', r: 9 });
    draw(point, 'circle', { class: 'dot', r: many ? 6 : 4.5 });
    const tell = () => {
      const box = point.getBoundingClientRect();
      ears.hint(lines, { x: box.x + box.width / 2, y: box.top, above: true });
    };
    const hush = () => ears.hint([], undefined);
    for (const event of ['pointerenter', 'focus']) point.addEventListener(event, tell);
    for (const event of ['pointerleave', 'blur']) point.addEventListener(event, hush);
    point.addEventListener('click', () => ears.choose(cluster));
  }
  return clusters;
}

function pointLines(cluster: Cluster, ears: Ears): string[] {
  const last = cluster.points.at(-1);
  if (!last) return [];
  if (cluster.points.length === 1) return [last.title, `${ears.time(last.time)} · ${last.cause}`];
  const lines = [`${cluster.points.length} changes until ${ears.time(last.time)}`];
  for (const point of cluster.points.slice(-4).reverse()) lines.push(point.title);
  return lines;
}

function hints(element: SVGElement, ears: Ears, lines: (x: number) => string[]): void {
  element.addEventListener('pointermove', (event) => {
    const box = element.ownerSVGElement?.getBoundingClientRect();
    ears.hint(lines(event.clientX - (box?.x ?? 0)), { x: event.clientX, y: event.clientY + 14 });
  });
  element.addEventListener('pointerleave', () => ears.hint([], undefined));
}

/** Drawing over the picture with the pointer shows that time alone. */
function brush(svg: SVGSVGElement, view: View, inner: number, height: number, ears: Ears): void {
  let begun: number | undefined;
  const veil = draw(svg, 'rect', { class: 'veil', y: 4, height, width: 0, visibility: 'hidden' });
  const at = (event: PointerEvent) =>
    Math.min(Math.max(event.clientX - svg.getBoundingClientRect().x - left, 0), inner);
  svg.onpointerdown = (event) => {
    if (event.button === 0 && event.clientX - svg.getBoundingClientRect().x >= left) begun = at(event);
  };
  svg.onpointermove = (event) => {
    if (begun === undefined) return;
    const [a, b] = [Math.min(begun, at(event)), Math.max(begun, at(event))];
    veil.setAttribute('x', String(left + a));
    veil.setAttribute('width', String(b - a));
    veil.setAttribute('visibility', b - a > 6 ? 'visible' : 'hidden');
  };
  svg.onpointerup = (event) => {
    if (begun === undefined) return;
    const [a, b] = [Math.min(begun, at(event)), Math.max(begun, at(event))];
    begun = undefined;
    veil.setAttribute('visibility', 'hidden');
    const time = (x: number) => view.from + (x / inner) * (view.to - view.from);
    if (b - a > 6) ears.zoom(time(a), time(b));
  };
  svg.onpointerleave = () => {
    begun = undefined;
    veil.setAttribute('visibility', 'hidden');
  };
}
