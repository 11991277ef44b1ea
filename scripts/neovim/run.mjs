// Tries the language server in a real Neovim: `node scripts/neovim/run.mjs`.
// Needs nvim 0.7 or newer and go on PATH. Builds the server, or takes the one
// named in GODRIFT_SERVER.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(path.dirname(here));
const limit = 120_000;
const steps = ['diagnostic', 'status', 'hover', 'code action', 'command', 'shutdown'];

const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-nvim-')));
const at = (...names) => path.join(dir, ...names);

function fail(message) {
  console.error(`FAIL ${message}`);
  process.exitCode = 1;
}

function expect(file, want) {
  const got = fs.readFileSync(file, 'utf8');
  if (got !== want) fail(`${file} holds ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`);
}

function buildServer() {
  const server = at('godrift');
  const build = spawnSync('go', ['build', '-o', server, './server/cmd/godrift'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('the server could not be built');
  return server;
}

async function main() {
  const server = process.env.GODRIFT_SERVER ?? buildServer();
  fs.mkdirSync(at('ws'));
  fs.mkdirSync(at('home'));
  const mod = at('ws', 'go.mod');
  const goenv = at('home', 'goenv');
  fs.writeFileSync(mod, 'module example.com/m\n\ngo 1.24.0\n\ntoolchain 1.25.3\n');
  fs.writeFileSync(goenv, 'GOFLAGS=-mod=mod\n');
  const go = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).stdout.trim();

  const child = spawn('nvim', ['--headless', '--clean', '-n', '-S', path.join(here, 'check.lua')], {
    cwd: dir,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: `${path.join(go, 'bin')}${path.delimiter}${process.env.PATH}`,
      HOME: at('home'),
      XDG_STATE_HOME: at('home', 'state'),
      TMPDIR: dir,
      GOENV: goenv,
      GOTOOLCHAIN: 'local',
      GODRIFT_SERVER: server,
      GODRIFT_FILE: mod,
      GODRIFT_GOENV: goenv,
    },
  });
  const endGroup = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  };
  const timer = setTimeout(() => {
    fail(`Neovim did not end within ${limit / 1000} s`);
    endGroup();
  }, limit);
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
    process.stdout.write(data);
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  endGroup();
  if (code !== 0) return fail(`nvim ended with ${code}`);
  for (const step of steps) {
    if (!said.includes(`ok ${step}`)) fail(`the step "${step}" was not reached`);
  }
  expect(mod, 'module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.25.3\n');
  expect(goenv, '');
}

try {
  await main();
} catch (err) {
  fail(err.message);
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}
