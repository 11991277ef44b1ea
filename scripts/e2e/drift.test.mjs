// A workspace that has drifted: what a person sees, and how it is put right.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { agreed, bare, running, start, testWith } from './harness.mjs';

const files = {
  '.go-version': `${bare(agreed)}\n`,
  'go.mod': 'module example.com/shop\n\ngo 1.25.0\n',
  'main.go': 'package main\n\nfunc main() {}\n',
};
const drifted = `Go ${bare(running)} ≠ ${bare(agreed)}`;

let wb;
const test = testWith(() => wb);
before(async () => {
  wb = await start();
  await wb.openFolder(files, '.go-version');
});
after(() => wb?.stop());

test('the status bar says that another Go runs than the agreed one', async () => {
  await wb.says(drifted);
  await wb.shot('01 drift');
});

test('a squiggle stands under the pin', async () => {
  await wb.squiggles('warning').first().waitFor({ state: 'attached' });
});

test('the tooltip gives the reason, the pins and the actions', async () => {
  const tooltip = await wb.hover(wb.status, 'Check now');
  const text = await tooltip.innerText();
  assert.match(text, /GOTOOLCHAIN|go on PATH/);
  assert.match(text, /\.go-version:1/);
  assert.match(text, /Switch to go1\.25\.3/);
  await wb.shot('02 tooltip');
  await wb.page.keyboard.press('Escape');
});

test('the Problems panel lists it with its rule', async () => {
  await wb.command('Problems: Focus on Problems View');
  const row = wb.page.locator('.markers-panel .monaco-list-row', { hasText: 'toolchain-drift' }).first();
  await row.waitFor();
  assert.match(await row.innerText(), /godrift/);
  await wb.shot('03 problems');
  // The rule's name leads to its page, which comes with the extension.
  await row.locator('a', { hasText: 'toolchain-drift' }).click();
  await wb.page.locator('.tab.active', { hasText: 'toolchain-drift.md' }).waitFor();
  await wb.shot('03 page of the rule');
  await wb.command('View: Close Editor');
  await wb.page.locator('.tab.active', { hasText: '.go-version' }).waitFor();
  await wb.command('View: Hide Panel');
});

test('a hover on the pin explains it', async () => {
  const hover = await wb.hover(wb.line(bare(agreed)).locator('span span').last(), 'Exactly Go 1.25.3');
  assert.match(await hover.innerText(), /toolchain-drift/);
  await wb.shot('04 hover');
  await wb.page.keyboard.press('Escape');
});

test('the quick fix menu offers to switch, to pin what runs and to accept', async () => {
  await wb.quickFix(wb.line(bare(agreed)), 'Switch to go1.25.3 in this workspace');
  const actions = wb.page.locator('.action-widget .monaco-list-row.action');
  await actions.filter({ hasText: 'Accept toolchain-drift' }).first().waitFor();
  await wb.shot('05 quick fixes');
  await wb.page.keyboard.press('Escape');
});

test('"Why this Go" tells the steps, and a click on one opens its file', async () => {
  await wb.command('godrift: Explain: Why This Go');
  const rows = wb.page.locator('.pane', { hasText: 'Why This Go' }).locator('.monaco-list-row');
  await rows.filter({ hasText: `Go ${bare(running)} runs here` }).waitFor();
  await wb.shot('06 why');
  await rows.filter({ hasText: 'go.mod:3 asks for' }).click();
  await wb.page.locator('.tab.active', { hasText: 'go.mod' }).waitFor();
});

test('a lens above the go line says which Go runs', async () => {
  const lens = wb.editor.locator('.codelens-decoration', { hasText: running }).first();
  await lens.waitFor();
  await wb.shot('07 lens');
});

test('switching the toolchain shows the plan, switches, and new terminals agree', async () => {
  const entry = await wb.menu('Switch to go1.25.3 in this workspace');
  await wb.shot('08 menu');
  await entry.click();
  await wb.page.locator('.monaco-dialog-box', { hasText: 'GOTOOLCHAIN=go1.25.3' }).waitFor();
  await wb.shot('09 plan');
  await wb.answer('Apply');
  await wb.says(`Go ${bare(agreed)}`);
  await wb.notification('done').waitFor();
  await wb.editor.locator('.codelens-decoration', { hasText: agreed }).first().waitFor();
  await wb.shot('10 switched');
  await wb.terminal('go version', `go version ${agreed}`);
  await wb.shot('11 terminal');
});

test('undo puts it back', async () => {
  await wb.command('godrift: Undo Last Fix');
  await wb.says(drifted);
  await wb.terminal('go version', `go version ${running}`);
  await wb.shot('12 undone');
});

test('a change on disk is seen', async () => {
  wb.write('.go-version', `${bare(running)}\n`);
  await wb.says(`Go ${bare(running)}`);
  await wb.status.filter({ hasNotText: '≠' }).waitFor();
  await wb.shot('13 ok');
  wb.write('.go-version', files['.go-version']);
  await wb.says(drifted);
});

test('a server that dies is started again', async () => {
  const [old] = await wb.until('the server', () => {
    const found = wb.languageServers();
    return found.length > 0 && found;
  });
  process.kill(old.pid, 'SIGKILL');
  await wb.until('another server', () => wb.languageServers().some(({ pid }) => pid !== old.pid));
  wb.write('.go-version', `${bare(running)}\n`);
  await wb.status
    .filter({ hasNotText: '≠' })
    .filter({ hasText: `Go ${bare(running)}` })
    .waitFor();
});

test('a server that dies again and again is left alone, and the editor says so', async () => {
  const killed = new Set();
  for (let i = 0; i < 4; i++) {
    const next = await wb.until('a server', () => wb.languageServers().find(({ pid }) => !killed.has(pid)));
    await wb.says('Go ');
    killed.add(next.pid);
    process.kill(next.pid, 'SIGKILL');
  }
  await wb.says('godrift');
  await wb.notification('times within 3 minutes').waitFor();
  await wb.shot('14 server gone');
  await wb.page.locator('.notifications-toasts .monaco-button', { hasText: 'Retry' }).first().click();
  await wb.says(`Go ${bare(running)}`);
});
