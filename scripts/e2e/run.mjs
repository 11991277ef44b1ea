// Runs the end-to-end tests: packages the extension for this machine, installs it into the real workbench and drives it.
//
//   node scripts/e2e/run.mjs [NAME ...]      NAME as in NAME.test.mjs; all without
//
// SHOTS names a folder for pictures, VSIX a package that was made already.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { here } from '../build.mjs';
import { makePackages } from '../package.mjs';
import { ensureBrowser, ensurePackages, ensureWorkbench, fail, root, run, step } from '../setup.mjs';

const dir = path.join(root, 'scripts', 'e2e');
const names = process.argv.slice(2).map((name) => `${name}.test.mjs`);
const files = (
  names.length > 0 ? names : fs.readdirSync(dir).filter((name) => name.endsWith('.test.mjs'))
).sort();
const base = fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-e2e-'));

let tests;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    tests?.kill(signal);
    fs.rmSync(base, { recursive: true, force: true });
    process.exit(1);
  });
}

try {
  await ensurePackages();
  await ensureWorkbench();
  await ensureBrowser();
  const { agreed } = await import('./harness.mjs');
  await step(`making sure that ${agreed} is in the module cache`, () =>
    run('go', ['version'], { cwd: base, env: { ...process.env, GOTOOLCHAIN: agreed } }),
  );
  const vsix = process.env.VSIX ?? (await makePackages([here().target], base))[0];
  process.exitCode = await new Promise((resolve, reject) => {
    const args = [
      '--test',
      '--test-concurrency=1',
      '--test-reporter=spec',
      ...files.map((f) => path.join(dir, f)),
    ];
    tests = spawn(process.execPath, args, {
      stdio: 'inherit',
      env: { ...process.env, VSIX: path.resolve(vsix) },
    });
    tests.once('error', reject);
    tests.once('exit', (code) => resolve(code ?? 1));
  });
} catch (error) {
  fs.rmSync(base, { recursive: true, force: true });
  fail(error);
} finally {
  fs.rmSync(base, { recursive: true, force: true });
}
