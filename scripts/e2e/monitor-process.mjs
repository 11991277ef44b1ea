// A monitor of its own for a test: the program built from here, with a home, a state folder and a port of its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const limit = 60_000;

const closers = new WeakMap();

/** Does something when a test is over; what was asked for last is done first. */
export function later(t, close) {
  if (!closers.has(t)) {
    closers.set(t, []);
    t.after(async () => {
      for (const one of closers.get(t).toReversed()) await one();
    });
  }
  closers.get(t).push(close);
}

/** A folder that is gone when the test is over. */
export function scratch(t) {
  const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gm-')));
  later(t, () => fs.rmSync(base, { recursive: true, force: true, maxRetries: 5 }));
  return base;
}

/** Writes files, by their names below a folder. */
export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** Starts a monitor of some folders and waits until it has looked at them all. */
export async function startMonitor(t, { program, base, folders, args = [], env = {} }) {
  const home = path.join(base, 'home');
  fs.mkdirSync(home, { recursive: true });
  const child = spawn(
    program,
    ['monitor', '--listen', '127.0.0.1:0', '--log-format', 'json', ...args, ...folders],
    {
      cwd: base,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: home,
        XDG_STATE_HOME: path.join(home, 'state'),
        GOTOOLCHAIN: 'local',
        GOPROXY: 'off',
        GOFLAGS: '-mod=mod',
        ...env,
      },
    },
  );
  let out = '';
  let log = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  later(t, async () => {
    child.kill('SIGTERM');
    await ended;
  });
  child.stderr.on('data', (data) => {
    log += data;
  });
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the monitor did not begin: ${out}${log}`)), limit);
    child.stdout.on('data', (data) => {
      out += data;
      const found = out.match(/http:\S+/);
      if (found) {
        clearTimeout(late);
        resolve(new URL(found[0]));
      }
    });
    child.once('close', (code) => reject(new Error(`the monitor ended with ${code}: ${out}${log}`)));
  });
  const token = url.searchParams.get('token');
  const monitor = {
    url: url.href,
    origin: url.origin,
    port: url.port,
    token,
    log: () => log,
    get: (at, headers = {}) =>
      fetch(url.origin + at, {
        headers: { Authorization: `Bearer ${token}`, ...headers },
        redirect: 'manual',
      }),
  };
  for (const end = Date.now() + limit; (await monitor.get('/readyz')).status !== 200; ) {
    if (Date.now() > end)
      throw new Error(`the monitor is not ready: ${await (await monitor.get('/readyz')).text()}\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return monitor;
}
