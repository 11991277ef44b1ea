// Runs everything a contributor runs before sending a change: `npm test`.
// Each step's output goes to a log that is shown if the step fails. The last
// line counts what passed and what failed.
//
//   npm test                 all steps
//   npm test -- go types     only the steps with these names

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDebian, ensureGoTool, ensureNodeModules } from './tools.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const logs = fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-test-'));
const platforms = ['linux', 'darwin', 'windows'].flatMap((goos) =>
  ['amd64', 'arm64'].map((goarch) => [goos, goarch]),
);

// Runs a command with its output in the step's log. `count` reads the finished
// output and says how many tests it held; a command without one counts as one.
async function run(step, command, args, { env = {}, count, cwd = root } = {}) {
  const log = path.join(logs, `${step}.log`);
  const start = fs.existsSync(log) ? fs.statSync(log).size : 0;
  const out = fs.openSync(log, 'a');
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', out, out] });
  const code = await new Promise((resolve) => {
    child.once('error', (err) => {
      fs.writeSync(out, `${command}: ${err.message}\n`);
      resolve(1);
    });
    child.once('exit', (status, signal) => resolve(signal ? 1 : status));
  });
  fs.closeSync(out);
  const text = fs.readFileSync(log).subarray(start).toString();
  const tally = count?.(text) ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  if (code !== 0 && tally.failed === 0) tally.failed = 1;
  if (count && tally.passed + tally.failed === 0) tally.failed = 1; // a runner that ran nothing has failed
  return tally;
}

// Counts the tests in the output of `go test -json`. Packages without tests
// count for nothing.
function countGo(text) {
  const tally = { passed: 0, failed: 0, skipped: [] };
  for (const line of text.split('\n')) {
    if (!line.startsWith('{')) continue;
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      continue;
    }
    if (event.Action === 'skip' && event.Test) tally.skipped.push(`${event.Package} ${event.Test}`);
    if (event.Action === 'build-fail') tally.failed++;
    if (!event.Test) continue;
    if (event.Action === 'pass') tally.passed++;
    if (event.Action === 'fail') tally.failed++;
  }
  return tally;
}

// Counts the lines that node's test runner closes with.
function countNode(text) {
  const sum = (word) =>
    [...text.matchAll(new RegExp(`^(?:#|ℹ) ${word} (\\d+)`, 'gm'))].reduce((n, m) => n + Number(m[1]), 0);
  return { passed: sum('pass'), failed: sum('fail') + sum('cancelled') + sum('skipped') };
}

function countVitest(text) {
  const found = (word) => Number(text.match(new RegExp(`^\\s*Tests\\s.*?(\\d+) ${word}`, 'm'))?.[1] ?? 0);
  return { passed: found('passed'), failed: found('failed') + found('skipped') };
}

// The Go modules here. The scripts are modules of their own, so that what they
// need is not part of godrift and go install ./... builds godrift alone.
const modules = [
  '.',
  'scripts/bench',
  'scripts/dockeroracle',
  'scripts/fleet',
  'scripts/gen',
  'scripts/releases',
];

// Adds up what a command comes to in each of these modules.
async function inModules(dirs, one) {
  const total = { passed: 0, failed: 0, skipped: [] };
  for (const dir of dirs) {
    const tally = await one(path.join(root, dir));
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped.push(...(tally.skipped ?? []));
  }
  return total;
}

const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const nodeScript = (step, file, ...rest) => run(step, process.execPath, [path.join(root, file), ...rest]);

const steps = {
  vet: async (s) => inModules(modules, (cwd) => run(s, 'go', ['vet', '-tags', 'fleet', './...'], { cwd })),
  lint: async (s) =>
    inModules(modules, (cwd) => run(s, ensureGoTool('golangci-lint'), ['run', './...'], { cwd })),
  generated: async (s) => {
    const total = await inModules(['scripts/gen', 'scripts/releases'], (cwd) =>
      run(s, 'go', ['run', '.', '-check'], { cwd }),
    );
    for (const script of ['scripts/page.mjs', 'scripts/fleet/dashboards.mjs']) {
      const one = await nodeScript(s, script, '--check');
      total.passed += one.passed;
      total.failed += one.failed;
    }
    return total;
  },
  go: async (s) => {
    for (const shell of ['zsh', 'fish']) ensureDebian(shell, shell); // quoting is tested in the real shells
    ensureDebian('systemd-analyze', 'systemd'); // reads the unit that has the monitor started
    // what godrift says of cgo is held to real builds with these compilers
    ensureDebian('gcc', 'gcc');
    ensureDebian('aarch64-linux-gnu-gcc', 'gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross');
    ensureDebian('x86_64-w64-mingw32-gcc', 'gcc-mingw-w64-x86-64');
    return run(s, 'go', ['test', '-race', '-json', './...'], { count: countGo });
  },
  'script tests': async (s) => {
    ensureDebian('promtool', 'prometheus');
    ensureDebian('amtool', 'prometheus-alertmanager');
    return inModules(
      modules.filter((dir) => dir.startsWith('scripts/')),
      (cwd) => run(s, 'go', ['test', '-json', './...'], { count: countGo, cwd }),
    );
  },
  benchmarks: async (s) => run(s, 'go', ['test', '-run', '^$', '-bench', '.', '-benchtime', '1x', './...']),
  types: async (s) => run(s, bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']),
  'page types': async (s) => run(s, bin('tsc'), ['--noEmit', '-p', 'shared/page']),
  'dashboard types': async (s) => run(s, bin('tsc'), ['--noEmit', '-p', 'scripts/fleet/dashboards']),
  biome: async (s) => run(s, bin('biome'), ['ci', '--colors=off']),
  vitest: async (s) =>
    run(s, bin('vitest'), ['run', '--root', 'extension'], { env: { NO_COLOR: '1' }, count: countVitest }),
  'cross-compile': async (s) => {
    const total = { passed: 0, failed: 0 };
    for (const [GOOS, GOARCH] of platforms) {
      const one = await run(s, 'go', ['build', '-trimpath', '-o', os.devNull, './server/cmd/godrift'], {
        env: { CGO_ENABLED: '0', GOOS, GOARCH },
      });
      total.passed += one.passed;
      total.failed += one.failed;
    }
    return total;
  },
  neovim: async (s) => {
    ensureDebian('nvim', 'neovim');
    return nodeScript(s, 'scripts/neovim/run.mjs');
  },
  hooks: async (s) => {
    ensureDebian('pre-commit', 'pre-commit');
    return nodeScript(s, 'scripts/hooks/run.mjs');
  },
  workbench: async (s) => {
    const packaged = await nodeScript(s, 'scripts/package.mjs', 'linux-x64');
    if (packaged.failed) return packaged;
    return run(s, process.execPath, [path.join(root, 'scripts/e2e/run.mjs')], { count: countNode });
  },
};

async function main() {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in steps));
  if (unknown.length) {
    console.error(`no step named ${unknown.join(', ')}; there are: ${Object.keys(steps).join(', ')}`);
    process.exit(2);
  }
  console.log('installing what the tests need …');
  ensureNodeModules();
  const total = { passed: 0, failed: 0 };
  for (const [name, step] of Object.entries(steps)) {
    if (chosen.length && !chosen.includes(name)) continue;
    const start = Date.now();
    let tally;
    try {
      tally = await step(name);
    } catch (err) {
      fs.appendFileSync(path.join(logs, `${name}.log`), `${err.stack ?? err}\n`);
      tally = { passed: 0, failed: 1 };
    }
    total.passed += tally.passed;
    total.failed += tally.failed;
    console.log(
      `${tally.failed ? 'FAIL' : 'ok  '} ${name.padEnd(16)} ${String(tally.passed).padStart(5)} passed ${String(tally.failed).padStart(3)} failed ${((Date.now() - start) / 1000).toFixed(0).padStart(5)} s`,
    );
    for (const test of tally.skipped ?? []) console.log(`     skipped: ${test}`); // nothing is skipped silently
    if (tally.failed) console.log(excerpt(path.join(logs, `${name}.log`)));
  }
  if (!total.failed) fs.rmSync(logs, { recursive: true, force: true });
  else console.log(`logs: ${logs}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed ? 1 : 0);
}

// What a person needs of a failed step's log: of `go test -json` the output of
// what failed, of everything else the end.
function excerpt(log) {
  const lines = fs.readFileSync(log, 'utf8').split('\n');
  const events = lines
    .filter((line) => line.startsWith('{"'))
    .map((line) => {
      try {
        return JSON.parse(line);
      } catch {
        return {};
      }
    });
  if (events.length < lines.length / 2) return lines.slice(-80).join('\n');
  const key = (e) => `${e.Package ?? e.ImportPath} ${e.Test ?? ''}`;
  const failed = new Set(events.filter((e) => e.Action === 'fail' || e.Action === 'build-fail').map(key));
  return (
    events
      .filter((e) => (e.Action === 'output' || e.Action === 'build-output') && failed.has(key(e)))
      .map((e) => e.Output)
      .slice(-300)
      .join('') +
    lines
      .filter((line) => line && !line.startsWith('{"'))
      .slice(-40)
      .join('\n')
  );
}

await main();
