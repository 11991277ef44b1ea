// Starts the VS Code workbench (code-server, on loopback) with a profile of its own, and ends it with everything it started.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Failure, run } from './setup.mjs';

/** Settings for a workbench that shows the folder and nothing else. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
};

/** The environment of the person who started this, without what npm and an editor put in for themselves. */
export function personEnvironment(environ) {
  const env = {};
  for (const [name, value] of Object.entries(environ)) {
    if (!/^(npm_|VSCODE_|ELECTRON_)/.test(name) && name !== 'INIT_CWD') env[name] = value;
  }
  if (environ.npm_node_execpath && env.NODE === environ.npm_node_execpath) delete env.NODE;
  const byNpm = /[/\\](node_modules[/\\]\.bin|node-gyp-bin)[/\\]?$/;
  if (env.PATH) {
    env.PATH = env.PATH.split(path.delimiter)
      .filter((dir) => !byNpm.test(dir))
      .join(path.delimiter);
  }
  delete env.PORT; // code-server would take it for its own
  delete env.PASSWORD;
  return env;
}

/** Lays out a profile below a folder. Unix sockets are made in it, so the folder's name must be short. */
export function makeProfile(base, settings = {}) {
  const profile = { base, userData: path.join(base, 'user'), extensions: path.join(base, 'ext') };
  fs.mkdirSync(path.join(profile.userData, 'User'), { recursive: true });
  fs.mkdirSync(profile.extensions, { recursive: true });
  profile.settings = path.join(profile.userData, 'User', 'settings.json');
  fs.writeFileSync(profile.settings, `${JSON.stringify({ ...quiet, ...settings }, null, 2)}\n`);
  return profile;
}

/** Installs packages into a profile. */
export async function installExtension(workbench, profile, vsix, env) {
  await run(
    workbench.node,
    [workbench.entry, ...profileArgs(profile), '--install-extension', path.resolve(vsix)],
    { env },
  );
}

const profileArgs = (profile) => [
  '--user-data-dir',
  profile.userData,
  '--extensions-dir',
  profile.extensions,
  '--config',
  path.join(profile.base, 'config.yaml'),
];

/**
 * Starts the workbench and waits until it answers. With a password it asks for it, without one it lets everybody
 * on this machine in, which is for tests.
 */
export async function startWorkbench(workbench, profile, { env, password, args = [] }) {
  const port = await freePort();
  const config = [
    `bind-addr: 127.0.0.1:${port}`,
    `auth: ${password ? 'password' : 'none'}`,
    ...(password ? [`password: ${password}`] : []),
    'cert: false',
  ];
  // In a file only its owner can read: neither in the process list nor in the terminals' environment.
  fs.writeFileSync(path.join(profile.base, 'config.yaml'), `${config.join('\n')}\n`, { mode: 0o600 });
  const logFile = path.join(profile.base, 'workbench.log');
  const log = fs.openSync(logFile, 'w');
  const quietArgs = ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'];
  const child = spawn(workbench.node, [workbench.entry, ...profileArgs(profile), ...quietArgs, ...args], {
    env,
    cwd: profile.base,
    stdio: ['ignore', log, log],
    detached: true,
  });
  fs.closeSync(log);
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  // Whatever happens to this process, its children go with it.
  const last = () => killAll(descendants(child.pid), 'SIGKILL');
  process.once('exit', last);
  const stop = async () => {
    // Listed before the first signal: a child whose parent is gone can no longer be found.
    const all = descendants(child.pid);
    const gone = async (time) => {
      for (const end = Date.now() + time; Date.now() < end; await pause(50)) {
        if (alive(all).length === 0) return true;
      }
      return false;
    };
    // First the workbench itself, which lets its extensions end their servers; then whatever is left.
    killAll(all.slice(0, 1), 'SIGTERM');
    if (!(await gone(3000))) killAll(alive(all), 'SIGTERM');
    if (!(await gone(5000))) killAll(alive(all), 'SIGKILL');
    await ended;
    process.removeListener('exit', last);
  };
  const base = `http://127.0.0.1:${port}`;
  try {
    await answering(base, ended, () => fs.readFileSync(logFile, 'utf8'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { base, port, pid: child.pid, ended, stop, log: () => fs.readFileSync(logFile, 'utf8') };
}

async function answering(base, ended, log) {
  let gone = false;
  ended.then(() => {
    gone = true;
  });
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && !gone) {
    try {
      if ((await fetch(`${base}/healthz`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await pause(100);
  }
  throw new Failure(`the workbench did not start; it said:\n${log()}`);
}

/** An address of the workbench with a folder open, and a file of it if one is named. */
export function address(server, folder, file) {
  const url = new URL(`${server.base}/`);
  url.searchParams.set('folder', folder);
  if (file) {
    const open = `vscode-remote://127.0.0.1:${server.port}${file}`;
    url.searchParams.set('payload', JSON.stringify([['openFile', open]]));
  }
  return url.href;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** All running processes: number, parent, and when each started, which tells a number used again from the old one. */
function processes() {
  return fs.existsSync('/proc/self/stat') ? fromProc() : fromPs();
}

function fromProc() {
  const found = [];
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The second field is the program's name in brackets and may hold anything.
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      found.push({
        pid: Number(name),
        ppid: Number(fields[1]),
        zombie: fields[0] === 'Z',
        start: fields[19],
      });
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

function fromPs() {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return rows.map((line) => {
    const [pid, ppid, stat, ...start] = line.trim().split(/\s+/);
    return { pid: Number(pid), ppid: Number(ppid), zombie: stat.startsWith('Z'), start: start.join(' ') };
  });
}

/** A process and all that descend from it. */
export function descendants(pid) {
  const all = processes();
  const found = all.filter((p) => p.pid === pid);
  for (let i = 0; i < found.length; i++) found.push(...all.filter((p) => p.ppid === found[i].pid));
  return found;
}

/** Those of the given processes that still run. */
export function alive(list) {
  const now = new Map(processes().map((p) => [p.pid, p]));
  return list.filter((p) => now.get(p.pid)?.start === p.start && !now.get(p.pid).zombie);
}

function killAll(list, signal) {
  for (const { pid } of list) {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone.
    }
  }
}
