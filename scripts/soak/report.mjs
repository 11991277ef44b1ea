// Whether a process grew.

import fs from 'node:fs';

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

// How much more the last third may have than the first one, after the start: as a share, and
// as an amount that says nothing yet. Memory of a program with a garbage collector comes and
// goes by some megabytes; descriptors and goroutines come and go with what is under way.
const limits = {
  rss: [0.2, 12 * 1024],
  heap: [0.3, 6 * 1024],
  fds: [0.2, 12],
  goroutines: [0.2, 20],
  threads: [0.3, 6],
  series: [0.2, 40],
};

// What belongs to the start: everything is read for the first time.
const warm = 120;

/** Compares the beginning of the longest run with its end. */
export function growth(file) {
  const samples = fs.existsSync(file)
    ? fs
        .readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((l) => JSON.parse(l))
    : [];
  const runs = {};
  for (const s of samples) {
    runs[s.run] ??= [];
    runs[s.run].push(s);
  }
  const longest = Object.values(runs).sort((a, b) => b.length - a.length)[0] ?? [];
  const settled = longest.filter(
    (s) => s.t - longest[0].t >= Math.min(warm, (longest.at(-1).t - longest[0].t) / 4),
  );
  const third = Math.floor(settled.length / 3);
  const out = {
    samples: samples.length,
    seconds: longest.length ? Math.round(longest.at(-1).t - longest[0].t) : 0,
    ok: third > 0,
  };
  if (!third) return out;
  for (const [what, [share, amount]] of Object.entries(limits)) {
    const values = settled.map((s) => s[what]);
    const first = median(values.slice(0, third));
    const last = median(values.slice(-third));
    const ok = last - first <= Math.max(amount, first * share);
    out[what] = { first, last, most: Math.max(...values), ok };
    out.ok &&= ok;
  }
  const cpu = longest.at(-1).cpu - longest[0].cpu;
  out.cpuShare = Math.round((cpu / out.seconds) * 1000) / 1000;
  out.database = { first: longest[0].database, last: longest.at(-1).database };
  return out;
}
