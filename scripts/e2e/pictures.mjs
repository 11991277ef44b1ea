// Takes the pictures of the README from the real workbench and the real monitor, into extension/images.
//
//   node scripts/e2e/pictures.mjs [workbench] [page]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { here } from '../build.mjs';
import { makePackages } from '../package.mjs';
import { ensureBrowser, fail, root } from '../setup.mjs';
import { agreed, bare, running, start } from './harness.mjs';
import { startMonitor } from './monitor.mjs';

const [width, height] = [960, 600];
const out = path.join(root, 'extension', 'images');
const base = fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-pictures-'));
const take = (wb, name, clip) => wb.page.screenshot({ path: path.join(out, `${name}.png`), clip });
const statusBar = { x: 4, y: height - 30, width: 420, height: 28 };

const wanted = process.argv.slice(2);
const wants = (part) => wanted.length === 0 || wanted.includes(part);

async function workbench() {
  process.env.VSIX ??= (await makePackages([here().target], base))[0];
  wb = await start({ viewport: { width, height }, settings: { 'editor.fontSize': 15 } });
  const files = {
    '.go-version': `${bare(agreed)}\n`,
    'go.mod': 'module example.com/shop\n\ngo 1.25.0\n',
    'main.go': 'package main\n\nfunc main() {}\n',
  };
  await wb.openFolder(files, '.go-version');
  await wb.says('≠');
  await wb.squiggles('warning').first().waitFor({ state: 'attached' });
  await take(wb, 'status-drift', statusBar);

  await wb.hover(wb.status, 'Check now');
  await take(wb, 'tooltip', { x: 0, y: 220, width: 720, height: 380 });
  await wb.page.keyboard.press('Escape');

  await wb.line(bare(agreed)).click();
  await wb.page.keyboard.press('Control+B'); // the side bar gives its room to the text
  await wb.hover(wb.line(bare(agreed)).locator('span span').last(), 'Exactly Go');
  await take(wb, 'hover', { x: 0, y: 30, width: 900, height: 340 });
  await wb.page.keyboard.press('Escape');
  await wb.page.mouse.move(width / 2, height - 100);
  await wb.page.locator('.monaco-hover', { hasText: 'Exactly Go' }).first().waitFor({ state: 'hidden' });

  await wb.quickFix(wb.line(bare(agreed)), 'Switch to');
  await take(wb, 'quick-fixes', { x: 0, y: 30, width, height: 240 });
  await wb.page.keyboard.press('Escape');

  await wb.page.keyboard.press('Control+B');
  await wb.command('godrift: Explain: Why This Go');
  await wb.page.locator('.pane-header', { hasText: 'ws1' }).click(); // room for the view
  const rows = wb.page.locator('.pane', { hasText: 'Why This Go' }).locator('.monaco-list-row');
  await rows.filter({ hasText: 'is agreed' }).first().waitFor();
  const edge = await wb.page.locator('.part.sidebar').boundingBox();
  await wb.page.mouse.move(edge.x + edge.width + 1, 300);
  await wb.page.mouse.down();
  await wb.page.mouse.move(680, 300, { steps: 5 });
  await wb.page.mouse.up();
  await wb.page.mouse.move(800, 400);
  await rows.filter({ hasText: 'Variables' }).first().click();
  await rows.filter({ hasText: 'GOTOOLCHAIN' }).last().waitFor();
  await take(wb, 'why', { x: 0, y: 30, width: 690, height: 530 });

  wb.write('../home/.config/go/env', 'GOTOOLCHAIN=bogus\n');
  await wb.says('✗');
  await take(wb, 'status-error', statusBar);
  wb.write('../home/.config/go/env', '');
  wb.write('.go-version', `${bare(running)}\n`);
  await wb.status
    .filter({ hasText: `Go ${bare(running)}` })
    .filter({ hasNotText: '≠' })
    .waitFor();
  await take(wb, 'status-ok', statusBar);
}

/** The page, where a year has left its traces. */
async function page() {
  const monitor = await startMonitor({ moments: 400, months: 3 });
  closers.push(monitor.stop);
  const browser = await chromium.launch({
    executablePath: await ensureBrowser(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  closers.push(() => browser.close());
  const one = await browser.newPage({ viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 });
  await one.goto(monitor.url.href);
  await one.locator('.version', { hasText: running }).waitFor();
  await one.getByRole('tab', { name: 'Timeline' }).click();
  await one.locator('.range-note').waitFor();
  await one.screenshot({ path: path.join(out, 'page-timeline.png') });
}

const closers = [];
let wb;
try {
  if (wants('workbench')) await workbench();
  if (wants('page')) await page();
} catch (error) {
  await wb?.page
    .screenshot({ path: path.join(os.tmpdir(), 'godrift-picture-failed.png') })
    .catch(() => undefined);
  fail(error);
} finally {
  await wb?.stop();
  for (const closer of closers.toReversed()) await closer();
  fs.rmSync(base, { recursive: true, force: true });
}
