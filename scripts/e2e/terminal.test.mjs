// The editor's terminals, with godrift's hook in the prompt of their shells, are compared with the editor.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { agreed, bare, running, start, testWith } from './harness.mjs';

const files = {
  'go.mod': 'module example.com/shop\n\ngo 1.25.0\n',
  'main.go': 'package main\n\nfunc main() {}\n',
};
const otherRoot = execFileSync('go', ['env', 'GOROOT'], {
  env: { ...process.env, GOTOOLCHAIN: agreed },
  encoding: 'utf8',
}).trim();

let wb;
const test = testWith(() => wb);
const problem = (text) => wb.page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
const differ = (name) => problem(`${name} is not the same for the editor and the terminal bash`);

before(async () => {
  wb = await start();
  fs.appendFileSync(path.join(wb.home, '.bashrc'), `eval "$('${wb.program}' hook bash)"\n`);
  await wb.openFolder(files, 'go.mod');
  await wb.says(`Go ${bare(running)}`);
});
after(() => wb?.stop());

test('a variable that a person exports in a terminal is told, with both values and that terminal', async () => {
  await wb.terminal('export GOFLAGS=-race; echo "is $$."', /is \d+\./);
  await wb.command('Problems: Focus on Problems View');
  await differ('GOFLAGS').waitFor();
  const text = await differ('GOFLAGS').innerText();
  assert.match(
    text,
    /no GOFLAGS for the editor, GOFLAGS=-race from the environment of the terminal bash \d+/,
  );
  await wb.shot('terminal 01 differs');
});

test('it goes away with the variable', async () => {
  await wb.command('Terminal: Focus Terminal');
  await wb.typeInTerminal('unset GOFLAGS');
  await wb.command('Problems: Focus on Problems View');
  await differ('GOFLAGS').waitFor({ state: 'detached' });
});

test('another GOROOT in a terminal is told, and goes away with the terminal', async () => {
  await wb.command('Terminal: Focus Terminal');
  await wb.typeInTerminal(`export GOROOT='${otherRoot}' GOTOOLCHAIN=path`);
  await wb.command('Problems: Focus on Problems View');
  await differ('GOROOT').waitFor();
  assert.match(await differ('GOROOT').innerText(), new RegExp(`GOROOT=${otherRoot} from the environment of`));
  await differ('GOTOOLCHAIN').waitFor();
  await wb.shot('terminal 02 GOROOT');
  await wb.command('Terminal: Kill the Active Terminal Instance');
  await wb.command('Problems: Focus on Problems View');
  await differ('GOROOT').waitFor({ state: 'detached' });
  await differ('GOTOOLCHAIN').waitFor({ state: 'detached' });
});
