// Fixes that change files, compared byte for byte; hints; and a server that cannot start.
import { after, before } from 'node:test';
import { bare, running, start, testWith } from './harness.mjs';

let wb;
const test = testWith(() => wb);
before(async () => {
  wb = await start();
});
after(() => wb?.stop());

test('a quick fix corrects the text and nothing else', async () => {
  const text = 'module example.com/shop // 商店 🛒\r\n\r\ngo 1.25.0\r\n\r\ntoolchain 1.25.3 // as agreed\r\n';
  await wb.openFolder({ 'go.mod': text }, 'go.mod');
  await wb.squiggles('error').first().waitFor({ state: 'attached' });
  await wb.shot('20 error');
  const fix = await wb.quickFix(wb.line('toolchain'), 'go1.25.3');
  await wb.shot('21 correct');
  await fix.click();
  await wb.line('toolchain go1.25.3').waitFor();
  await wb.page.keyboard.press('Control+S');
  await wb.holds('go.mod', text.replace('toolchain 1.25.3', 'toolchain go1.25.3'));
  await wb.squiggles('error').first().waitFor({ state: 'detached' });
  await wb.shot('22 corrected');
});

test('a hint says what a line of releases means today', async () => {
  await wb.openFolder(
    { '.go-version': '1.25\n', 'go.mod': 'module example.com/m\n\ngo 1.25.0\n' },
    '.go-version',
  );
  await wb.editor.locator('.view-line', { hasText: /1\.25.*1\.25\.\d+/ }).waitFor();
  await wb.shot('23 hint');
});

test('unsaved text is judged', async () => {
  await wb.openFolder(
    { '.go-version': `${bare(running)}\n`, 'go.mod': 'module example.com/m\n\ngo 1.25.0\n' },
    '.go-version',
  );
  await wb.says(`Go ${bare(running)}`);
  await wb.retype('1.25.3', wb.status.filter({ hasText: '≠ 1.25.3' }));
  await wb.squiggles('warning').first().waitFor({ state: 'attached' });
  const agrees = wb.status.filter({ hasNotText: '≠' }).filter({ hasText: `Go ${bare(running)}` });
  await wb.retype(bare(running), agrees);
});

test('go env -w blocks every go command: the status bar says so, and the fix works although no go does', async () => {
  await wb.openFolder({ 'go.mod': 'module example.com/m\n\ngo 1.25.0\n' }, 'go.mod');
  await wb.says(`Go ${bare(running)}`);
  const goenv = '../home/.config/go/env';
  wb.write(goenv, 'GOFLAGS=-v\nGOTOOLCHAIN=bogus\n');
  await wb.says('Go ✗');
  await wb.hover(wb.status, 'invalid GOTOOLCHAIN "bogus"');
  await wb.shot('24 go stops');
  await wb.page.keyboard.press('Escape');
  const entry = await wb.menu('GOTOOLCHAIN');
  await wb.shot('24 menu');
  await entry.click();
  await wb.answer('Apply');
  await wb.holds(goenv, 'GOFLAGS=-v\n');
  await wb.says(`Go ${bare(running)}`);
});

test('a server that cannot start is named, with what to do', async () => {
  await wb.openFolder(
    {
      'go.mod': 'module example.com/m\n\ngo 1.25.0\n',
      '.vscode/settings.json': '{ "godrift.server.path": "/nowhere/godrift" }\n',
    },
    'go.mod',
  );
  await wb.notification('/nowhere/godrift').waitFor();
  for (const button of ['Retry', 'Show Output', 'Open Settings']) {
    await wb.page.locator('.notifications-toasts .monaco-button', { hasText: button }).first().waitFor();
  }
  await wb.says('godrift');
  await wb.shot('25 server cannot start');
  // Correcting the setting is enough.
  wb.write('.vscode/settings.json', '{}\n');
  await wb.says(`Go ${bare(running)}`);
});
