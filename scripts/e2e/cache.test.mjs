// The build cache: the view with its size, a check with progress, what is bad, and a switch.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { bare, running, start, testWith } from './harness.mjs';

let wb;
const test = testWith(() => wb);
before(async () => {
  wb = await start({ settings: { 'workbench.colorTheme': process.env.THEME ?? 'Default Dark Modern' } });
});
after(() => wb?.stop());

const pane = () =>
  wb.page.locator('.pane', { has: wb.page.locator('.pane-header', { hasText: 'Go build cache' }) });
const row = (text) => pane().locator('.monaco-list-row', { hasText: text }).first();
const cache = () => path.join(wb.home, '.cache', 'go-build');

/** A compiled package in a cache. */
function compiled(dir) {
  for (const folder of fs.readdirSync(dir).filter((name) => name.length === 2)) {
    for (const name of fs.readdirSync(path.join(dir, folder))) {
      const file = path.join(dir, folder, name);
      if (
        name.endsWith('-d') &&
        fs.statSync(file).isFile() &&
        fs.readFileSync(file, 'latin1').startsWith('!<arch>')
      ) {
        return file;
      }
    }
  }
  throw new Error(`there is no compiled package in ${dir}`);
}

test('the view shows the size of the cache by age and kind', async () => {
  await wb.openFolder({ 'go.mod': 'module example.com/m\n\ngo 1.25.0\n' }, 'go.mod');
  await wb.says(`Go ${bare(running)}`);
  execFileSync('go', ['build', 'internal/goarch', 'internal/cpu', 'internal/goos'], {
    cwd: wb.base,
    env: { ...process.env, HOME: wb.home, GOCACHE: cache(), GOFLAGS: '', GO111MODULE: 'off', GOWORK: 'off' },
  });
  await wb.command('Explorer: Focus on Go build cache View');
  await wb.page.locator('.pane-header', { hasText: 'ws1' }).first().click(); // room for the view
  await row('the last hour').waitFor();
  await row('Never checked').waitFor();
  await wb.shot('50 cache');
});

test('a check finds a flipped bit, the report tells it, and the fix takes it out', async () => {
  const file = compiled(cache());
  const text = fs.readFileSync(file);
  text[text.length - 20] ^= 4;
  fs.writeFileSync(file, text);
  await row('Never checked').click();
  await row('1 bad entry').waitFor();
  await wb.notification('1 entry is bad').waitFor();
  await wb.shot('51 bad entry');
  await row('Take the bad entry out').click();
  await wb.answer('Apply');
  await row('No bad entry').waitFor();
  assert.equal(fs.existsSync(file), false);
});

test('a switch carries over what is good, and can be undone', async () => {
  await wb.command('godrift: Switch to a New Build Cache');
  await wb.page.locator('.monaco-dialog-box', { hasText: 'takes the place of' }).waitFor();
  await wb.shot('52 switch');
  await wb.answer('Carry Over What Is Good');
  await row('go-build-2').waitFor();
  await row('still in use').waitFor();
  await wb.shot('53 switched');
  assert.match(wb.read('../home/.config/go/env'), /GOCACHE=.*go-build-2/);
  await wb.command('godrift: Undo Last Fix');
  await wb.until('GOCACHE is not set any more', () => !fs.existsSync(wb.file('../home/.config/go/env')));
});
