// The editor's terminals, with godrift's hook in the prompt of their shells, are compared with the editor.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { agreed, bare, running, start, testWith } from './harness.mjs';

const files = {
  'go.mod': 'module example.com/shop\n\ngo 1.25.0\n',
  'main.go': 'package main\n\nfunc main() {}\n',
};
const otherRoot = execFileSync('go', ['env', 'GOROOT'], {
  env: { ...process.env, GOTOOLCHAIN: agreed },
  encoding: 'utf8',
}).trim();

let wb;
const test = testWith(() => wb);
const problem = (text) => wb.page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
const differ = (name) => problem(`${name} is not the same for the editor and the terminal bash`);

before(async () => {
  wb = await start();
  fs.appendFileSync(path.join(wb.home, '.bashrc'), `eval "$('${wb.program}' hook bash)"\n`);
  await wb.openFolder(files, 'go.mod');
  await wb.says(`Go ${bare(running)}`);
});
after(() => wb?.stop());

test('a variable that a person exports in a terminal is told, with both values and that terminal', async () => {
  await wb.terminal('export GOFLAGS=-race; echo "is $$."', /is \d+\./);
  await wb.command('Problems: Focus on Problems View');
  await differ('GOFLAGS').waitFor();
  const text = await differ('GOFLAGS').innerText();
  assert.match(
    text,
    /no GOFLAGS for the editor, GOFLAGS=-race from the environment of the terminal bash \d+/,
  );
  await wb.shot('terminal 01 differs');
});

test('the editor can have what the terminal has, and undo takes it back', async () => {
  const line = wb.line('module example.com/shop');
  await wb.insist(() => differ('GOFLAGS').dblclick({ timeout: 5000 }), line);
  const entry = await wb.quickFix(line, "Give the editor's Go tools what the terminal bash");
  await wb.shot('terminal 02 quick fixes');
  await entry.click();
  await wb.answer('Apply');
  await wb.command('Problems: Focus on Problems View');
  await differ('GOFLAGS').waitFor({ state: 'detached' });
  await wb.shot('terminal 03 the editor has it');
  await wb.command('godrift: Undo Last Fix');
  await differ('GOFLAGS').waitFor();
  await wb.command('Notifications: Clear All Notifications');
});

test('the terminal can have what the editor has: the line to run in it is told', async () => {
  const line = wb.line('module example.com/shop');
  await (await wb.quickFix(line, 'Give the terminal bash')).click();
  await wb.answer('Apply');
  await wb.notification('In shells already open run: unset GOFLAGS').waitFor();
  await wb.shot('terminal 04 the line');
  await wb.command('Notifications: Clear All Notifications');
});

test('it goes away with the variable', async () => {
  await wb.command('Terminal: Focus Terminal');
  await wb.typeInTerminal('unset GOFLAGS');
  await wb.command('Problems: Focus on Problems View');
  await differ('GOFLAGS').waitFor({ state: 'detached' });
});

test('another GOROOT in a terminal is told, and goes away with the terminal', async () => {
  await wb.command('Terminal: Focus Terminal');
  await wb.typeInTerminal(`export GOROOT='${otherRoot}' GOTOOLCHAIN=path`);
  await wb.command('Problems: Focus on Problems View');
  await differ('GOROOT').waitFor();
  assert.match(await differ('GOROOT').innerText(), new RegExp(`GOROOT=${otherRoot} from the environment of`));
  await differ('GOTOOLCHAIN').waitFor();
  await wb.shot('terminal 05 GOROOT');
  await wb.command('Terminal: Kill the Active Terminal Instance');
  await wb.command('Problems: Focus on Problems View');
  await differ('GOROOT').waitFor({ state: 'detached' });
  await differ('GOTOOLCHAIN').waitFor({ state: 'detached' });
});

test('another go on the PATH of a terminal is told, and what only a new start of the editor helps', async () => {
  await wb.terminal(`export PATH='${otherRoot}/bin':$PATH; echo ready`, 'ready');
  await wb.command('Problems: Focus on Problems View');
  const row = problem('Different Gos run for the editor and the terminal bash');
  await row.waitFor();
  const text = await row.innerText();
  assert.match(text, new RegExp(`${running} .* and ${agreed} `));
  assert.match(text, /quit the editor with all its windows and start it anew/);
  await wb.command('Terminal: Kill the Active Terminal Instance');
  await wb.command('Problems: Focus on Problems View');
  await row.waitFor({ state: 'detached' });
});

test('what a start-up file sets in every terminal is told of the login shell, and taken from new terminals', async () => {
  fs.appendFileSync(path.join(wb.home, '.bashrc'), 'export GOFLAGS=-trimpath\n');
  fs.appendFileSync(path.join(wb.home, '.profile'), 'export GOFLAGS=-trimpath\n');
  await wb.command('godrift: Check Now');
  await wb.command('Problems: Focus on Problems View');
  const login = problem('GOFLAGS is not the same for the editor and the login shell');
  await login.waitFor();
  const before = await wb.terminal('echo "[$GOFLAGS]"', '[-trimpath]');
  assert.match(await before.innerText(), /\[-trimpath\]/);
  const line = wb.line('module example.com/shop');
  await wb.command('Problems: Focus on Problems View');
  await wb.insist(() => login.dblclick({ timeout: 5000 }), line);
  await (
    await wb.quickFix(line, 'Give terminals opened in this workspace what the editor has: no GOFLAGS')
  ).click();
  await wb.answer('Apply');
  const done = wb.notification('Open Terminal');
  await done.waitFor();
  await wb.shot('terminal 06 open a terminal');
  await done.locator('.monaco-button', { hasText: 'Open Terminal' }).click();
  await wb.page.locator('.terminal-wrapper.active .xterm-rows').last().filter({ hasText: '$' }).waitFor();
  await wb.typeInTerminal('echo "new[$GOFLAGS]"');
  await wb.page.locator('.terminal-wrapper.active .xterm-rows').last().filter({ hasText: 'new[]' }).waitFor();
  await wb.shot('terminal 07 as the editor');
  await wb.command('Problems: Focus on Problems View');
  await login.waitFor({ state: 'detached' });
});
