// Makes the Grafana dashboards of shared/observability/grafana from the TypeScript in scripts/fleet/dashboards.
//
//   node scripts/fleet/dashboards.mjs            write
//   node scripts/fleet/dashboards.mjs --check    fail if anything is stale
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(here, '../../shared/observability/grafana');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-dashboards-'));

try {
  const program = path.join(scratch, 'dashboards.cjs');
  await build({
    entryPoints: [path.join(here, 'dashboards', 'main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  });
  const made = path.join(scratch, 'made');
  fs.mkdirSync(made);
  const done = spawnSync(process.execPath, [program, made], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  const read = (dir) =>
    Object.fromEntries(
      (fs.existsSync(dir) ? fs.readdirSync(dir) : [])
        .sort()
        .map((name) => [name, fs.readFileSync(path.join(dir, name), 'utf8')]),
    );
  const [want, have] = [read(made), read(target)];
  const stale = [...new Set([...Object.keys(want), ...Object.keys(have)])].filter(
    (name) => want[name] !== have[name],
  );
  if (process.argv.includes('--check')) {
    if (stale.length > 0) throw new Error(`out of date: ${stale.join(', ')}; run: npm run generate`);
  } else {
    fs.mkdirSync(target, { recursive: true });
    for (const name of stale) {
      if (want[name] === undefined) fs.rmSync(path.join(target, name));
      else fs.writeFileSync(path.join(target, name), want[name]);
    }
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
