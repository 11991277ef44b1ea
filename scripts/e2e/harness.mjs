// The real workbench with the packaged extension installed, driven by Chromium.
//
// Everything waits for something to appear, never for time to pass; each wait has a limit of a minute.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { ensureBrowser, ensureWorkbench } from '../setup.mjs';
import { address, descendants, installExtension, makeProfile, startWorkbench } from '../start-workbench.mjs';

export const limit = 60_000;

/** The Go that the workbench's environment finds, and the release that the workspaces of the tests agree on. */
export const running = execFileSync('go', ['env', 'GOVERSION'], {
  env: { ...process.env, GOTOOLCHAIN: 'local' },
  encoding: 'utf8',
}).trim();
export const agreed = 'go1.25.3';
export const bare = (version) => version.replace(/^go/, '');

/** A home of its own, in which a login shell finds the same go as the editor. */
function makeHome(base) {
  const home = path.join(base, 'home');
  fs.mkdirSync(home);
  const go = fs.realpathSync(
    execFileSync('go', ['env', 'GOROOT'], {
      env: { ...process.env, GOTOOLCHAIN: 'local' },
      encoding: 'utf8',
    }).trim(),
  );
  const search = [path.join(go, 'bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':');
  for (const name of ['.profile', '.bashrc']) {
    fs.writeFileSync(path.join(home, name), `export PATH='${search}'\nPS1='$ '\n`);
  }
  // The downloaded toolchains are those of this machine: no test fetches what is there already.
  const gopath = execFileSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).trim().split(path.delimiter)[0];
  fs.symlinkSync(gopath, path.join(home, 'go'));
  return {
    home,
    env: {
      HOME: home,
      PATH: search,
      SHELL: '/bin/bash',
      LANG: 'C.UTF-8',
      TMPDIR: base,
      // No look-ups in an extension gallery.
      EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9/none"}',
    },
  };
}

/** Starts a workbench with the package installed. Its stop() leaves no process and no file behind. */
export async function start({ trust = false, settings = {}, extensions = [], viewport } = {}) {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'gd-'));
  const closers = [() => fs.rmSync(base, { recursive: true, force: true, maxRetries: 5 })];
  const stop = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    return await open(base, closers, stop, { trust, settings, extensions, viewport });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(base, closers, stop, { trust, settings, extensions, viewport }) {
  const [workbench, executablePath] = [await ensureWorkbench(), await ensureBrowser()];
  const { home, env } = makeHome(base);
  const profile = makeProfile(base, {
    'security.workspace.trust.enabled': trust,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
    'git.enabled': false,
    'files.autoSave': 'off',
    'editor.accessibilitySupport': 'off',
    'editor.minimap.enabled': false,
    'workbench.editor.useModal': 'off', // an editor over everything else is in the way
    // Drawn as text, so that what a terminal prints can be read from the page.
    'terminal.integrated.gpuAcceleration': 'off',
    'window.menuBarVisibility': 'compact',
    ...settings,
  });
  for (const vsix of [process.env.VSIX, ...extensions]) await installExtension(workbench, profile, vsix, env);
  const server = await startWorkbench(workbench, profile, { env });
  closers.push(server.stop);
  const context = await chromium.launchPersistentContext(path.join(base, 'chromium'), {
    executablePath,
    headless: true,
    viewport: viewport ?? { width: 1280, height: 800 },
    env: { ...process.env, HOME: base },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
  closers.push(() => context.close());
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(limit);
  return new Workbench({ base, home, env, profile, server, page, stop });
}

class Workbench {
  constructor(parts) {
    Object.assign(this, parts);
    this.status = this.page.locator('[id="godrift.godrift.status"]');
    this.editor = this.page.locator('.editor-instance .monaco-editor').first();
    this.folders = 0;
  }

  /** Makes a folder with these files and opens it, with one of the files shown. */
  async openFolder(files, shown) {
    this.folder = path.join(this.base, `ws${++this.folders}`);
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    await this.page.goto(address(this.server, this.folder, shown && this.file(shown)));
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
  }

  file(name) {
    return path.join(this.folder, name);
  }

  read(name) {
    return fs.readFileSync(this.file(name), 'utf8');
  }

  /** Writes a file as most programs save: a new file is renamed over the old one. */
  write(name, text) {
    const file = this.file(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.new`, text);
    fs.renameSync(`${file}.new`, file);
  }

  /** Waits until a file holds exactly this text. */
  async holds(name, text) {
    const file = this.file(name);
    await new Promise((resolve, reject) => {
      const look = () => {
        if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) done(resolve);
      };
      const watcher = fs.watch(path.dirname(file), look);
      const late = () =>
        done(() => reject(new Error(`${name} holds ${JSON.stringify(fs.readFileSync(file, 'utf8'))}`)));
      const timer = setTimeout(late, limit);
      const done = (then) => {
        watcher.close();
        clearTimeout(timer);
        then();
      };
      look();
    });
  }

  /** Waits until the status bar item says this. */
  async says(text) {
    await this.status.filter({ hasText: text }).waitFor();
  }

  /**
   * Does something until it has the effect that is waited for: a person who sees that a key or the
   * pointer did nothing, because the focus was elsewhere or a thing was drawn anew under it, tries again.
   */
  async insist(attempt, effect, between = async () => {}) {
    for (let left = limit; ; left -= 5000) {
      try {
        await attempt();
        await effect.waitFor({ timeout: 5000 });
        return effect;
      } catch (error) {
        if (left <= 0) throw error;
        await between();
      }
    }
  }

  /** Holds the pointer over something until a hover with this text shows, and returns that hover. */
  hover(over, text) {
    return this.insist(
      () => over.hover({ timeout: 5000 }),
      this.page.locator('.monaco-hover', { hasText: text }).first(),
      () => this.page.mouse.move(640, 1),
    );
  }

  /** Types this in place of the whole text of the editor, until that has the effect that is waited for. */
  retype(text, effect) {
    return this.insist(async () => {
      await this.editor.locator('.view-line').first().click({ timeout: 5000 });
      await this.page.keyboard.press('Control+A');
      await this.page.keyboard.type(text);
    }, effect);
  }

  /** Opens the menu of quick fixes on a line until it offers this, and returns that entry. */
  quickFix(line, title) {
    return this.insist(
      async () => {
        await line.click({ timeout: 5000 });
        await this.page.keyboard.press('Control+.');
      },
      this.page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first(),
      () => this.page.keyboard.press('Escape'),
    );
  }

  /** Opens the status bar's menu until it offers this, and returns that entry. */
  menu(title) {
    return this.insist(
      () => this.status.click({ timeout: 5000 }),
      this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first(),
      () => this.page.keyboard.press('Escape'),
    );
  }

  line(text) {
    return this.editor.locator('.view-line', { hasText: text }).first();
  }

  squiggles(severity) {
    return this.editor.locator(`.squiggly-${severity}`);
  }

  async command(title) {
    const input = this.page.locator('.quick-input-widget input.input').first();
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    // A key pressed while a dialog closes goes nowhere, since nothing has the focus then, and whatever
    // takes the focus closes the palette again: so it is opened until the command could be chosen.
    for (let left = limit; ; left -= 10_000) {
      await this.page.keyboard.press('F1');
      try {
        await input.waitFor({ state: 'visible', timeout: 3000 });
        await input.fill(`>${title}`, { timeout: 2000 });
        await row.click({ timeout: 5000 });
        return;
      } catch (error) {
        if (left <= 0) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Chooses a row of the quick pick that is open. */
  async pick(text) {
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
  }

  /** Presses a button of the modal dialog that is open. */
  async answer(button) {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.locator('.monaco-button', { hasText: button }).first().click();
    await dialog.waitFor({ state: 'detached' });
  }

  notification(text) {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  }

  /** Types a line into a new terminal and waits for what it prints. */
  async terminal(line, printed) {
    await this.command('Terminal: Create New Terminal');
    const rows = this.page.locator('.terminal-wrapper.active .xterm-rows').last();
    await rows.filter({ hasText: '$' }).waitFor();
    await this.typeInTerminal(line);
    await rows.filter({ hasText: printed }).waitFor();
    return rows;
  }

  /** Types a line into the terminal that is shown. */
  async typeInTerminal(line) {
    await this.page.locator('.terminal-wrapper.active .xterm-helper-textarea').last().focus();
    await this.page.keyboard.type(`${line}\n`);
  }

  /** The program of the extension that is installed. */
  get program() {
    const [dir] = fs
      .readdirSync(this.profile.extensions)
      .filter((name) => name.startsWith('godrift.godrift-'));
    return path.join(this.profile.extensions, dir, 'extension', 'server', 'godrift');
  }

  /** The running language servers of this workbench. */
  languageServers() {
    return descendants(this.server.pid).filter(({ pid }) => {
      try {
        return /\/godrift\0lsp\0/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        return false;
      }
    });
  }

  /** Waits for something that nothing announces, such as a process that appears. */
  async until(what, condition) {
    const deadline = Date.now() + limit;
    for (;;) {
      const found = condition();
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`waited ${limit / 1000} s for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Keeps a picture, if SHOTS names a folder for them. */
  async shot(name) {
    if (!process.env.SHOTS) return;
    fs.mkdirSync(process.env.SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`) });
  }
}

/** A test whose failure leaves a picture of the workbench. */
export const testWith = (workbench) => (name, body) =>
  test(name, async (context) => {
    try {
      await body(context);
    } catch (error) {
      await workbench()
        ?.shot(`failed: ${name}`)
        .catch(() => undefined);
      throw error;
    }
  });
