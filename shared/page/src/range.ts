// The time that is drawn, and what pointers and keys do with it. Nothing here needs a browser.

export interface Range {
  since: number;
  until: number;
}

/** No picture shows less than this. */
export const least = 1000;

/** What was drawn over, from either side. */
export function drawn(range: Range, width: number, a: number, b: number): Range {
  const at = (x: number) =>
    range.since + (Math.min(Math.max(x, 0), width) / width) * (range.until - range.since);
  const [since, until] = [at(Math.min(a, b)), at(Math.max(a, b))];
  return { since: Math.round(since), until: Math.round(Math.max(until, since + least)) };
}

/** The same with the place at in the same spot; a factor below 1 looks closer. */
export function zoomed(range: Range, at: number, factor: number, all: Range): Range {
  const span = Math.min(
    Math.max((range.until - range.since) * factor, least),
    Math.max(all.until - all.since, least),
  );
  const share = (at - range.since) / (range.until - range.since);
  return kept({ since: at - share * span, until: at + (1 - share) * span }, all);
}

/** The same, a part of its length earlier (below 0) or later. */
export function moved(range: Range, part: number, all: Range): Range {
  const by = (range.until - range.since) * part;
  return kept({ since: range.since + by, until: range.until + by }, all);
}

/** The same length within all that there is. */
function kept({ since, until }: Range, all: Range): Range {
  const span = until - since;
  if (since < all.since) return { since: Math.round(all.since), until: Math.round(all.since + span) };
  if (until > all.until) return { since: Math.round(all.until - span), until: Math.round(all.until) };
  return { since: Math.round(since), until: Math.round(until) };
}

/** How long a time is, in one unit. */
export function spanText(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  for (const [unit, name] of units) {
    const n = Math.round(ms / unit);
    if (n >= 2 || (n === 1 && ms >= unit * 0.95)) return `${n} ${name}${n === 1 ? '' : 's'}`;
  }
  return 'less than a second';
}
