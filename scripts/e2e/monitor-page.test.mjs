// The page of the monitor in a real browser: served by the program itself, with a history of 100,000 moments.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { ensureBrowser } from '../setup.mjs';
import { agreed, bare, limit, running } from './harness.mjs';
import { startMonitor } from './monitor.mjs';

const moments = Number(process.env.GODRIFT_MOMENTS ?? 100_000);
const hostile = '<img/src=x/onerror=document.body.remove()>';
const closers = [];
let monitor;
let proxy;
let browser;

/** A proxy before the monitor, which can be told to let nothing through for some paths. */
async function startProxy(port) {
  const blocked = new Set();
  const sockets = new Set();
  const refuses = (url) => [...blocked].some((prefix) => url.startsWith(prefix));
  const headers = (from) => {
    const out = { ...from, host: `127.0.0.1:${port}` };
    if (out.origin) out.origin = `http://127.0.0.1:${port}`;
    return out;
  };
  const server = http.createServer((request, response) => {
    if (refuses(request.url)) {
      request.socket.destroy();
      return;
    }
    const on = http.request(
      {
        host: '127.0.0.1',
        port,
        path: request.url,
        method: request.method,
        headers: headers(request.headers),
      },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    on.on('error', () => response.destroy());
    response.on('close', () => on.destroy());
    request.pipe(on);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.on('upgrade', (request, socket) => {
    if (refuses(request.url)) {
      socket.destroy();
      return;
    }
    const lines = Object.entries(headers(request.headers)).map(([name, value]) => `${name}: ${value}`);
    const on = net.connect(port, '127.0.0.1', () => {
      on.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.pipe(on).pipe(socket);
    });
    on.on('error', () => socket.destroy());
    socket.on('close', () => on.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    /** Lets nothing through for these paths, and cuts what is open. */
    block(...prefixes) {
      blocked.clear();
      for (const prefix of prefixes) blocked.add(prefix);
      for (const socket of sockets) socket.destroy();
    },
  };
}

before(async () => {
  monitor = await startMonitor({ moments });
  closers.push(monitor.stop);
  proxy = await startProxy(Number(monitor.url.port));
  browser = await chromium.launch({
    executablePath: await ensureBrowser(),
    args: ['--no-sandbox', '--disable-gpu'],
    env: { ...process.env, HOME: monitor.base },
  });
  closers.push(() => browser.close());
});
after(async () => {
  for (const closer of closers.splice(0).toReversed()) await closer();
});

/** Opens the page; nothing it does may leave where it came from, and nothing may go wrong in it. */
async function open(t, { width = 1600, theme = 'light', origin = monitor.origin, section = '' } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 1000 }, colorScheme: theme });
  const page = await context.newPage();
  page.setDefaultTimeout(limit);
  const wrong = [];
  const left = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) wrong.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.host !== new URL(origin).host && url.protocol !== 'data:') left.push(request.url());
  });
  t.after(async () => {
    if (process.env.SHOTS && !t.passed) await shot(page, `failed ${t.name}`).catch(() => {});
    await context.close();
  });
  await page.goto(`${origin}/${monitor.url.search}`);
  if (section) await page.goto(`${origin}/#${section}`);
  t.after(() => {
    assert.deepEqual(wrong, []);
    assert.deepEqual(left, []);
  });
  return page;
}

async function shot(page, name) {
  if (!process.env.SHOTS) return;
  fs.mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`), fullPage: true });
}

/** The first thing of a section that is not "please wait". */
const ready = (page, section) =>
  page.locator(`.section.${section} > :not(.waiting)`).first().waitFor({ state: 'attached' });

const goenv = (...args) => execFileSync('go', ['env', ...args], { cwd: monitor.folder, env: monitor.env });
const variable = (page, name) => page.locator('tr', { has: page.locator('th', { hasText: name }) });
const sections = ['now', 'timeline', 'pins', 'cgo', 'cache', 'tools', 'alerts', 'audit'];

for (const theme of ['light', 'dark']) {
  for (const width of [400, 1600]) {
    test(`nothing serious is in the way of anybody, ${theme}, ${width} pixels`, async (t) => {
      const page = await open(t, { theme, width });
      for (const section of sections) {
        await page.goto(`${monitor.origin}/#${section}`);
        await ready(page, section);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document));
        const serious = violations
          .filter((v) => v.impact === 'serious' || v.impact === 'critical')
          .map(
            (v) => `${section}: ${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n')}`,
          );
        assert.deepEqual(serious, []);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `${section} is ${beyond} pixels wider than the window`);
        await shot(page, `${section} ${theme} ${width}`);
      }
    });
  }
}

test('the first paint and the whole timeline come soon, with a long history', async (t) => {
  const page = await open(t);
  const painted = () =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          new PerformanceObserver((list) => {
            const paint = list.getEntriesByName('first-contentful-paint')[0];
            if (paint) resolve(paint.startTime);
          }).observe({ type: 'paint', buffered: true });
        }),
    );
  const begun = Date.now();
  await page.goto(`${monitor.origin}/?#timeline`);
  const first = await painted();
  await page.locator('.range-note').waitFor();
  const drawn = Date.now() - begun;
  t.diagnostic(`first contentful paint ${first.toFixed(0)} ms, timeline drawn after ${drawn} ms`);
  assert.match(await page.locator('.range-note').innerText(), / moments of /);
  assert.ok(first < 2000, `the first paint came after ${first} ms`);
  assert.ok((await page.locator('rect.band').count()) < 5 * 800, 'more bands than can be seen');
});

test('a variable that go env -w writes shows by itself, as text', async (t) => {
  const page = await open(t);
  await page.locator('#live[data-way="live"]').waitFor();
  await page.locator('.version', { hasText: running }).waitFor();
  t.after(() => goenv('-u', 'GOFLAGS'));
  goenv('-w', `GOFLAGS=-ldflags=${hostile}`);
  await variable(page, 'GOFLAGS').getByText(hostile).first().waitFor();
  assert.equal(await page.locator('img').count(), 0);
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.locator('.moment-list summary', { hasText: hostile }).first().waitFor();
  assert.equal(await page.locator('img').count(), 0);
});

test('a fix by a button changes the file after it was shown, and undo brings it back', async (t) => {
  const file = path.join(monitor.folder, '.go-version');
  const page = await open(t);
  const pin = page.locator('.finding').getByRole('button', { name: 'Pin the Go that runs' }).first();
  await pin.click();
  const dialog = page.locator('dialog');
  await dialog.locator('.added', { hasText: bare(running) }).waitFor();
  await shot(page, 'dialog');
  // Who cancels has changed nothing.
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(fs.readFileSync(file, 'utf8'), `${bare(agreed)}\n`);
  await pin.click();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByRole('heading', { name: 'Done' }).waitFor();
  assert.equal(fs.readFileSync(file, 'utf8'), `${bare(running)}\n`);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.locator('.agreed', { hasText: `${running} is agreed upon` }).waitFor();
  await page.getByRole('button', { name: /^Undo: / }).click();
  await dialog.locator('.added', { hasText: bare(agreed) }).waitFor();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByRole('heading', { name: 'Done' }).waitFor();
  assert.equal(fs.readFileSync(file, 'utf8'), `${bare(agreed)}\n`);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('tab', { name: 'Audit' }).click();
  await page.locator('.audit tr', { hasText: 'Undo' }).first().waitFor();
});

test('what is not as accepted is shown, rolled back and accepted', async (t) => {
  const page = await open(t);
  const card = page.locator('.card', { has: page.getByRole('heading', { name: 'Accepted state' }) });
  const dialog = page.locator('dialog');
  const settle = async (button) => {
    await card.getByRole('button', { name: button }).click();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await dialog.getByRole('heading', { name: 'Done' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
  };
  await card.getByText('watched values are as accepted').waitFor();
  t.after(() => goenv('-u', 'GOFLAGS', 'CGO_ENABLED'));
  goenv('-w', 'GOFLAGS=-v', 'CGO_ENABLED=0');
  await card.getByRole('button', { name: 'Roll back' }).waitFor();
  await card.locator('summary').click();
  await card.locator('tr', { hasText: 'CGO_ENABLED' }).waitFor();
  await settle('Roll back');
  assert.equal(goenv('GOFLAGS').toString().trim(), '');
  await card.getByText('watched values are as accepted').waitFor();
  goenv('-w', 'GOFLAGS=-v', 'CGO_ENABLED=0');
  await card.getByRole('button', { name: 'Roll back' }).waitFor();
  await settle('Accept the present');
  assert.equal(goenv('GOFLAGS').toString().trim(), '-v');
  await card.getByText('watched values are as accepted').waitFor();
});

test('changes come by WebSocket, else by events, else by polling, and each is said', async (t) => {
  const page = await open(t, { origin: proxy.origin });
  const live = page.locator('#live');
  const way = (name, text) => page.locator(`#live[data-way="${name}"]`, { hasText: text }).waitFor();
  const says = async (value) => {
    goenv('-w', `GOFLAGS=${value}`);
    await variable(page, 'GOFLAGS').getByText(value, { exact: true }).first().waitFor();
  };
  t.after(() => goenv('-u', 'GOFLAGS'));
  await way('live', 'live');
  await says('-v');
  proxy.block('/api/ws');
  await way('events', 'live (events)');
  await says('-x');
  proxy.block('/api/ws', '/api/events');
  await way('polling', 'polling every 10 s');
  await says('-n');
  proxy.block('/');
  await way('offline', 'no connection since');
  goenv('-w', 'GOFLAGS=-a');
  proxy.block();
  await way('live', 'live');
  // What happened meanwhile was not missed.
  await variable(page, 'GOFLAGS').getByText('-a', { exact: true }).first().waitFor();
  assert.equal(await live.getAttribute('role'), 'status');
});

test('the keyboard goes everywhere', async (t) => {
  const page = await open(t);
  await page.locator('.version').waitFor();
  await page.keyboard.press('Tab');
  await page.locator('.skip:focus').waitFor();
  await page.getByRole('tab', { name: 'Now' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('[role="tab"][aria-selected="true"]:focus', { hasText: 'Timeline' }).waitFor();
  const slider = page.getByRole('slider');
  await slider.focus();
  const note = page.locator('.range-note');
  await note.waitFor();
  const whole = await note.innerText();
  await page.keyboard.press('Home');
  await page.keyboard.press('+');
  await page.locator('.range-note', { hasNotText: whole }).waitFor();
  assert.match(await slider.getAttribute('aria-valuetext'), /Go go1\.\d+/);
  await page.keyboard.press('Escape');
  await page.locator('button[aria-pressed="true"]', { hasText: 'All' }).waitFor();
});

test('a time is drawn over, moments are looked for, and two of them compared', async (t) => {
  const page = await open(t, { section: 'timeline' });
  const note = page.locator('.range-note');
  await note.waitFor();
  const whole = await note.innerText();
  const plot = await page.locator('.plot').first().boundingBox();
  await page.mouse.move(plot.x + plot.width * 0.4, plot.y + 10);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width * 0.6, plot.y + 10, { steps: 4 });
  await page.locator('.tip').waitFor();
  await shot(page, 'timeline drawn over');
  await page.mouse.up();
  await page.locator('.range-note', { hasNotText: whole }).waitFor();
  await page.getByRole('searchbox').fill('go1.25.7');
  await page.locator('.moment-list summary', { hasText: 'Go that runs' }).first().waitFor();
  for (const at of [0, 1]) await page.locator('.moment-list input').nth(at).check();
  await page.locator('.comparison tr', { hasText: 'Go that runs' }).waitFor();
  await page.locator('.mark-line').nth(1).waitFor();
  await shot(page, 'timeline compared');
});
