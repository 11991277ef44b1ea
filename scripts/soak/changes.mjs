// Everything that a monitor watches, and how it changes.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

// The Go that runs, which whole workspaces agree with.
const runs = execFileSync('go', ['env', 'GOVERSION'], {
  encoding: 'utf8',
  env: { ...process.env, GOTOOLCHAIN: 'local' },
})
  .trim()
  .replace(/^go/, '');
const language = runs.split('.').slice(0, 2).join('.');

const goMod = (name, go, more = '') => `module example.com/${name}\n\ngo ${go}\n${more}`;

export class Changes {
  constructor({ out, count, random, note }) {
    Object.assign(this, { out, random, note, made: 0, kinds: {}, pending: 0 });
    this.home = path.join(out, 'home');
    this.names = Array.from({ length: count }, (_, i) => `ws${i + 1}`);
  }

  environ() {
    const home = this.home;
    return {
      HOME: home,
      XDG_STATE_HOME: path.join(home, 'state'),
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      GOENV: path.join(home, 'goenv'),
      GOPATH: path.join(home, 'go'),
      GOTOOLCHAIN: 'local',
      GOFLAGS: '',
      GOPROXY: 'off',
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
    };
  }

  dir(name) {
    return path.join(this.home, name);
  }

  git(name, ...args) {
    execFileSync(
      'git',
      ['-c', 'user.name=soak', '-c', 'user.email=soak@example.com', '-C', this.dir(name), ...args],
      {
        env: { ...process.env, HOME: this.home, GIT_CONFIG_NOSYSTEM: '1' },
        stdio: 'ignore',
      },
    );
  }

  go(...args) {
    execFileSync('go', args, {
      env: { ...this.environ(), GOTOOLCHAIN: 'local' },
      cwd: this.home,
      stdio: 'ignore',
    });
  }

  /** Makes all workspaces: checkouts with two branches. */
  prepare() {
    fs.mkdirSync(this.home, { recursive: true });
    for (const name of this.names) this.make(name);
    fs.writeFileSync(path.join(this.home, 'probed'), '0\n');
  }

  make(name) {
    const dir = this.dir(name);
    fs.mkdirSync(path.join(dir, '.github', 'workflows'), { recursive: true });
    this.write(name, 'go.mod', goMod(name, `${language}.0`));
    this.write(name, '.go-version', `${runs}\n`);
    this.write(name, 'main.go', 'package main\n\nfunc main() {}\n');
    this.write(
      name,
      '.github/workflows/ci.yml',
      'on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/setup-go@v5\n        with:\n          go-version-file: go.mod\n',
    );
    execFileSync('git', ['init', '-q', '-b', 'main', dir], { stdio: 'ignore' });
    this.git(name, 'add', '.');
    this.git(name, 'commit', '-qm', 'main');
    this.git(name, 'checkout', '-qb', 'other');
    this.write(name, 'go.mod', goMod(name, '1.24.0', '\ntoolchain go1.24.6\n'));
    this.write(name, '.go-version', '1.24.6\n');
    this.git(name, 'commit', '-qam', 'other');
    this.git(name, 'checkout', '-q', 'main');
  }

  write(name, file, text) {
    fs.writeFileSync(path.join(this.dir(name), file), text);
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  /** Whether nothing is under way that will change something later. */
  idle() {
    return this.pending === 0;
  }

  later(ms, change) {
    this.pending++;
    setTimeout(() => {
      try {
        change();
      } catch (err) {
        this.note({ what: 'later', failed: String(err.message).slice(0, 200) });
      } finally {
        this.pending--;
      }
    }, ms);
  }

  /** Makes one change, whichever. */
  async one() {
    const kind = this.pick(Object.keys(kinds));
    const name = this.pick(this.names);
    try {
      await kinds[kind].call(this, name);
    } catch (err) {
      // Two changes may be after the same folder; that it is gone is one more way to change.
      this.note({ what: kind, name, failed: String(err.message).slice(0, 200) });
      return;
    }
    this.made++;
    this.kinds[kind] = (this.kinds[kind] ?? 0) + 1;
    this.note({ what: kind, name });
  }

  /** Brings every workspace into a state that is known. */
  async all(state) {
    while (!this.idle()) await new Promise((resolve) => setTimeout(resolve, 200));
    this.monitor.configure(this.names);
    fs.rmSync(path.join(this.home, 'goenv'), { force: true });
    for (const name of this.names) {
      if (!fs.existsSync(path.join(this.dir(name), '.git'))) {
        fs.rmSync(this.dir(name), { recursive: true, force: true });
        this.make(name);
      }
      this.git(name, 'checkout', '-qf', 'main');
      this.git(name, 'clean', '-qfd');
      if (state === 'broken') this.write(name, '.go-version', '1.19.1\n');
    }
    this.note({ what: `all ${state}` });
  }
}

const kinds = {
  'go line'(name) {
    this.write(
      name,
      'go.mod',
      goMod(name, this.pick([`${language}.0`, '1.25.0', '1.24.0', '1.23.4', '1.99.0'])),
    );
  },
  'toolchain line'(name) {
    this.write(
      name,
      'go.mod',
      goMod(name, '1.24.0', `\ntoolchain go1.${this.pick([24, 25, 26])}.${Math.floor(this.random() * 8)}\n`),
    );
  },
  'half a file'(name) {
    this.write(name, 'go.mod', 'module example.com/');
    this.later(300, () => this.write(name, 'go.mod', goMod(name, `${language}.0`)));
  },
  '.go-version'(name) {
    this.write(name, '.go-version', this.pick([`${runs}\n`, '1.19\n', 'nonsense\n', '1.25.3\n', '']));
  },
  'no .go-version'(name) {
    fs.rmSync(path.join(this.dir(name), '.go-version'), { force: true });
  },
  'branch switch'(name) {
    this.git(name, 'checkout', '-qf', this.pick(['main', 'other']));
  },
  'go env -w'() {
    this.go(
      'env',
      '-w',
      this.pick([
        'GOFLAGS=-mod=mod',
        'CGO_ENABLED=0',
        'CGO_ENABLED=1',
        'GOPROXY=https://user:secret@proxy.example/',
        'GOTOOLCHAIN=go1.20',
        'GOTOOLCHAIN=local',
      ]),
    );
  },
  'go env -u'() {
    fs.rmSync(path.join(this.home, 'goenv'), { force: true });
  },
  'folder goes and comes'(name) {
    fs.rmSync(this.dir(name), { recursive: true, force: true });
    this.later(500 + 4000 * this.random(), () => this.make(name));
  },
  'folder is renamed'(name) {
    fs.renameSync(this.dir(name), `${this.dir(name)}.away`);
    this.later(500 + 2000 * this.random(), () => {
      if (fs.existsSync(this.dir(name)))
        fs.rmSync(`${this.dir(name)}.away`, { recursive: true, force: true });
      else fs.renameSync(`${this.dir(name)}.away`, this.dir(name));
    });
  },
  'many files at once'(name) {
    const dir = path.join(this.dir(name), 'many');
    for (let i = 0; i < 100; i++) {
      fs.mkdirSync(path.join(dir, String(i)), { recursive: true });
      fs.writeFileSync(path.join(dir, String(i), 'go.mod'), goMod(`many/${i}`, this.pick(['1.24', '1.25'])));
    }
    this.later(2000, () => fs.rmSync(dir, { recursive: true, force: true }));
  },
  'a file again and again'(name) {
    for (let i = 0; i < 100; i++) this.write(name, 'go.mod', goMod(name, `1.25.${i % 7}`));
  },
  policy(name) {
    this.write(
      name,
      'godrift.toml',
      this.pick([
        '',
        '[rules]\npin-disagrees = "error"\n',
        '[contract]\nrequire.CGO_ENABLED = "0"\n',
        'nonsense = [\n',
      ]),
    );
    this.later(3000, () => fs.rmSync(path.join(this.dir(name), 'godrift.toml'), { force: true }));
  },
  'one workspace less'(name) {
    this.monitor.configure(this.names.filter((n) => n !== name));
    this.later(4000, () => this.monitor.configure(this.names));
  },
  'config.toml with a mistake'() {
    this.monitor.configure(this.names, true);
    this.later(2000, () => this.monitor.configure(this.names));
  },
  SIGHUP() {
    this.monitor.hangUp();
  },
  'what a probe reads'() {
    fs.writeFileSync(path.join(this.home, 'probed'), `${Math.floor(this.random() * 100)}\n`);
  },
};
