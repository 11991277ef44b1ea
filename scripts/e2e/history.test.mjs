// The history of a workspace: the view, the comparison with what is now, and the pictures of the timeline.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { bare, running, start, testWith } from './harness.mjs';

const goenv = '../home/.config/go/env';
const hostile = '<img/src=x/onerror=document.body.remove()>';

let wb;
const test = testWith(() => wb);
before(async () => {
  wb = await start({ settings: { 'workbench.colorTheme': process.env.THEME ?? 'Default Dark Modern' } });
});
after(() => wb?.stop());

const pane = () =>
  wb.page.locator('.pane', { has: wb.page.locator('.pane-header', { hasText: 'Go history' }) });
const row = (text) => pane().locator('.monaco-list-row', { hasText: text }).first();
const frame = () => wb.page.frameLocator('iframe.webview').frameLocator('#active-frame');

test('the view lists what changed, with the cause and both values', async () => {
  await wb.openFolder({ 'go.mod': 'module example.com/m\n\ngo 1.25.0\n' }, 'go.mod');
  await wb.says(`Go ${bare(running)}`);
  await wb.command('Explorer: Focus on Go history View');
  await wb.page.locator('.pane-header', { hasText: 'ws1' }).first().click(); // room for the view
  await row('First seen').waitFor();
  wb.write(goenv, 'GOFLAGS=-v\n');
  await row('GOFLAGS').filter({ hasText: 'go env -w' }).waitFor();
  wb.write(goenv, `GOFLAGS=-ldflags=${hostile}\nCGO_ENABLED=0\n`);
  await row('CGO_ENABLED, GOFLAGS').waitFor();
  const value = row('-ldflags=<img');
  await wb.insist(
    () => row('CGO_ENABLED, GOFLAGS').locator('.monaco-tl-twistie').click({ timeout: 5000 }),
    value,
  );
  await wb.shot('40 history');
  // A click opens the file that the value comes from.
  await value.click();
  await wb.page.locator('.tab', { hasText: 'env' }).first().waitFor();
  await wb.line('CGO_ENABLED=0').waitFor();
});

test('a moment is compared with now in the diff editor', async () => {
  // A row that stands below the edge of its view cannot be pointed at.
  await row('First seen').scrollIntoViewIfNeeded();
  const button = row('First seen').locator('.action-label[aria-label="Compare with Now"]');
  await wb.insist(async () => {
    await row('First seen').hover({ timeout: 5000 });
    await button.click({ timeout: 5000 });
  }, wb.page.locator('.tab', { hasText: '↔ now' }).first());
  const diff = wb.page.locator('.monaco-diff-editor');
  await diff.locator('.editor.original .view-line', { hasText: 'env.CGO_ENABLED=1' }).first().waitFor();
  await diff.locator('.editor.modified .view-line', { hasText: 'env.CGO_ENABLED=0' }).first().waitFor();
  await wb.shot('41 compared');
});

test('the timeline draws it, follows what happens, and takes text for text', async () => {
  await wb.command('godrift: Show Timeline');
  const page = frame();
  await page.locator('.lane', { hasText: 'CGO_ENABLED' }).locator('.band').nth(1).waitFor();
  // A band of a few seconds has no room for a label; what a screen reader says is always whole.
  await page.locator(`.lane[aria-label="Go: ${running}"]`).waitFor();
  // From the newest to the one before, by keys alone.
  const newest = page.locator('.point').last();
  await newest.focus();
  await newest.press('Enter');
  await page.locator('#detail td', { hasText: hostile }).first().waitFor();
  assert.equal(await page.locator('img').count(), 0);
  await wb.shot('42 timeline');
  const points = await page.locator('.point').count();
  wb.write(goenv, 'GOCACHE=/tmp/another-cache\n');
  await page.locator('.lane', { hasText: 'GOCACHE' }).locator('.band').nth(1).waitFor();
  assert.ok((await page.locator('.point').count()) >= points);
  await page.locator('#bar button', { hasText: 'Hour' }).click();
  await page.locator('#bar button[aria-pressed="true"]', { hasText: 'Hour' }).waitFor();
  await page.locator('#note', { hasText: '4 changes' }).waitFor();
  await wb.shot('43 timeline by the hour');
});

test('an entry is gone back to, with its pins', async () => {
  await wb.command('Explorer: Focus on Go history View');
  wb.write('go.mod', 'module example.com/m\n\ngo 1.26.0\n');
  await row('go.mod').waitFor();
  await row('First seen').scrollIntoViewIfNeeded();
  const button = row('First seen').locator('.action-label[aria-label="Roll Back to This State…"]');
  const question = wb.notification('pin?');
  await wb.insist(async () => {
    await row('First seen').hover({ timeout: 5000 });
    await button.click({ timeout: 5000 });
  }, question);
  await wb.shot('44 roll back');
  await question.getByRole('button', { name: 'Apply' }).click();
  await wb.until('what it was at first', () => {
    const was = wb.read('go.mod').includes('go 1.25.0\n');
    return was && !wb.read(goenv).includes('GOCACHE');
  });
  await wb.shot('45 rolled back');
});
