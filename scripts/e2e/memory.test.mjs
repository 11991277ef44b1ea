// The environment drifts from the accepted state outside of the editor: it is told, rolled back, and a go
// command that no longer starts is brought back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { bare, running, start, testWith } from './harness.mjs';

const files = {
  'go.mod': 'module example.com/shop\n\ngo 1.25.0\n',
  'main.go': 'package main\n\nfunc main() {}\n',
  // A change is told at once, and not only when the grace period is over.
  'godrift.toml': '[baseline]\ngrace = "0s"\n',
};

let wb;
const test = testWith(() => wb);

/** Runs go as a person in a terminal outside of the editor does, without a network. */
const go = (...args) =>
  execFileSync('go', args, {
    cwd: wb.folder,
    env: { ...wb.env, GOPROXY: 'off' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
const goenv = () => path.join(wb.home, '.config', 'go', 'env');
const problem = (text) => wb.page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();

before(async () => {
  wb = await start();
  fs.mkdirSync(path.dirname(goenv()), { recursive: true });
  fs.writeFileSync(goenv(), '# mine\nGOFLAGS=-trimpath\n');
  await wb.openFolder(files, 'go.mod');
  await wb.says(`Go ${bare(running)}`);
});
after(() => wb?.stop());

test('the present environment is accepted', async () => {
  await wb.command('godrift: Accept the Present Environment');
  await wb.notification('Accepted').waitFor();
  await wb.command('Notifications: Clear All Notifications');
});

test('go env -w outside of the editor shows as drift, with what was accepted', async () => {
  go('env', '-w', 'GOFLAGS=-mod=mod');
  await wb.command('Problems: Focus on Problems View');
  const row = problem('env-drift');
  await row.waitFor();
  assert.match(await row.innerText(), /GOFLAGS=-mod=mod.*accepted was -trimpath/);
  await wb.shot('memory 01 drift');
});

test('the history says when, from what to what, and what did it', async () => {
  const pane = wb.page.locator('.pane', { has: wb.page.locator('.pane-header', { hasText: 'Go history' }) });
  const row = (text) => pane.locator('.monaco-list-row', { hasText: text }).first();
  await wb.command('Explorer: Focus on Go history View');
  await wb.page.locator('.pane-header', { hasText: 'ws1' }).first().click(); // room for the view
  const entry = row('GOFLAGS').filter({ hasText: 'go env -w' });
  await entry.waitFor();
  const change = row('-trimpath');
  await wb.insist(() => entry.locator('.monaco-tl-twistie').click({ timeout: 5000 }), change);
  assert.match(await change.innerText(), /-trimpath.*-mod=mod/s);
  await wb.shot('memory 01b history');
  await wb.command('godrift: Show Timeline');
  const page = wb.page.frameLocator('iframe.webview').frameLocator('#active-frame');
  const newest = page.locator('.moment-list summary').first();
  await newest.focus();
  await newest.press('Enter');
  await page.locator('.moment-detail', { hasText: '-mod=mod' }).waitFor();
  await wb.shot('memory 01c timeline');
  await wb.command('View: Close Editor');
});

test('a quick fix rolls it back, and go agrees', async () => {
  const line = wb.line('GOFLAGS');
  await wb.insist(() => problem('env-drift').dblclick({ timeout: 5000 }), line);
  const entry = await wb.quickFix(line, 'Roll back GOFLAGS to -trimpath');
  await wb.shot('memory 02 quick fix');
  await entry.click();
  await wb.page.locator('.monaco-dialog-box', { hasText: 'GOFLAGS=-trimpath' }).waitFor();
  await wb.shot('memory 03 plan');
  await wb.answer('Apply');
  await wb.notification('done').waitFor();
  assert.equal(go('env', 'GOFLAGS'), '-trimpath');
  assert.match(fs.readFileSync(goenv(), 'utf8'), /^# mine$/m);
  await problem('env-drift').waitFor({ state: 'detached' });
  await wb.command('Notifications: Clear All Notifications');
});

test('a go that no longer starts is brought back', async () => {
  go('env', '-w', 'GOTOOLCHAIN=go1.20');
  assert.throws(() => go('version'), /go1\.20/);
  await problem('env-drift').waitFor();
  await wb.command('godrift: Roll Back to the Accepted Environment');
  const asked = wb.notification('Roll back GOTOOLCHAIN');
  await asked.waitFor();
  await wb.shot('memory 04 asked');
  await asked.locator('.monaco-button', { hasText: 'Apply' }).click();
  await wb.notification('done').waitFor();
  assert.match(go('version'), new RegExp(running.replaceAll('.', '\\.')));
  await problem('env-drift').waitFor({ state: 'detached' });
});

test('undo brings the drift back, and accepting it settles it', async () => {
  await wb.command('godrift: Undo Last Fix');
  await wb.until('the line of GOTOOLCHAIN', () =>
    fs.readFileSync(goenv(), 'utf8').includes('GOTOOLCHAIN=go1.20'),
  );
  fs.writeFileSync(goenv(), 'GOFLAGS=-mod=vendor\n');
  await problem('env-drift').waitFor();
  await wb.command('godrift: Accept the Present Environment');
  await wb.notification('Accepted').waitFor();
  await problem('env-drift').waitFor({ state: 'detached' });
  await wb.shot('memory 05 accepted');
});
