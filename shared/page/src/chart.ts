// The pictures of the timeline, one below the other with one axis: what is in one column happened at one time.
import uPlot from 'uplot';
import type { PageBand, PageLane, PageTimelineDocument } from '../../../extension/src/wire.gen';
import { flipRow, moveRows } from './chart-moves';
import { h, s } from './dom';
import type { Range } from './range';
import { ticks } from './ticks';
import { plural } from './ui';
import { valueText } from './words';

/** A row of pictures. */
export interface Row {
  label: HTMLElement;
  plot: HTMLElement;
  /** Ends what draws in it. */
  end?(): void;
}

const titles: Record<string, string> = {
  'go.selected': 'Go',
  'go.goroot': 'GOROOT',
  score: 'Health',
};

export const laneTitle = (key: string): string => titles[key] ?? key.replace(/^env\./, '');

/** How many colours there are for values; a value keeps its own. */
const colours = 6;
const [laneHeight, scoreHeight, densityHeight, axisHeight] = [26, 64, 44, 22];
/** How wide a character of a label is, about. */
const character = 6.7;

export const bandText = (band: PageBand): string =>
  band.changes
    ? `${plural(band.changes, 'change')}: ${(band.values ?? []).map(valueText).join(', ')}`
    : shown(band.value);

const shown = (value: string | null) => (value === null ? 'not known' : value === '' ? 'nothing' : value);

/** Makes all rows, in order; width is that of a plot. */
export function rows(doc: PageTimelineDocument, width: number): Row[] {
  const range = { since: doc.since, until: doc.until };
  const x = (at: number) => ((at - range.since) / (range.until - range.since)) * width;
  return [
    ...doc.lanes.map((lane) => laneRow(lane, width, x)),
    scoreRow(doc, width, range),
    densityRow(doc, width, range),
    axisRow(width, range, x),
    ...moveRows(doc, width, x),
    ...flipRow(doc, width, x),
  ];
}

/** A row where its label is not only its title. */
export const label = (text: string, note = '', title = text): HTMLElement =>
  h(
    'div',
    { class: 'row-label' },
    h('span', { class: 'row-title', title }, text),
    note ? h('span', { class: 'faint' }, note) : null,
  );

export const picture = (width: number, height: number, text: string): SVGSVGElement =>
  s('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': text });

/** The colour of each value: the first that is seen has the first; what shows alone comes before what never does. */
function paletteOf(lane: PageLane): Map<string, number> {
  const values = [...lane.bands.map((band) => band.value), ...lane.bands.map((band) => band.most)];
  const seen = new Set(values.filter((value): value is string => Boolean(value)));
  return new Map([...seen].map((value, at) => [value, at % colours]));
}

function laneRow(lane: PageLane, width: number, x: (at: number) => number): Row {
  const title = laneTitle(lane.key);
  const palette = paletteOf(lane);
  const said = lane.bands.slice(-6).map(bandText).join(', then ');
  const svg = picture(width, laneHeight, `${title}: ${said || 'nothing is known'}`);
  for (const band of lane.bands) drawBand(svg, band, palette, x);
  return {
    label: label(title, lane.changes > 0 ? plural(lane.changes, 'change') : ''),
    plot: h('div', { class: 'plot' }, svg),
  };
}

function drawBand(
  svg: SVGElement,
  band: PageBand,
  palette: Map<string, number>,
  x: (at: number) => number,
): void {
  const mixed = Boolean(band.changes);
  const [from, to] = [x(band.from), x(band.to)];
  // What is mixed is one strip, without gaps.
  const width = Math.max(to - from - (mixed ? 0 : 1), 1.5);
  const value = mixed ? band.most : band.value;
  const kind = `${mixed ? 'mixed ' : ''}${value ? `c${palette.get(value)}` : 'none'}`;
  const rx = mixed ? 0 : Math.min(3, width / 2);
  svg.append(
    s('rect', { class: `band ${kind}`, x: from, y: 2, width, height: laneHeight - 4, rx }),
    s('rect', { class: `edge ${kind}`, x: from, y: laneHeight - 4.5, width, height: 2.5, rx: 1 }),
  );
  const text = mixed ? '' : fitted(band.label ?? shown(band.value), width - 12);
  if (text) svg.append(s('text', { class: 'band-text', x: from + 6, y: laneHeight / 2 + 3 }, text));
}

/** As much of a text as there is room for; of a path its end says more. */
export function fitted(text: string, room: number): string {
  const most = Math.floor(room / character);
  if (text.length <= most) return text;
  if (most < 4) return '';
  return /^([/~]|[A-Za-z]:\\)/.test(text) ? `…${text.slice(1 - most)}` : `${text.slice(0, most - 1)}…`;
}

/** A colour of the theme as a canvas takes it. */
function colourOf(name: string): string {
  const probe = h('span', { css: { color: `var(${name})` } });
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What every chart is told: the time that is drawn, and nothing around it. */
function options(width: number, height: number, range: Range, top: number): Omit<uPlot.Options, 'series'> {
  return {
    width,
    height,
    ms: 1,
    padding: [3, 0, 2, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: true, range: () => [range.since, range.until] }, y: { range: () => [0, top] } },
    axes: [{ show: false }, { show: false }],
  };
}

/** The health as steps: the highest and the lowest, which are one line where it did not change often. */
export function scorePoints(
  doc: PageTimelineDocument,
): [times: number[], high: (number | null)[], low: (number | null)[]] {
  const [times, highs, lows]: [number[], (number | null)[], (number | null)[]] = [[], [], []];
  const known = (score: number) => (score < 0 ? null : score);
  for (const { time, high, low } of doc.scores) {
    times.push(time);
    highs.push(known(high));
    lows.push(known(low));
  }
  const last = doc.scores.at(-1);
  if (last) {
    times.push(Math.max(doc.until, last.time));
    highs.push(known(last.score));
    lows.push(known(last.score));
  }
  return [times, highs, lows];
}

function scoreRow(doc: PageTimelineDocument, width: number, range: Range): Row {
  const last = doc.scores.at(-1)?.score ?? -1;
  const lowest = Math.min(...doc.scores.filter((one) => one.low >= 0).map((one) => one.low), 100);
  const plot = h('div', {
    class: 'plot score-plot',
    role: 'img',
    'aria-label': last < 0 ? 'Health: not known' : `Health: ${last} at the end, ${lowest} at the lowest`,
  });
  const series = (width: number, colour: string): uPlot.Series => ({
    stroke: colourOf(colour),
    width,
    points: { show: false },
    ...(uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
  });
  const chart = new uPlot(
    {
      ...options(width, scoreHeight, range, 104),
      series: [{}, series(1, '--accent'), { ...series(1.75, '--accent'), fill: colourOf('--accent-wash') }],
      bands: [{ series: [1, 2], fill: colourOf('--accent-mid') }],
    },
    scorePoints(doc),
    plot,
  );
  return { label: label('Health', last < 0 ? '' : `${last} of 100`), plot, end: () => chart.destroy() };
}

/** The numbers of moments, with those times in which there was none. */
export function densityPoints(doc: PageTimelineDocument): [number[], number[]] {
  const [times, values]: [number[], number[]] = [[], []];
  const first = doc.density[0];
  if (!first) return [times, values];
  const counts = new Map(doc.density.map((one) => [one.time, one.count]));
  const begin = first.time - Math.ceil((first.time - doc.since) / doc.densityStep) * doc.densityStep;
  for (let at = begin; at <= doc.until; at += doc.densityStep) {
    times.push(at);
    values.push(counts.get(at) ?? 0);
  }
  return [times, values];
}

function densityRow(doc: PageTimelineDocument, width: number, range: Range): Row {
  const [times, values] = densityPoints(doc);
  const most = Math.max(1, ...values);
  const plot = h('div', {
    class: 'plot',
    role: 'img',
    'aria-label': `Changes: ${plural(doc.count, 'moment')}, ${most} at once at most`,
  });
  const chart = new uPlot(
    {
      ...options(width, densityHeight, range, most * 1.05),
      series: [
        {},
        {
          fill: colourOf('--ink-wash'),
          stroke: 'transparent',
          width: 0,
          points: { show: false },
          ...(uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.82, 40, 1], align: 1 }) } : {}),
        },
      ],
    },
    [times, values],
    plot,
  );
  return { label: label('Changes', plural(doc.count, 'moment')), plot, end: () => chart.destroy() };
}

function axisRow(width: number, range: Range, x: (at: number) => number): Row {
  const svg = picture(width, axisHeight, '');
  svg.removeAttribute('role');
  svg.removeAttribute('aria-label');
  svg.setAttribute('aria-hidden', 'true');
  const offset = -new Date(range.until).getTimezoneOffset() * 60_000;
  for (const { time, label: text } of ticks(range.since, range.until, Math.max(3, width / 84), offset)) {
    const at = x(time);
    if (at < 36 || at > width - 36) continue;
    svg.append(
      s('line', { class: 'tick', x1: at, x2: at, y1: 0, y2: 4 }),
      s('text', { class: 'axis-text', x: at, y: 16, 'text-anchor': 'middle' }, text),
    );
  }
  return { label: h('div', { class: 'row-label' }), plot: h('div', { class: 'plot axis' }, svg) };
}

export function stepText(ms: number): string {
  const units: [number, string][] = [
    [7 * 86_400_000, 'week'],
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  for (const [unit, name] of units) {
    if (ms >= unit && ms % unit === 0) return ms === unit ? `1 ${name}` : `${ms / unit} ${name}s`;
  }
  return `${ms} ms`;
}

/** What was at a time, line by line. */
export function readout(doc: PageTimelineDocument, at: number): [name: string, value: string][] {
  const out: [string, string][] = [];
  for (const lane of doc.lanes) {
    const band = lane.bands.findLast((one) => one.from <= at);
    if (band) out.push([laneTitle(lane.key), bandText(band)]);
  }
  const score = doc.scores.findLast((one) => one.time <= at);
  if (score && score.score >= 0)
    out.push([
      'Health',
      score.low < score.high ? `${score.score}, from ${score.low} to ${score.high}` : String(score.score),
    ]);
  const count = doc.density.find((one) => one.time <= at && at < one.time + doc.densityStep);
  if (count) out.push(['Changes', `${count.count} within ${stepText(doc.densityStep)}`]);
  return out;
}
