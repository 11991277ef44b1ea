// Tries the whole way with the real programs: a monitor, a collector, Prometheus and Alertmanager.
//
//   npm run test:fleet                        all
//   npm run test:fleet -- -run TestNetwork    what go test is told
//
// The first time it builds the collector, which takes some minutes; it stays in ~/.cache/godrift-e2e.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCollector, ensureDebian } from '../tools.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

ensureDebian('promtool', 'prometheus');
ensureDebian('amtool', 'prometheus-alertmanager');
const collector = ensureCollector();
console.log(`collector: ${collector}`);
const done = spawnSync('go', ['test', '-tags', 'fleet', '-count=1', ...process.argv.slice(2), '.'], {
  cwd: here,
  stdio: 'inherit',
  env: { ...process.env, GODRIFT_OTELCOL: collector },
});
process.exitCode = done.status ?? 1;
