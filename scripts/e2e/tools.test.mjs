// Tools that a newer Go has left behind: they really fail, the editor says so, a fix builds them anew, and
// then they work. The fix can be undone.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { agreed, bare, running, start, testWith } from './harness.mjs';

const files = {
  'go.mod': `module example.com/shop\n\ngo ${bare(running).replace(/\.\d+$/, '.0')}\n`,
  'main.go': 'package main\n\nfunc main() {\n\tfor i := range 3 {\n\t\tprintln(i)\n\t}\n}\n',
};

let wb;
const test = testWith(() => wb);

const bin = () => path.join(wb.home, 'bin');
const tool = (name) => path.join(bin(), name);

/** Runs a program in the workspace as a person in a terminal does: its exit code and all that it prints. */
const run = (program, ...args) => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: wb.folder,
    env: wb.env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, text: stdout + stderr };
};
const debug = () => run(tool('dlv'), 'exec', '--allow-non-terminal-interactive=true', './shop');
const built = (name) => run('go', 'version', '-m', tool(name)).text.match(/: (go\S+)/)?.[1];

const problem = (text) => wb.page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();

/** Applies a quick fix of a line, and waits until it is done: it downloads and builds, which takes its time. */
async function mend(title) {
  const entry = await wb.quickFix(wb.line('module example.com'), title);
  await wb.shot(`tools quick fix ${title}`);
  await entry.click();
  await wb.answer('Apply');
  await wb.notification('done').waitFor({ timeout: 240_000 });
  await wb.command('Notifications: Clear All Notifications');
}

before(async () => {
  wb = await start();
  fs.mkdirSync(path.join(wb.home, '.config', 'go'), { recursive: true });
  fs.writeFileSync(path.join(wb.home, '.config', 'go', 'env'), `GOBIN=${bin()}\n`);
  for (const old of [
    'honnef.co/go/tools/cmd/staticcheck@v0.6.1',
    'github.com/go-delve/delve/cmd/dlv@v1.22.1',
  ]) {
    execFileSync('go', ['install', old], { env: { ...wb.env, GOTOOLCHAIN: agreed }, stdio: 'ignore' });
  }
  await wb.openFolder(files, 'go.mod');
  await wb.says(`Go ${bare(running)}`);
  execFileSync('go', ['build', '-o', 'shop', '.'], { cwd: wb.folder, env: wb.env });
});
after(() => wb?.stop());

test('both tools fail, and the editor quotes what they say', async () => {
  const linter = run(tool('staticcheck'), './...');
  assert.match(linter.text, /but Staticcheck was built with go1\.25\.3/);
  assert.notEqual(linter.status, 0);
  const delve = debug();
  assert.match(delve.text, /Version of Delve is too old for Go version/);
  assert.notEqual(delve.status, 0);
  await wb.command('Problems: Focus on Problems View');
  const row = problem('tool-too-old');
  await row.waitFor();
  assert.match(await row.innerText(), /Version of Delve is too old for Go version/);
  await wb.command('Explorer: Focus on Go tools View');
  await wb.page.locator('.monaco-list-row', { hasText: 'built with an older Go' }).first().waitFor();
  await wb.shot('tools 01 they fail');
});

test('a quick fix installs a debugger that works', async () => {
  await mend('Install dlv');
  assert.equal(built('dlv'), running);
  const delve = debug();
  assert.equal(delve.status, 0, delve.text);
  await problem('tool-too-old').waitFor({ state: 'detached' });
});

test('the view builds the linter anew, and it works', async () => {
  const fix = wb.page.locator('.monaco-list-row', { hasText: 'Rebuild staticcheck' }).first();
  await wb.insist(() => fix.click({ timeout: 5000 }), wb.page.locator('.monaco-dialog-box'));
  await wb.answer('Apply');
  await wb.notification('done').waitFor({ timeout: 240_000 });
  assert.equal(built('staticcheck'), running);
  const linter = run(tool('staticcheck'), './...');
  assert.equal(linter.status, 0, linter.text);
  await fix.waitFor({ state: 'detached' });
  await wb.shot('tools 02 they work');
  await wb.command('Notifications: Clear All Notifications');
});

test('undo brings the old linter back', async () => {
  await wb.command('godrift: Undo Last Fix');
  await wb.until('the linter that was there', () => built('staticcheck') === agreed);
  await wb.page.locator('.monaco-list-row', { hasText: 'built with an older Go' }).first().waitFor();
});
