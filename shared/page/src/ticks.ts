// The marks of an axis of time.

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const strides = [
  ...[1, 5, 15, 30].map((n) => n * second),
  ...[1, 5, 15, 30].map((n) => n * minute),
  ...[1, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * day),
];

/** The marks of the axis: at most so many, at times that people say. offset is the local time's, in ms. */
export function ticks(
  from: number,
  to: number,
  most: number,
  offset: number,
): { time: number; label: string }[] {
  const stride =
    strides.find((s) => (to - from) / s <= most - 1) ??
    365 * day * Math.ceil((to - from) / (365 * day * (most - 1)));
  const out: { time: number; label: string }[] = [];
  for (let local = Math.ceil((from + offset) / stride) * stride; local - offset <= to; local += stride) {
    const text = new Date(local).toISOString();
    const label =
      stride < minute ? text.slice(11, 19) : stride < day ? text.slice(11, 16) : text.slice(0, 10);
    out.push({ time: local - offset, label: stride < day && local % day === 0 ? text.slice(5, 10) : label });
  }
  return out;
}
