// The history as pictures: what was in force from when to when, and what of it fits into so many pixels.
//
// The page of the timeline imports this, too: nothing here may need the editor or Node.
import type { Moment } from './wire.gen';

/** A value that was in force for a time; it is null while it is not known. */
export interface Band {
  from: number;
  to: number;
  value: string | null;
}

/** One row of the picture: a fact and its values in the order of time. */
export interface Lane {
  key: string;
  title: string;
  bands: Band[];
}

/** A moment as a point. */
export interface Point {
  id: number;
  time: number;
  title: string;
  cause: string;
}

/** What is shown of one environment. */
export interface Track {
  of: string;
  name: string;
  lanes: Lane[];
  points: Point[];
}

/** What the page is told. */
export interface Timeline {
  folder: string;
  now: number;
  tracks: Track[];
  /** There are older moments than those shown. */
  more: boolean;
  /** Why nothing is shown; else empty. */
  empty: string;
}

/** What the page is told of one moment. */
export interface Detail {
  id: number;
  time: string;
  title: string;
  cause: string;
  by: string;
  changes: { what: string; old: string; new: string }[];
  /** How many more changes there are. */
  left: number;
}

/** The health is drawn as a line, the other facts as bands. */
export const scoreKey = 'score';

const watched: [key: string, title: string][] = [
  ['go.selected', 'Go'],
  ['env.CGO_ENABLED', 'CGO_ENABLED'],
  ['go.goroot', 'GOROOT'],
  ['env.GOCACHE', 'GOCACHE'],
  [scoreKey, 'Health'],
];

/** How moments are put into words; that needs more than the page has. */
export interface Words {
  summary(moment: Moment): string;
  cause(moment: Moment): string;
  environment(of: string): string;
}

/**
 * Makes the tracks of moments, which come newest first. The facts of the newest moment of each environment are in
 * newest; those of the others follow from the changes, backwards. A chain that is broken (a part was imported, or
 * removed for its age) leaves what is older unknown until a change tells it.
 */
export function tracks(
  moments: Moment[],
  newest: ReadonlyMap<string, Record<string, string>>,
  now: number,
  words: Words,
): Track[] {
  const groups = new Map<string, Moment[]>();
  for (const moment of moments) {
    const group = groups.get(moment.of);
    if (group) group.push(moment);
    else groups.set(moment.of, [moment]);
  }
  return [...groups].map(([of, group]) => ({
    of,
    name: words.environment(of),
    lanes: lanes(states(group, newest.get(of)), now),
    points: group
      .map((moment) => ({
        id: moment.id,
        time: Date.parse(moment.time),
        title: words.summary(moment),
        cause: words.cause(moment),
      }))
      .sort((a, b) => a.time - b.time || a.id - b.id),
  }));
}

interface State {
  time: number;
  values: (string | null)[];
}

/** The watched facts after each moment, in the order of time. */
function states(group: Moment[], newest: Record<string, string> | undefined): State[] {
  const known = (values: Record<string, string>) => watched.map(([key]) => values[key] ?? '');
  let values: (string | null)[] = newest ? known(newest) : watched.map(() => null);
  const out: State[] = [];
  for (const [i, moment] of group.entries()) {
    const after = [...values];
    for (const change of moment.changes) {
      const at = watched.findIndex(([key]) => key === change.key);
      if (at >= 0) after[at] = change.new;
    }
    out.push({ time: Date.parse(moment.time), values: after });
    values = [...after];
    if (group[i + 1]?.after !== moment.before) values.fill(null);
    else {
      for (const change of moment.changes) {
        const at = watched.findIndex(([key]) => key === change.key);
        if (at >= 0) values[at] = change.old;
      }
    }
  }
  return out.reverse().sort((a, b) => a.time - b.time);
}

function lanes(all: State[], now: number): Lane[] {
  const end = Math.max(now, all.at(-1)?.time ?? now);
  return watched.map(([key, title], at) => {
    const bands: Band[] = [];
    for (const state of all) {
      const value = state.values[at] ?? null;
      const last = bands.at(-1);
      if (last) last.to = state.time;
      if (last?.value !== value) bands.push({ from: state.time, to: state.time, value });
    }
    const last = bands.at(-1);
    if (last) last.to = end;
    return { key, title, bands };
  });
}

/** A part of a row, in pixels. Of several values that share it, value is undefined. */
export interface Span {
  x: number;
  width: number;
  bands: Band[];
}

/** The narrowest span that can still be seen and pointed at. */
const narrow = 3;

/** Fits bands into a width: those that would be too narrow to be seen are drawn as one. */
export function fitBands(bands: Band[], from: number, to: number, width: number): Span[] {
  const x = (time: number) => ((Math.min(Math.max(time, from), to) - from) / (to - from)) * width;
  const out: Span[] = [];
  for (const band of bands) {
    if (band.to < from || band.from > to) continue;
    const [left, right] = [x(band.from), x(band.to)];
    const last = out.at(-1);
    const small = right - left < narrow;
    if (last && small && (last.width < narrow || last.bands.length > 1) && left - last.x < narrow * 4) {
      last.width = right - last.x;
      last.bands.push(band);
    } else out.push({ x: left, width: right - left, bands: [band] });
  }
  return out;
}

/** Points that are as good as in one place. */
export interface Cluster {
  x: number;
  points: Point[];
}

/** Gathers the points of a range so that none covers another. */
export function gather(points: Point[], from: number, to: number, width: number, apart: number): Cluster[] {
  const out: Cluster[] = [];
  let begun = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    if (point.time < from || point.time > to) continue;
    const x = ((point.time - from) / (to - from)) * width;
    const last = out.at(-1);
    if (last && x - begun < apart) last.points.push(point);
    else {
      begun = x;
      out.push({ x, points: [point] });
    }
  }
  return out;
}

/** The score as a line of steps: from, to and score of each, in pixels. Where it goes up and down within one pixel, the lowest counts. */
export function steps(
  bands: Band[],
  from: number,
  to: number,
  width: number,
): { x: number; end: number; score: number }[] {
  const out: { x: number; end: number; score: number }[] = [];
  for (const band of bands) {
    const score = Number(band.value);
    if (band.value === null || band.value === '' || !(score >= 0 && score <= 100)) continue;
    if (band.to < from || band.from > to) continue;
    const x = ((Math.max(band.from, from) - from) / (to - from)) * width;
    const end = ((Math.min(band.to, to) - from) / (to - from)) * width;
    const last = out.at(-1);
    if (last && last.end - last.x < 1 && end - last.x < 1) {
      last.end = end;
      last.score = Math.min(last.score, score);
    } else out.push({ x, end, score });
  }
  return out;
}

export { ticks } from '../../shared/page/src/ticks';

/** The whole time that a track tells of, with a little room. */
export function extent(track: Track, now: number): [number, number] {
  const first = track.points[0]?.time ?? now;
  const last = Math.max(now, track.points.at(-1)?.time ?? now);
  const room = Math.max((last - first) * 0.02, 30_000);
  return [first - room, last + room / 2];
}
