// What other pages can do to the monitor through a person's browser: nothing. A real Chromium, with the cookie of a
// real monitor, is taken to pages of other origins that try.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { buildServer, here } from '../build.mjs';
import { ensureBrowser } from '../setup.mjs';
import { later, limit, scratch, startMonitor, write } from './monitor-process.mjs';

let base;
let program;
let browser;

before(
  async () => {
    base = fs.mkdtempSync(path.join(os.tmpdir(), 'gms-'));
    program = await buildServer(here(), path.join(base, 'bin'));
    browser = await chromium.launch({
      executablePath: await ensureBrowser(),
      headless: true,
      env: { ...process.env, HOME: base },
      // evil.test is a name of somebody else's that leads to this machine.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--host-resolver-rules=MAP evil.test 127.0.0.1',
      ],
    });
  },
  { timeout: 5 * limit },
);

after(async () => {
  await browser?.close();
  fs.rmSync(base, { recursive: true, force: true, maxRetries: 5 });
});

const drifted = {
  'go.mod': 'module example.com/a\n\ngo 1.24.0\n',
  Dockerfile: 'FROM golang:1.23.0\n',
};

/** A monitor of one folder, and a browser that has been at its page. */
async function visited(t) {
  const dir = scratch(t);
  const folder = path.join(dir, 'app');
  write(folder, drifted);
  const monitor = await startMonitor(t, { program, base: dir, folders: [folder] });
  const context = await browser.newContext();
  later(t, () => context.close());
  context.setDefaultTimeout(limit);
  const page = await context.newPage();
  await page.goto(monitor.url);
  await page.locator('#tabs [role=tab]').first().waitFor();
  return { monitor, context, page, folder };
}

/** A server of somebody else on this machine, with one empty page. */
async function foreign(t) {
  const seen = [];
  const server = http.createServer((request, response) => {
    seen.push({ url: request.url, headers: request.headers });
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<!doctype html><title>elsewhere</title><body>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(
    t,
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return { port: server.address().port, seen };
}

test('the token becomes a cookie that no script sees, and stands in no address', {
  timeout: 3 * limit,
}, async (t) => {
  const { monitor, context, page } = await visited(t);
  assert.equal(new URL(page.url()).href, `${monitor.origin}/`);
  assert.equal(await page.evaluate(() => document.cookie), '');
  assert.equal(await page.evaluate(() => document.referrer), '');
  const [cookie] = await context.cookies();
  assert.equal(cookie.name, `godrift-${monitor.port}`);
  assert.ok(cookie.httpOnly && cookie.sameSite === 'Strict' && !cookie.value.includes(monitor.token));
  const entries = await page.evaluate(() =>
    JSON.stringify([history.length, performance.getEntries().map((e) => e.name)]),
  );
  assert.ok(!entries.includes(monitor.token), entries);
  assert.ok(!(await page.content()).includes(monitor.token));
  await page.goBack();
  assert.ok(!page.url().includes(monitor.token), 'back leads to the token');
  // A stranger's browser is told what to do.
  const other = await browser.newContext();
  later(t, () => other.close());
  const stranger = await other.newPage();
  const answer = await stranger.goto(`${monitor.origin}/`);
  assert.equal(answer.status(), 401);
  assert.match(await stranger.locator('body').innerText(), /Open the address/);
  assert.ok(
    !monitor.log().includes(monitor.token) && !monitor.log().includes(cookie.value),
    'the log tells it',
  );
});

test('a link from another site opens the page', { timeout: 3 * limit }, async (t) => {
  const { monitor, context } = await visited(t);
  const { port } = await foreign(t);
  const page = await context.newPage();
  await page.goto(`http://localhost:${port}/`);
  await page.evaluate((url) => {
    const a = document.body.appendChild(document.createElement('a'));
    a.href = url;
    a.textContent = 'the page';
  }, monitor.url);
  await context.clearCookies();
  await page.getByText('the page').click();
  await page.locator('#tabs [role=tab]').first().waitFor();
  assert.equal(page.url(), `${monitor.origin}/`);
  assert.equal(await page.evaluate(() => document.referrer), '');
});

// localhost is another site than 127.0.0.1; another port of 127.0.0.1 is the same site, to which a browser sends a
// strict cookie.
for (const host of ['localhost', '127.0.0.1']) {
  test(`a page of another origin (${host}) reads nothing, changes nothing and hears nothing`, {
    timeout: 3 * limit,
  }, async (t) => {
    const { monitor, context, folder } = await visited(t);
    const { port } = await foreign(t);
    const plan = await fetch(`${monitor.origin}/api/plan`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${monitor.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ root: folder, action: 'accept' }),
    });
    const { hash } = await plan.json();
    assert.ok(hash);
    const page = await context.newPage();
    await page.goto(`http://${host}:${port}/`);
    const got = await page.evaluate(
      async ({ origin, folder, hash }) => {
        const out = {};
        const attempt = async (name, f) => {
          try {
            out[name] = await f();
          } catch (error) {
            out[name] = `error: ${error.name}`;
          }
        };
        const body = JSON.stringify({ root: folder, action: 'accept', hash });
        const read = async (url, init) => {
          const answer = await fetch(url, { credentials: 'include', ...init });
          return `${answer.type} ${answer.status} ${await answer.text()}`;
        };
        await attempt('cors', () => read(`${origin}/api/workspaces`));
        await attempt('no-cors', () => read(`${origin}/api/workspaces`, { mode: 'no-cors' }));
        await attempt('page', () => read(`${origin}/`, { mode: 'no-cors' }));
        await attempt('post json', () =>
          read(`${origin}/api/apply`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body,
          }),
        );
        await attempt('post text', () =>
          read(`${origin}/api/apply`, {
            method: 'POST',
            mode: 'no-cors',
            headers: { 'Content-Type': 'text/plain' },
            body,
          }),
        );
        await attempt('post form', () =>
          read(`${origin}/api/accept`, {
            method: 'POST',
            mode: 'no-cors',
            body: new URLSearchParams({ hash }),
          }),
        );
        await attempt(
          'beacon',
          () =>
            navigator.sendBeacon(`${origin}/api/apply`, new Blob([body], { type: 'text/plain' })) && 'sent',
        );
        await attempt('module', () => import(`${origin}/page.js`).then(() => 'loaded'));
        const loaded = (tag, set) =>
          new Promise((resolve) => {
            const element = document.createElement(tag);
            element.onload = () => resolve('loaded');
            element.onerror = () => resolve('error');
            set(element);
            document.body.append(element);
          });
        for (const what of ['/page.js', '/api/workspaces', '/metrics']) {
          await attempt(`script ${what}`, () => loaded('script', (e) => (e.src = origin + what)));
        }
        await attempt('style', () =>
          loaded('link', (e) => {
            e.rel = 'stylesheet';
            e.href = `${origin}/page.css`;
          }),
        );
        await attempt('image', () => loaded('img', (e) => (e.src = `${origin}/icon.svg`)));
        const heard = (make) =>
          new Promise((resolve) => {
            const line = make();
            line.onopen = () => resolve('opened');
            line.onmessage = () => resolve('told');
            line.onerror = () => resolve('error');
          });
        await attempt('socket', () =>
          heard(() => new WebSocket(`${origin.replace('http', 'ws')}/api/ws?last=x-0`)),
        );
        await attempt('events', () =>
          heard(() => new EventSource(`${origin}/api/events?last=x-0`, { withCredentials: true })),
        );
        return out;
      },
      { origin: monitor.origin, folder, hash },
    );
    for (const [name, result] of Object.entries(got)) {
      if (name === 'beacon') continue; // it says only that it was sent; what became of it is seen below
      assert.match(result, /^(error|opaque 0 $)/, `${name}: ${result}`);
    }
    // A form, sent as a person would by a click.
    await page.evaluate(
      ({ origin, folder, hash }) => {
        const form = document.body.appendChild(document.createElement('form'));
        form.method = 'post';
        form.action = `${origin}/api/accept`;
        form.enctype = 'text/plain';
        const field = form.appendChild(document.createElement('input'));
        field.name = `{"root":${JSON.stringify(folder)},"hash":"${hash}","reason":"`;
        field.value = '"}';
        form.submit();
      },
      { origin: monitor.origin, folder, hash },
    );
    await page.waitForURL(`${monitor.origin}/api/accept`);
    assert.match(await page.locator('body').innerText(), /"error"/);
    const audit = await (await monitor.get(`/api/audit?root=${encodeURIComponent(folder)}`)).json();
    assert.deepEqual(audit.deeds, [], 'something was done');
    // It was the page that was refused: with the token and no page it is done.
    const done = await fetch(`${monitor.origin}/api/apply`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${monitor.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ root: folder, action: 'accept', hash }),
    });
    assert.equal(done.status, 200, await done.text());
  });
}

test('the page is shown in no frame, and a window that opens it cannot reach it', {
  timeout: 3 * limit,
}, async (t) => {
  const { monitor, context } = await visited(t);
  const { port } = await foreign(t);
  const page = await context.newPage();
  for (const host of ['localhost', '127.0.0.1']) {
    await page.goto(`http://${host}:${port}/`);
    for (const tag of ['iframe', 'embed', 'object']) {
      for (const at of ['/', `/?token=${monitor.token}`, '/api/workspaces']) {
        const refused = page
          .waitForEvent('framenavigated', (f) => f.parentFrame() !== null && f.url() !== 'about:blank')
          .catch(() => null);
        await page.evaluate(
          ({ tag, url }) => {
            const frame = document.createElement(tag);
            frame[tag === 'object' ? 'data' : 'src'] = url;
            if (tag !== 'iframe') frame.type = 'text/html';
            document.body.replaceChildren(frame);
          },
          { tag, url: monitor.origin + at },
        );
        if (tag === 'iframe') {
          await refused;
        } else {
          await page.waitForLoadState('networkidle');
        }
        for (const frame of page.frames().slice(1)) {
          const text = await frame
            .evaluate(() => `${document.title} ${document.body?.innerText}`)
            .catch(() => '');
          assert.ok(
            !/godrift|"workspaces"/.test(text) || frame.url().startsWith('chrome-error:'),
            `${tag} ${at} shows ${frame.url()}: ${text}`,
          );
        }
      }
    }
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate((url) => {
        window.opened = window.open(url);
      }, `${monitor.origin}/`),
    ]);
    await opened.waitForLoadState();
    assert.equal(await opened.evaluate(() => window.opener), null);
    assert.ok(await page.evaluate(() => window.opened.closed), 'the window can be reached');
    await opened.close();
  }
});

test('a foreign name that leads to the monitor (DNS rebinding) gets nothing', {
  timeout: 3 * limit,
}, async (t) => {
  const { monitor, context } = await visited(t);
  const page = await context.newPage();
  for (const at of ['/', `/?token=${monitor.token}`, '/healthz', '/metrics', '/api/workspaces']) {
    const answer = await page.goto(`http://evil.test:${monitor.port}${at}`);
    assert.equal(answer.status(), 421, at);
    assert.ok(!(await answer.text()).includes('workspaces"'), at);
    assert.equal(answer.headers()['set-cookie'], undefined);
  }
  const got = await page.evaluate(async (token) => {
    const answer = await fetch('/api/workspaces', { headers: { Authorization: `Bearer ${token}` } });
    return answer.status;
  }, monitor.token);
  assert.equal(got, 421);
  const socket = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const s = new WebSocket(`ws://${location.host}/api/ws`);
        s.onopen = () => resolve('opened');
        s.onerror = () => resolve('error');
      }),
  );
  assert.equal(socket, 'error');
});

test('the policy of the page stops what somebody could have brought into it', {
  timeout: 3 * limit,
}, async (t) => {
  const { monitor, page } = await visited(t);
  const { port, seen } = await foreign(t);
  const got = await page.evaluate(async (elsewhere) => {
    const violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(event.effectiveDirective),
    );
    const thrown = {};
    const attempt = async (name, f) => {
      try {
        await f();
        thrown[name] = false;
      } catch {
        thrown[name] = true;
      }
    };
    await attempt('inline script', () => {
      const script = document.createElement('script');
      script.textContent = 'window.pwned = "inline"';
      document.body.append(script);
    });
    await attempt('markup', () => {
      document.createElement('div').innerHTML = '<img src=x onerror="window.pwned = 1">';
    });
    await attempt('write', () => document.write('<script>window.pwned = 2</script>'));
    // What the test itself runs may evaluate text; what runs later may not.
    const soon = (f) =>
      new Promise((resolve, reject) => setTimeout(() => Promise.resolve().then(f).then(resolve, reject)));
    // biome-ignore lint/security/noGlobalEval: it is what must not work
    await attempt('eval', () => soon(() => window.eval('window.pwned = 3')));
    await attempt('function', () => soon(() => new Function('window.pwned = 4')()));
    await attempt('timer', () => soon(() => setTimeout('window.pwned = 5', 0)));
    await attempt('handler', () => {
      const button = document.body.appendChild(document.createElement('button'));
      button.setAttribute('onclick', 'window.pwned = 6');
      button.click();
    });
    await attempt('fetch', () => fetch(`${elsewhere}/?stolen`, { mode: 'no-cors' }));
    await attempt('data script', () => import('data:text/javascript,window.pwned = 7'));
    const wait = (tag, set) =>
      new Promise((resolve) => {
        const element = document.createElement(tag);
        element.onload = () => resolve(false);
        element.onerror = () => resolve(true);
        set(element);
        document.body.append(element);
      });
    thrown.image = await wait('img', (e) => (e.src = `${elsewhere}/?stolen`));
    thrown.style = await wait('link', (e) => {
      e.rel = 'stylesheet';
      e.href = `${elsewhere}/?stolen`;
    });
    const link = document.body.appendChild(document.createElement('a'));
    link.href = 'javascript:window.pwned = 8';
    link.click();
    const colour = document.body.appendChild(document.createElement('p'));
    colour.setAttribute('style', 'position: fixed');
    thrown.inlineStyle = getComputedStyle(colour).position !== 'fixed';
    const form = document.body.appendChild(document.createElement('form'));
    form.action = `${elsewhere}/?stolen`;
    form.submit();
    navigator.sendBeacon?.(`${elsewhere}/?stolen`, 'x');
    await new Promise((resolve) => {
      if (violations.includes('form-action')) resolve();
      document.addEventListener(
        'securitypolicyviolation',
        (event) => event.effectiveDirective === 'form-action' && resolve(),
      );
      setTimeout(resolve, 10_000);
    });
    return { pwned: window.pwned, thrown, violations };
  }, `http://127.0.0.1:${port}`);
  assert.equal(got.pwned, undefined);
  for (const name of [
    'markup',
    'eval',
    'function',
    'fetch',
    'data script',
    'image',
    'style',
    'inlineStyle',
  ]) {
    assert.ok(got.thrown[name], `${name} is not stopped`);
  }
  for (const directive of ['script-src-elem', 'connect-src', 'img-src', 'style-src-elem', 'form-action']) {
    assert.ok(got.violations.includes(directive), `${directive}: ${got.violations}`);
  }
  assert.deepEqual(seen, [], 'something left the page');
  assert.equal(page.url(), `${monitor.origin}/`);
});

test('what is hostile in names and values stays text', { timeout: 3 * limit }, async (t) => {
  const dir = scratch(t);
  const evil = `<img src=x onerror=pwned()>]]>'"&amp;\u202egnp`;
  const folder = path.join(dir, `a${evil.replaceAll('/', '')}`);
  write(folder, {
    'go.mod': `module example.com/<script>pwned()</script>\u001b[31m\n\ngo 1.24.0\n\nrequire example.com/<b>x v1.0.0\n`,
    Dockerfile: 'FROM golang:1.23.0-<svg/onload=pwned()>\n',
    '.go-version': `<script>pwned()</script>${evil}\n`,
    '.github/workflows/<img src=x onerror=pwned()>.yml':
      'on: push\njobs:\n  "<b>":\n    runs-on: x\n    steps:\n      - uses: actions/setup-go@v5\n        with:\n          go-version: "<script>pwned()</script>"\n',
  });
  const monitor = await startMonitor(t, {
    program,
    base: dir,
    folders: [folder],
    args: ['--metrics-open'],
    env: {
      GOFLAGS: `-tags=<script>pwned()</script>${evil}`,
      CGO_CFLAGS: '"><img src=x onerror=pwned()>\u001b[2J',
    },
  });
  const context = await browser.newContext();
  later(t, () => context.close());
  context.setDefaultTimeout(limit);
  const page = await context.newPage();
  const problems = [];
  page.on('dialog', (dialog) => problems.push(dialog.message()) && dialog.dismiss());
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => /policy|trusted/i.test(message.text()) && problems.push(message.text()));
  await page.addInitScript(() => {
    window.pwned = () => {
      window.was = true;
    };
  });
  await page.goto(monitor.url);
  const tabs = page.locator('#tabs [role=tab]');
  await tabs.first().waitFor();
  for (const tab of await tabs.all()) {
    await tab.click();
    await page.waitForLoadState('networkidle');
    await page.waitForFunction(() => !document.querySelector('#panel').innerText.includes('Reading …'));
    const found = await page.evaluate(() => ({
      was: window.was,
      foreign: document.querySelectorAll(
        'img, script:not([src]), iframe, object, [onerror], [onload], svg[onload]',
      ).length,
    }));
    assert.deepEqual(found, { was: undefined, foreign: 0 }, await tab.innerText());
    if (process.env.SHOTS)
      await page.screenshot({ path: path.join(process.env.SHOTS, `hostile-${await tab.innerText()}.png`) });
  }
  assert.deepEqual(problems, [], monitor.log());
  assert.match(await page.title(), /godrift/);
  const metrics = await (await fetch(`${monitor.origin}/metrics`)).text();
  for (const line of metrics.split('\n')) {
    assert.match(
      line,
      /^$|^# (HELP|TYPE) \w+ |^\w+(\{(\w+="(\\.|[^"\\])*",?)*\})? \S+$/,
      `a metric is broken: ${line}`,
    );
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  assert.doesNotMatch(metrics + monitor.log(), /\u001b|\u202e/, 'something can steer a terminal');
  for (const line of monitor.log().trim().split('\n')) JSON.parse(line);
});
