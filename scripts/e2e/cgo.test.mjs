// The grid of targets: which of them C code can be built for here, and what helps where it cannot.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { bare, running, start, testWith } from './harness.mjs';

let wb;
const test = testWith(() => wb);
before(async () => {
  wb = await start({ settings: { 'workbench.colorTheme': process.env.THEME ?? 'Default Dark Modern' } });
});
after(() => wb?.stop());

const page = () => wb.page.frameLocator('iframe.webview').frameLocator('#active-frame');
const cell = (target) => page().locator(`.grid button[data-target="${target}"]`);
const detail = () => page().locator('.detail');

test('the grid shows every target, and what is chosen is explained', async () => {
  await wb.openFolder(
    {
      'go.mod': 'module example.com/m\n\ngo 1.25.0\n',
      'native/native.go':
        'package native\n\n// int f(void) { return 0; }\nimport "C"\n\nfunc F() int { return int(C.f()) }\n',
    },
    'go.mod',
  );
  await wb.says(`Go ${bare(running)}`);
  await wb.command('godrift: Show C Code by Target');
  await cell('linux/amd64').waitFor();
  await page().getByRole('button', { name: 'Every target' }).click();
  // Without any compiler there is a grid, too: what a cell says is the compiler's business.
  await cell('js/wasm').waitFor();
  assert.match(await cell('js/wasm').getAttribute('aria-label'), /Go has no cgo here/);
  assert.match(
    await cell('linux/amd64').getAttribute('aria-label'),
    /^linux\/amd64: (C code can|C code cannot)/,
  );
  await page().locator('.intro', { hasText: '1 package of this module' }).waitFor();
  await page().locator('.plain li', { hasText: 'example.com/m/native' }).waitFor();
  await wb.shot('50 cgo');
  await cell('darwin/arm64').click();
  await detail().locator('h3', { hasText: 'darwin/arm64' }).waitFor();
  await detail().locator('li code', { hasText: 'CGO_ENABLED=0' }).waitFor();
  await cell('linux/arm64').focus();
  await cell('linux/arm64').press('Enter');
  await detail().locator('h3', { hasText: 'linux/arm64' }).waitFor();
  await page().locator('.card', { hasText: 'What forces what' }).getByText('CGO_ENABLED=').waitFor();
  await wb.shot('51 cgo detail');
});

test('another look sees what has changed', async () => {
  wb.write('../home/.config/go/env', 'CC=no-such-compiler\nCGO_ENABLED=1\n');
  // The variable is judged at once, and the page looks when it is told to.
  await wb.insist(
    () => page().getByRole('button', { name: 'Look again' }).click({ timeout: 5000 }),
    page().locator('.detail dd', { hasText: 'no-such-compiler' }).first(),
  );
  await cell('linux/amd64').click();
  await detail().getByText('The C compiler no-such-compiler is not found.').first().waitFor();
  await wb.shot('52 cgo broken');
});
