// A monitor of its own: a home, a workspace that has drifted, and a past that is made up.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildServer, here } from '../build.mjs';
import { root, run } from '../setup.mjs';
import { agreed, bare, limit } from './harness.mjs';

/** Starts a monitor with so many moments in its past. Its stop() leaves no process and no file behind. */
export async function startMonitor({ moments, months = 9 }) {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'gd-page-'));
  const closers = [() => fs.rmSync(base, { recursive: true, force: true, maxRetries: 5 })];
  const stop = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    return await open(base, closers, stop, moments, months);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(base, closers, stop, moments, months) {
  const folder = path.join(base, 'shop');
  const home = path.join(base, 'home');
  const write = (name, text) => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  write('go.mod', 'module example.com/shop\n\ngo 1.25.0\n');
  write('.go-version', `${bare(agreed)}\n`);
  write('main.go', 'package main\n\nfunc main() {}\n');
  write('Dockerfile', 'FROM golang:1.23-alpine AS build\nRUN go build ./...\n');
  fs.mkdirSync(home);
  const goroot = execFileSync('go', ['env', 'GOROOT'], {
    env: { ...process.env, GOTOOLCHAIN: 'local' },
    encoding: 'utf8',
  }).trim();
  const env = {
    HOME: home,
    PATH: [path.join(goroot, 'bin'), '/usr/bin', '/bin'].join(':'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    GOCACHE: path.join(base, 'cache'),
  };
  const program = await buildServer(here(), path.join(base, 'bin'));
  const history = path.join(base, 'history.jsonl');
  await makeHistory(history, ['-root', folder, '-of', 'monitor', '-moments', moments, '-months', months]);
  await run(program, ['log', 'import', history], { cwd: folder, env });
  const url = await listen(program, folder, env, closers);
  return { base, folder, env, url, origin: url.origin, stop };
}

function makeHistory(file, args) {
  const made = fs.openSync(file, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn('go', ['run', './history', ...args.map(String)], {
      cwd: path.join(root, 'scripts', 'bench'),
      stdio: ['ignore', made, 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the history: exit ${code}`))));
  }).finally(() => fs.closeSync(made));
}

/** Starts the program and waits for the address that it prints. */
function listen(program, folder, env, closers) {
  const child = spawn(program, ['monitor', '--listen', '127.0.0.1:0', folder], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  closers.push(() => {
    child.kill('SIGTERM');
    return ended;
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`the monitor printed no address:\n${said}`)), limit);
    const look = (data) => {
      said += data;
      const found = /http:\/\/\S+\?token=[\w-]+/.exec(said);
      if (!found) return;
      clearTimeout(timer);
      resolve(new URL(found[0]));
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the monitor ended with ${code}:\n${said}`)));
  });
}
