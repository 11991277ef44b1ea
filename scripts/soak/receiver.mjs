// The server that alerts are sent to. It fails in every way that servers do, and keeps
// account of what it has taken.

import http from 'node:http';

// How often out of a hundred it fails in which way.
const failures = [
  [4, 'answers 500'],
  [4, 'answers 429'],
  [4, 'hangs up'],
  [3, 'takes it and hangs up'],
  [3, 'is slow'],
];

export class Receiver {
  constructor({ random, note }) {
    this.random = random;
    this.note = note;
    this.taken = new Map(); // "id state" -> how often it was taken as new, and whether that may be twice
    this.total = 0;
    this.failed = 0;
    this.quietUntil = 0; // until then what is taken twice is explained by a kill
  }

  get port() {
    return this.server.address().port;
  }

  start() {
    this.server = http.createServer((req, res) => this.handle(req, res));
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** Says that the monitor is killed now: what was answered may not have been written down. */
  disturbed() {
    this.quietUntil = Date.now() + 60_000;
    for (const t of this.taken.values()) if (Date.now() - t.last < 10_000) t.unsure = true;
  }

  handle(req, res) {
    let roll = this.random() * 100;
    const way = failures.find(([share]) => {
      roll -= share;
      return roll < 0;
    })?.[1];
    if (way === 'hangs up') {
      this.failed++;
      req.socket.destroy();
      return;
    }
    const parts = [];
    req.on('data', (part) => parts.push(part));
    req.on('error', () => {});
    req.on('end', () => {
      const alert = JSON.parse(Buffer.concat(parts).toString());
      if (way === 'answers 500' || way === 'answers 429') {
        this.failed++;
        res.writeHead(way === 'answers 500' ? 500 : 429, { 'Retry-After': '1' }).end();
        return;
      }
      const unsure = way === 'takes it and hangs up';
      this.take(alert, unsure);
      if (unsure) {
        this.failed++;
        req.socket.destroy();
        return;
      }
      setTimeout(() => res.writeHead(200).end(), way === 'is slow' ? 3000 : 0);
    });
  }

  take(alert, unsure) {
    const key = `${alert.id} ${alert.state}`;
    const before = this.taken.get(key) ?? { times: 0, twice: 0, unsure: false };
    const fresh = before.times === 0;
    if (!fresh && !before.unsure && !alert.repeated) before.twice++;
    this.taken.set(key, {
      ...before,
      times: before.times + 1,
      unsure: unsure || before.unsure || Date.now() < this.quietUntil,
      last: Date.now(),
      kind: alert.kind,
      what: `${alert.workspace} ${alert.rule}`,
    });
    this.total++;
    this.note({
      id: alert.id,
      state: alert.state,
      kind: alert.kind,
      workspace: alert.workspace,
      rule: alert.rule,
      level: alert.level,
      again: !fresh,
      unsure,
    });
  }

  counts() {
    return { alerts: this.total, alertFailures: this.failed };
  }

  sums() {
    return { ...this.counts(), different: this.taken.size };
  }

  /** What was lost or came twice, where standing are the IDs of what still stands. */
  judge(standing) {
    const lost = [];
    const doubled = [];
    let explained = 0;
    for (const [key, t] of this.taken) {
      const [id, state] = key.split(' ');
      if (t.twice) doubled.push(`${t.what}: ${key} ${t.twice + 1} times`);
      else if (t.times > 1) explained++;
      if (t.kind !== 'finding') continue;
      if (state === 'firing' && !standing.has(id) && !this.taken.has(`${id} resolved`))
        lost.push(`${t.what}: ${id} never ended`);
      if (state === 'resolved' && !this.taken.has(`${id} firing`)) lost.push(`${t.what}: ${id} never began`);
    }
    return { ...this.sums(), lost, doubled, explained };
  }
}
