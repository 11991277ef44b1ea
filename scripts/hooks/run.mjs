// Tries the gate with the real programs: git alone, lefthook, husky and
// pre-commit, each set up with what `godrift hook git` writes or prints. A commit
// that lowers a pin below the floor must be stopped with the reason and the fix,
// a clean one must pass.
//
//   node scripts/hooks/run.mjs             all but the slow one
//   node scripts/hooks/run.mjs repo        pre-commit builds godrift from a clone of this repository
//
// lefthook and husky come from npm, at fixed versions; pre-commit must be on PATH.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'godrift-e2e');
const npm = { lefthook: '2.2.2', husky: '9.1.7' };

const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-hooks-')));
const at = (...names) => path.join(dir, ...names);
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
const env = {
  ...clean,
  HOME: at('home'),
  XDG_CACHE_HOME: at('home', '.cache'),
  GOPATH: spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).stdout.trim(),
  GOCACHE: spawnSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).stdout.trim(),
  PATH: [at('bin'), process.env.PATH].join(path.delimiter),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 't',
  GIT_AUTHOR_EMAIL: 't@example.com',
  GIT_COMMITTER_NAME: 't',
  GIT_COMMITTER_EMAIL: 't@example.com',
  CI: '',
};

function run(cwd, command, ...args) {
  const done = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 600_000 });
  if (done.error) throw done.error;
  return { code: done.status, text: done.stdout + done.stderr };
}

function must(cwd, command, ...args) {
  const done = run(cwd, command, ...args);
  assert.equal(done.code, 0, `${command} ${args.join(' ')}:\n${done.text}`);
  return done.text;
}

/** Installs a package from npm, once, without running its scripts. */
function fromNpm(name) {
  const home = path.join(cache, 'npm', `${name}-${npm[name]}`);
  if (!fs.existsSync(path.join(home, 'node_modules', '.bin', name))) {
    fs.mkdirSync(home, { recursive: true });
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', home];
    const done = spawnSync('npm', [...args, `${name}@${npm[name]}`], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
  }
  return home;
}

/** A repository whose pins agree. */
function repository(name) {
  const repo = at(name);
  fs.mkdirSync(repo, { recursive: true });
  must(repo, 'git', 'init', '-q', '-b', 'main');
  fs.writeFileSync(path.join(repo, 'go.mod'), 'module example.com/app\n\ngo 1.26.0\n');
  fs.writeFileSync(path.join(repo, 'Dockerfile'), 'FROM golang:1.26.8\n');
  must(repo, 'git', 'add', '.');
  must(repo, 'git', 'commit', '-q', '-m', 'one');
  return repo;
}

/** Tries a bad commit and a clean one. */
function gate(name, repo) {
  const file = path.join(repo, 'Dockerfile');
  fs.writeFileSync(file, 'FROM golang:1.25.3\n');
  const bad = run(repo, 'git', 'commit', '-a', '-m', 'bad');
  assert.notEqual(bad.code, 0, `${name} let it pass:\n${bad.text}`);
  assert.match(bad.text, /pin-below-floor/);
  assert.match(bad.text, /Dockerfile:1 picks 1\.25\.3, but go\.mod:3 needs at least 1\.26\.0/);
  assert.match(bad.text, /godrift fix --finding/);
  // What is not staged does not count.
  fs.writeFileSync(path.join(repo, 'readme'), name);
  must(repo, 'git', 'reset', '-q');
  must(repo, 'git', 'add', 'readme');
  const good = run(repo, 'git', 'commit', '-m', 'good');
  assert.equal(good.code, 0, `${name} stopped a clean commit:\n${good.text}`);
  assert.doesNotMatch(
    good.text,
    /toolchain-drift|goroot|env-/,
    'the hook finds fault with its own environment',
  );
  assert.equal(fs.readFileSync(file, 'utf8'), 'FROM golang:1.25.3\n');
  console.log(`ok   ${name}`);
}

/** Writes what `godrift hook git --print` shows to the file that it names. */
function snippet(repo, name) {
  const text = must(repo, 'godrift', 'hook', 'git', '--print', name);
  const file = path.join(repo, text.match(/^# (\S+)\n/)[1]);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  must(repo, 'git', 'add', path.relative(repo, file));
  must(repo, 'git', 'commit', '-q', '-m', 'the hook');
}

const trials = {
  git() {
    const repo = repository('git alone');
    must(repo, 'godrift', 'hook', 'git', '--yes');
    gate('git', repo);
  },
  lefthook() {
    const repo = repository('lefthook');
    snippet(repo, 'lefthook');
    const home = fromNpm('lefthook');
    fs.symlinkSync(path.join(home, 'node_modules', '.bin', 'lefthook'), at('bin', 'lefthook'));
    must(repo, 'lefthook', 'install');
    gate('lefthook', repo);
    const refused = run(repo, 'godrift', 'hook', 'git', '--yes');
    assert.equal(refused.code, 2, refused.text);
    assert.match(refused.text, /--print lefthook/);
  },
  husky() {
    const repo = repository('husky');
    snippet(repo, 'husky');
    must(repo, process.execPath, path.join(fromNpm('husky'), 'node_modules', 'husky', 'bin.js'));
    gate('husky', repo);
    const refused = run(repo, 'godrift', 'hook', 'git', '--yes');
    assert.equal(refused.code, 2, refused.text);
    assert.match(refused.text, /\.husky\/pre-commit instead/);
  },
  'pre-commit'() {
    const repo = repository('pre-commit');
    snippet(repo, 'pre-commit');
    must(repo, 'pre-commit', 'install');
    gate('pre-commit', repo);
    const refused = run(repo, 'godrift', 'hook', 'git', '--yes');
    assert.equal(refused.code, 2, refused.text);
    assert.match(refused.text, /--print pre-commit/);

    // The other way round: pre-commit keeps godrift's hook and runs it.
    const other = repository('pre-commit after godrift');
    must(other, 'godrift', 'hook', 'git', '--yes');
    fs.writeFileSync(path.join(other, '.pre-commit-config.yaml'), 'repos: []\n');
    must(other, 'git', 'add', '.');
    must(other, 'git', 'commit', '-q', '-m', 'pre-commit');
    must(other, 'pre-commit', 'install');
    gate('pre-commit after godrift', other);
    must(other, 'godrift', 'hook', 'git', '--remove', '--yes');
    assert.ok(!fs.existsSync(path.join(other, '.git', 'hooks', 'pre-commit.legacy')));
  },
  // pre-commit builds the hook of a clone, with the Go of the machine and with one
  // that it puts into GOROOT and PATH for the hook alone: neither is drift.
  repo() {
    must(dir, 'git', 'clone', '-q', '--bare', root, at('clone.git'));
    const rev = must(at('clone.git'), 'git', 'rev-parse', 'HEAD').trim();
    const version = must(dir, 'go', 'env', 'GOVERSION').trim().replace('go', '');
    for (const language of ['system', version]) {
      const repo = repository(`repo ${language}`);
      fs.writeFileSync(
        path.join(repo, '.pre-commit-config.yaml'),
        `repos:\n  - repo: ${at('clone.git')}\n    rev: ${rev}\n    hooks: [{id: godrift, language_version: "${language}"}]\n`,
      );
      must(repo, 'git', 'add', '.');
      must(repo, 'git', 'commit', '-q', '-m', 'pre-commit');
      must(repo, 'pre-commit', 'install', '--install-hooks');
      gate(`pre-commit, language_version ${language}`, repo);
    }
  },
};

const chosen = process.argv.slice(2);
try {
  fs.mkdirSync(at('bin'));
  fs.mkdirSync(at('home'));
  const build = spawnSync('go', ['build', '-o', at('bin', 'godrift'), './server/cmd/godrift'], {
    cwd: root,
    stdio: 'inherit',
  });
  assert.equal(build.status, 0, 'godrift could not be built');
  for (const [name, trial] of Object.entries(trials)) {
    if (chosen.length ? chosen.includes(name) : name !== 'repo') trial();
  }
} finally {
  fs.rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}
