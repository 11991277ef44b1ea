// Runs a built monitor for a long time while everything that it watches keeps changing, and
// tells whether it grows, and whether alerts are lost or come twice.
//
//   node scripts/soak.mjs --minutes 120
//   node scripts/soak.mjs --minutes 30 --workspaces 20 --kill 5 --out /tmp/soak
//
//   --minutes N      how long (10)
//   --workspaces N   how many (12)
//   --pause MS       the time between two changes, on average (1500)
//   --kill N         kill the monitor with SIGKILL about every N minutes and start it again (never)
//   --sample S       the seconds between two samples (10)
//   --out DIR        where everything goes (a new folder for temporary files)
//   --binary FILE    the godrift to run (it is built)
//   --seed N         the same changes again
//
// DIR/samples.jsonl gets a line for each sample, DIR/alerts.jsonl one for each alert that
// arrived, DIR/changes.jsonl one for each change, DIR/monitor.log the log, DIR/report.json
// the end. The exit code is 1 if anything grew or an alert was lost or doubled.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildServer, here } from './build.mjs';
import { isMain } from './setup.mjs';
import { Changes } from './soak/changes.mjs';
import { Monitor } from './soak/monitor.mjs';
import { Receiver } from './soak/receiver.mjs';
import { growth } from './soak/report.mjs';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Random numbers that are the same for the same seed (mulberry32). */
function randomly(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function until(what, limit, check) {
  const end = Date.now() + limit;
  for (;;) {
    const done = await check();
    if (done) return done;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${limit / 1000} s`);
    await wait(500);
  }
}

/** Leaves everything alone until all that was to be told has been told, and says what stands. */
async function settle(monitor, receiver, changes) {
  const state = await until('that all alerts are told', 180_000, async () => {
    const alerts = await monitor.get('/api/alerts');
    const wanted = new Set();
    for (const w of (await monitor.get('/api/workspaces')).workspaces) {
      const report = await monitor.get(`/api/report?root=${encodeURIComponent(w.root)}`);
      for (const f of report.findings)
        if (['error', 'warning'].includes(f.severity)) wanted.add(`${w.name} ${f.code}`);
    }
    const firing = new Set(
      alerts.firing
        .filter((f) => f.level !== 'info' && f.level !== 'hint')
        .map((f) => `${f.workspace} ${f.rule}`),
    );
    const same = wanted.size === firing.size && [...wanted].every((w) => firing.has(w));
    const told = alerts.firing.every(
      (f) => f.level === 'info' || f.level === 'hint' || f.told.includes('soak'),
    );
    const probed = Number(fs.readFileSync(monitor.probed, 'utf8'));
    const probe = (await monitor.text('/metrics')).includes(
      `godrift_probe_value{probe="probed"} ${probed}\n`,
    );
    return same && told && probe && alerts.queued.length === 0 && changes.idle() && { alerts, wanted };
  });
  return { ...state, sums: receiver.sums() };
}

async function main() {
  const { values: o } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      workspaces: { type: 'string', default: '12' },
      pause: { type: 'string', default: '1500' },
      kill: { type: 'string', default: '0' },
      sample: { type: 'string', default: '10' },
      out: { type: 'string' },
      binary: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1e9) },
    },
  });
  const random = randomly(Number(o.seed));
  const out = path.resolve(o.out ?? fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-soak-')));
  fs.mkdirSync(out, { recursive: true });
  const binary = o.binary ? path.resolve(o.binary) : await buildServer(here(), path.join(out, 'bin'));
  const line = (file, value) => fs.appendFileSync(path.join(out, file), `${JSON.stringify(value)}\n`);
  const begun = Date.now();
  const since = () => Math.round((Date.now() - begun) / 100) / 10;

  const receiver = new Receiver({ random, note: (a) => line('alerts.jsonl', { t: since(), ...a }) });
  await receiver.start();
  const changes = new Changes({
    out,
    count: Number(o.workspaces),
    random,
    note: (c) => line('changes.jsonl', { t: since(), ...c }),
  });
  changes.prepare();
  const monitor = new Monitor({ binary, out, environ: changes.environ(), port: receiver.port });
  changes.monitor = monitor;
  monitor.configure(changes.names);
  await monitor.start();
  process.stdout.write(`godrift ${monitor.pid} in ${out}, seed ${o.seed}\n`);

  const end = begun + Number(o.minutes) * 60_000;
  const killEvery = Number(o.kill) * 60_000;
  let nextKill = killEvery ? begun + killEvery * (0.5 + random()) : Infinity;
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const sampling = (async () => {
    while (!stopped && Date.now() < end) {
      const s = await monitor.sample();
      if (s) line('samples.jsonl', { t: since(), ...s, ...receiver.counts(), changes: changes.made });
      await wait(Number(o.sample) * 1000);
    }
  })();
  let failed = '';
  while (!stopped && Date.now() < end) {
    if (Date.now() > nextKill) {
      nextKill = Date.now() + killEvery * (0.5 + random());
      receiver.disturbed();
      line('changes.jsonl', { t: since(), what: 'kill -9' });
      await monitor.kill();
      await monitor.start();
    }
    if (!monitor.running()) {
      failed = 'the monitor has ended by itself';
      break;
    }
    await changes.one();
    await wait(Number(o.pause) * (0.2 + 1.6 * random()));
  }
  await sampling;

  const report = {
    seed: Number(o.seed),
    minutes: Math.round(since() / 6) / 10,
    workspaces: changes.names.length,
    changes: changes.made,
    kinds: changes.kinds,
    kills: monitor.kills,
    failed,
  };
  if (!failed) {
    try {
      // Everything is broken, then everything is whole: each must be told, once.
      await changes.all('broken');
      const broken = await settle(monitor, receiver, changes);
      report.firingWhenBroken = broken.wanted.size;
      await changes.all('whole');
      const whole = await settle(monitor, receiver, changes);
      report.firingWhenWhole = whole.wanted.size;
      report.dead = whole.alerts.dead.length;
      // That something is mended is told a little later.
      const standing = new Set(whole.alerts.firing.map((f) => f.id));
      await until('', 60_000, () => receiver.judge(standing).lost.length === 0).catch(() => {});
      report.alerts = receiver.judge(standing);
    } catch (err) {
      report.failed = err.message;
    }
    report.ended = await monitor.end();
  }
  await receiver.stop();
  report.growth = growth(path.join(out, 'samples.jsonl'));
  report.log = monitor.complaints();
  report.ok =
    !report.failed &&
    report.ended === 0 &&
    report.growth.ok &&
    report.alerts?.lost.length === 0 &&
    report.alerts.doubled.length === 0 &&
    report.dead === 0;
  fs.writeFileSync(path.join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.ok ? 0 : 1;
}

if (isMain(import.meta.url)) await main();
