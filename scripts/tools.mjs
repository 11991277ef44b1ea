// Installs the tools that the tests need, into a cache folder outside the
// checkout, and says where they are.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'godrift-e2e');

const goTools = {
  'golangci-lint': 'github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0',
  builder: 'go.opentelemetry.io/collector/cmd/builder@v0.155.0',
};

function must(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', cwd: root, maxBuffer: 1 << 28, ...options });
  if (done.status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} failed: ${done.error?.message ?? done.stdout + done.stderr}`,
    );
  return done.stdout;
}

/** Brings node_modules in line with package-lock.json. */
export function ensureNodeModules() {
  const lock = path.join(root, 'package-lock.json');
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (fs.existsSync(installed) && fs.statSync(installed).mtimeMs >= fs.statSync(lock).mtimeMs) return;
  must('npm', ['ci', '--no-audit', '--no-fund'], { shell: process.platform === 'win32' });
}

/** Builds a Go tool at its fixed version and returns its path. */
export function ensureGoTool(name) {
  const target = goTools[name];
  const dir = path.join(cache, 'bin', target.slice(target.lastIndexOf('@') + 1));
  const file = path.join(dir, name + (process.platform === 'win32' ? '.exe' : ''));
  if (!fs.existsSync(file)) {
    fs.mkdirSync(dir, { recursive: true });
    must('go', ['install', target], { env: { ...process.env, GOBIN: dir, GOFLAGS: '' } });
  }
  return file;
}

/**
 * Builds the collector that shared/observability/collector/builder.yaml describes, unless that very one is in the
 * cache, and returns its path. It takes some minutes and much of the module cache, so it is no part of npm test.
 */
export function ensureCollector() {
  const recipe = path.join(root, 'shared', 'observability', 'collector', 'builder.yaml');
  const text = fs.readFileSync(recipe);
  const [, version] = text.toString().match(/^ {2}version: (\S+)$/m);
  const key = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const dir = path.join(cache, 'otelcol', `v${version}-${key}`);
  const file = path.join(dir, 'godrift-otelcol');
  if (!fs.existsSync(file)) {
    const builder = ensureGoTool('builder');
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-otelcol-'));
    try {
      must(builder, ['--config', recipe], {
        cwd: scratch,
        env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' },
      });
      fs.mkdirSync(dir, { recursive: true });
      const partial = `${file}.${process.pid}`;
      fs.copyFileSync(path.join(scratch, 'godrift-otelcol', 'godrift-otelcol'), partial);
      fs.renameSync(partial, file);
    } finally {
      fs.rmSync(scratch, { recursive: true, force: true });
    }
  }
  return file;
}

/** Makes sure that a program is on PATH, from Debian's package of that name if need be. */
export function ensureDebian(program, ...packages) {
  if (spawnSync(program, ['--version']).status === 0) return;
  if (process.platform !== 'linux' || process.getuid() !== 0)
    throw new Error(
      `${program} is missing; install it (Debian: apt-get install ${packages.join(' ')}) and run the tests again`,
    );
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  must('apt-get', ['update', '-qq'], { env });
  must('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}
