// The monitor under test.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const sum = (text, name) =>
  [...text.matchAll(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'gm'))].reduce((n, m) => n + Number(m[1]), 0);

export class Monitor {
  constructor({ binary, out, environ, port }) {
    Object.assign(this, { binary, out, environ, port, kills: 0, starts: 0 });
    this.log = path.join(out, 'monitor.log');
    this.config = path.join(environ.XDG_CONFIG_HOME, 'godrift', 'config.toml');
    this.probed = path.join(environ.HOME, 'probed');
    fs.mkdirSync(path.dirname(this.config), { recursive: true });
    fs.writeFileSync(path.join(environ.HOME, 'token'), 'soak-soak-soak-soak-soak-soak-soak-soak\n', {
      mode: 0o600,
    });
  }

  /** Writes the configuration, with a mistake in it if broken. */
  configure(names, broken) {
    const text = `
[monitor]
workspaces = [${names.map((n) => `{path = "~/${n}", name = "${n}"}`).join(', ')}]
listen = "127.0.0.1:0"
token-file = "~/token"
poll = "20s"
full-check = ${broken ? '"often"' : '"2m"'}
[[probe]]
name = "probed"
files = ["~/probed"]
command = ["cat", "${this.probed}"]
metric = true
workspace = "${names[0]}"
[alert]
group-wait = "1s"
resolve-wait = "2s"
flap-limit = 1000
[[alert.channel]]
name = "soak"
kind = "webhook"
url = "http://127.0.0.1:${this.port}/"
`;
    fs.writeFileSync(`${this.config}.new`, text);
    fs.renameSync(`${this.config}.new`, this.config);
  }

  async start() {
    const log = fs.openSync(this.log, 'a');
    this.child = spawn(this.binary, ['monitor', '--log-format', 'json'], {
      env: this.environ,
      cwd: this.environ.HOME,
      stdio: ['ignore', 'pipe', log],
    });
    fs.closeSync(log);
    this.pid = this.child.pid;
    this.starts++;
    this.exited = new Promise((resolve) =>
      this.child.once('exit', (code, signal) => resolve(code ?? signal)),
    );
    this.base = await new Promise((resolve, reject) => {
      let text = '';
      this.child.stdout.on('data', (part) => {
        text += part;
        const found = text.match(/http:\/\/\S+/);
        if (found) resolve(found[0].replace(/\/$/, ''));
      });
      this.exited.then((code) => reject(new Error(`the monitor ended with ${code}; see ${this.log}`)));
    });
  }

  running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async kill() {
    this.kills++;
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Ends it as a service manager does, and gives the exit code. */
  async end() {
    this.child.kill('SIGTERM');
    return this.exited;
  }

  hangUp() {
    this.child.kill('SIGHUP');
  }

  async text(where) {
    const res = await fetch(this.base + where, {
      headers: { Authorization: 'Bearer soak-soak-soak-soak-soak-soak-soak-soak' },
      signal: AbortSignal.timeout(30_000),
    });
    if (!res.ok) throw new Error(`${where}: ${res.status} ${await res.text()}`);
    return res.text();
  }

  async get(where) {
    return JSON.parse(await this.text(where));
  }

  /** What the process takes now; nothing if it is being started. */
  async sample() {
    try {
      const status = fs.readFileSync(`/proc/${this.pid}/status`, 'utf8');
      const metrics = await this.text('/metrics');
      const state = path.join(this.environ.XDG_STATE_HOME, 'godrift', 'godrift.db');
      return {
        run: this.starts,
        rss: Number(status.match(/^VmRSS:\s+(\d+)/m)[1]),
        threads: Number(status.match(/^Threads:\s+(\d+)/m)[1]),
        fds: fs.readdirSync(`/proc/${this.pid}/fd`).length,
        goroutines: sum(metrics, 'godrift_process_goroutines'),
        heap: Math.round(sum(metrics, 'godrift_process_heap_bytes') / 1024),
        series: metrics.split('\n').filter((l) => l && !l.startsWith('#')).length,
        cpu: sum(metrics, 'godrift_process_cpu_seconds_total'),
        findings: sum(metrics, 'godrift_findings'),
        failures: sum(metrics, 'godrift_evaluation_failures_total'),
        database: Math.round(fs.statSync(state).size / 1024),
      };
    } catch {
      return undefined;
    }
  }

  /** How often the log complained of what. */
  complaints() {
    const out = {};
    for (const line of fs.readFileSync(this.log, 'utf8').split('\n')) {
      let r;
      try {
        r = JSON.parse(line);
      } catch {
        if (line) out[line.slice(0, 200)] = (out[line.slice(0, 200)] ?? 0) + 1;
        continue;
      }
      if (r.level === 'INFO' || r.level === 'DEBUG') continue;
      const what = `${r.level} ${r.msg}`;
      out[what] = (out[what] ?? 0) + 1;
    }
    return out;
  }
}
