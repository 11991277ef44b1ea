// npm start [-- DIR]: builds godrift and opens a real VS Code on DIR, or on a small example that has drifted.
//
// With `code` on PATH it is that one, in a window of its own; else the workbench from npm, in a browser. Ctrl+C ends
// everything that was started here and removes what was made.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, here } from './build.mjs';
import { makePackages, vsixName } from './package.mjs';
import { ensureWorkbench, Failure, fail, root, run, running, step } from './setup.mjs';
import { writeExample } from './start-example.mjs';
import {
  address,
  installExtension,
  makeProfile,
  personEnvironment,
  startWorkbench,
} from './start-workbench.mjs';

const { values, positionals } = parseArgs({
  options: { browser: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write(
    'npm start [-- [--browser] DIR]\n\n' +
      'Builds godrift and opens VS Code on DIR, without DIR on an example.\n' +
      '  --browser  use the workbench from npm even if `code` is on PATH\n',
  );
  process.exit(0);
}

const env = personEnvironment(process.env);
const base = fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-'));
const closers = [() => fs.rmSync(base, { recursive: true, force: true, maxRetries: 3 })];

let closing;
/** Ends everything, once, the last thing first. */
function close() {
  closing ??= (async () => {
    for (const child of running) child.kill();
    for (const closer of closers.toReversed()) await closer();
  })();
  return closing;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (closing) return;
    process.stderr.write('\nEnding …\n');
    await close();
    process.exit(signal === 'SIGINT' ? 130 : 1);
  });
}

try {
  await main();
  await close();
} catch (error) {
  if (closing) await new Promise(() => {}); // the signal's handler ends the process
  await close();
  fail(error);
}

async function main() {
  const dir = positionals[0] === undefined ? await example() : given(positionals[0]);
  const code = values.browser ? undefined : findCode();
  if (code) await inCode(code, dir);
  else await inBrowser(dir);
}

function given(name) {
  // npm runs scripts in the package's folder; a relative name is meant from where the person stands.
  const dir = path.resolve(process.env.INIT_CWD ?? process.cwd(), name);
  if (!fs.existsSync(dir) || !fs.statSync(dir).isDirectory()) throw new Failure(`${dir} is not a folder`);
  return fs.realpathSync(dir);
}

async function example() {
  const dir = path.join(base, 'shop');
  const version = await run('go', ['env', 'GOVERSION'], {
    env: { ...env, GOTOOLCHAIN: 'local' },
    cwd: os.homedir(),
  });
  writeExample(dir, version.trim());
  return dir;
}

/** Finds VS Code's own command. The one inside a remote window's terminal cannot load an extension from a folder. */
function findCode() {
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  const names = process.platform === 'win32' ? ['code.cmd', 'code.exe'] : ['code'];
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    for (const name of names) {
      const file = path.join(folder, name);
      if (folder !== '' && fs.existsSync(file)) return file;
    }
  }
  return undefined;
}

async function inCode(code, dir) {
  await build();
  // A profile of its own is a process of its own, which ends with its window. The person's extensions stay at hand.
  const profile = makeProfile(base, trust(dir));
  const args = ['--new-window', '--wait', '--user-data-dir', profile.userData];
  args.push(`--extensionDevelopmentPath=${root}`, dir);
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  process.stderr.write(`✓ opening ${dir} in VS Code (${code})\n  Close the window or press Ctrl+C to end.\n`);
  const child = spawn(code, args, { env, stdio: 'inherit', shell: process.platform === 'win32' });
  running.add(child);
  const exit = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  running.delete(child);
  if (exit && !closing) throw new Failure(`${code} ended with ${exit}`);
}

async function inBrowser(dir) {
  const workbench = await ensureWorkbench();
  const { target } = here();
  await makePackages([target], base);
  const profile = makeProfile(base, trust(dir));
  await step('installing it into the workbench', () =>
    installExtension(workbench, profile, path.join(base, vsixName(target)), env),
  );
  const password = randomBytes(12).toString('base64url');
  const server = await step('starting the workbench', () =>
    startWorkbench(workbench, profile, { env, password }),
  );
  closers.push(server.stop);
  const first = ['.go-version', 'go.mod', 'go.work']
    .map((name) => path.join(dir, name))
    .find((f) => fs.existsSync(f));
  process.stdout.write(
    `\n  folder    ${dir}\n  open      ${address(server, dir, first)}\n  password  ${password}\n\n  Ctrl+C ends it.\n`,
  );
  await server.ended;
  if (!closing) throw new Failure(`the workbench ended by itself; it said:\n${server.log()}`);
}

/** The example is known to be harmless; for any other folder the editor asks, as it always does. */
function trust(dir) {
  return dir.startsWith(base) ? { 'security.workspace.trust.enabled': false } : {};
}
