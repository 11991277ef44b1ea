// The history of a workspace: the view, the comparison with what is now, and the pictures of the timeline.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { agreed, bare, running, start, testWith } from './harness.mjs';

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
  const lane = (name, says) => page.locator(`.plot svg[aria-label^="${name}: ${says}"]`);
  await lane('Go', running).waitFor();
  await lane('CGO_ENABLED', '1, then 0').waitFor();
  // From the newest moment by keys alone.
  const newest = page.locator('.moment-list summary').first();
  await newest.focus();
  await newest.press('Enter');
  await page.locator('.moment-detail td', { hasText: hostile }).first().waitFor();
  assert.equal(await page.locator('img').count(), 0);
  await wb.shot('42 timeline');
  wb.write(goenv, 'GOCACHE=/tmp/another-cache\n');
  await lane('GOCACHE', '').and(page.locator('[aria-label$="then /tmp/another-cache"]')).waitFor();
  await page.locator('.moment-list li').nth(3).waitFor();
  // Two moments are compared.
  for (const at of [0, 3]) await page.locator('.moment-list input').nth(at).check();
  await page
    .locator('.comparison tr', { hasText: 'GOCACHE' })
    .locator('td', { hasText: '/tmp/another-cache' })
    .waitFor();
  await page.getByRole('button', { name: 'Hour' }).click();
  await page.locator('button[aria-pressed="true"]', { hasText: 'Hour' }).waitFor();
  await page.locator('.range-note', { hasText: '1 hour; 4 moments' }).waitFor();
  // What is typed is looked for on the server.
  await page.getByRole('searchbox').fill('another-cache');
  await page.locator('.range-note', { hasText: '1 moment of 4' }).waitFor();
  await wb.shot('43 timeline by the hour');
});

test('the overview tells what runs and why, and a fix goes through the editor', async () => {
  wb.write('.go-version', `${bare(agreed)}\n`);
  await wb.command('godrift: Open Overview');
  const page = frame();
  await page.getByRole('tab', { name: 'Now' }).click();
  await page.locator('.version', { hasText: running }).waitFor();
  await page.locator('.finding', { hasText: '.go-version' }).first().waitFor();
  assert.equal(await page.getByRole('tab', { name: 'Alerts' }).count(), 0);
  await wb.shot('46 overview');
  await page.locator('.finding').getByRole('button', { name: `Pin the Go that runs` }).first().click();
  await wb.answer('Apply');
  await wb.until(
    'the pin is that of the Go that runs',
    () => wb.read('.go-version').trim() === bare(running),
  );
  await page.locator('.agreed', { hasText: `${running} is agreed upon` }).waitFor();
  // A place in a file is a link.
  await page.locator('.agreed button').click();
  await wb.page.locator('.tab', { hasText: '.go-version' }).first().waitFor();
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
