// A folder that is not trusted, and the Go extension's settings.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { root, run } from '../setup.mjs';
import { agreed, bare, running, start, testWith } from './harness.mjs';

const drifted = `Go ${bare(running)} ≠ ${bare(agreed)}`;
const files = { '.go-version': `${bare(agreed)}\n`, 'go.mod': 'module example.com/shop\n\ngo 1.25.0\n' };

let wb;
const test = testWith(() => wb);
before(async () => {
  wb = await start({ trust: true, extensions: [await goExtension()] });
});
after(() => wb?.stop());

/** A package that declares the Go extension's settings, and does nothing. */
async function goExtension() {
  const dir = path.join(path.dirname(path.resolve(process.env.VSIX)), 'go-extension');
  fs.mkdirSync(dir, { recursive: true });
  const object = { type: 'object', additionalProperties: { type: 'string' }, default: {}, scope: 'resource' };
  const manifest = {
    name: 'go',
    publisher: 'golang',
    version: '0.0.1',
    engines: { vscode: '^1.91.0' },
    capabilities: { untrustedWorkspaces: { supported: true } },
    contributes: {
      configuration: {
        title: 'Go',
        properties: {
          'go.toolsEnvVars': object,
          'go.alternateTools': object,
          'go.goroot': { type: 'string', default: '', scope: 'machine-overridable' },
        },
      },
    },
  };
  fs.writeFileSync(path.join(dir, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(dir, 'README.md'), 'A stand-in for the Go extension.\n');
  const file = path.join(dir, 'go.vsix');
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const args = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--out',
    file,
  ];
  await run(process.execPath, [vsce, ...args], { cwd: dir });
  return file;
}

async function trustFolder() {
  await wb.command('Workspaces: Manage Workspace Trust');
  const editor = wb.page.locator('.workspace-trust-editor');
  await editor
    .locator('.monaco-button', { hasText: /^Trust$/ })
    .first()
    .click();
  await editor.getByText('You trust this folder').waitFor();
}

test('a folder that is not trusted is read, and its settings count for nothing', async () => {
  await wb.openFolder(
    {
      ...files,
      '.vscode/settings.json': JSON.stringify({
        'godrift.server.path': '/evil/godrift',
        'go.toolsEnvVars': { GOTOOLCHAIN: agreed },
      }),
    },
    '.go-version',
  );
  await wb.says(drifted);
  await wb.squiggles('warning').first().waitFor({ state: 'attached' });
  await wb.hover(wb.status, 'Restricted Mode');
  await wb.shot('30 not trusted');
  await wb.page.keyboard.press('Escape');
  for (const { pid } of wb.languageServers()) {
    assert.doesNotMatch(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /evil/);
  }
});

test('trust changes it without a reload', async () => {
  await wb.openFolder(
    { ...files, '.vscode/settings.json': `{"go.toolsEnvVars":{"GOTOOLCHAIN":"${agreed}"}}` },
    '.go-version',
  );
  await wb.says(drifted);
  await trustFolder();
  await wb.says(`Go ${bare(agreed)}`);
  await wb.shot('31 trusted');
});

test("switching writes the Go extension's workspace setting, and undo takes it away", async () => {
  const settings = '{\n  "editor.rulers": [80],\n  "go.toolsEnvVars": { "GOFLAGS": "-v" }\n}\n';
  await wb.openFolder({ ...files, '.vscode/settings.json': settings }, '.go-version');
  await wb.says(drifted);
  await trustFolder();
  await wb.says(drifted);
  await wb.command('godrift: Switch Toolchain');
  await wb.pick('Switch to go1.25.3 in this workspace');
  await wb.answer('Apply');
  await wb.says(`Go ${bare(agreed)}`);
  const written = () => JSON.parse(wb.read('.vscode/settings.json'));
  assert.deepEqual(written(), {
    'editor.rulers': [80],
    'go.toolsEnvVars': { GOFLAGS: '-v', GOTOOLCHAIN: agreed },
  });
  await wb.terminal('go version', `go version ${agreed}`);
  await wb.command('godrift: Undo Last Fix');
  await wb.says(drifted);
  assert.deepEqual(written(), JSON.parse(settings));
});
