// The page in a browser: it asks the monitor that it came from, and nobody else.
import type {
  AlertsDocument,
  MonitorActionRequest,
  WorkspacesDocument,
} from '../../../extension/src/wire.gen';
import { type Changes, Live } from './live';
import {
  type Action,
  type Listener,
  type Question,
  Refusal,
  type Transport,
  type Wish,
  type Workspace,
} from './transport';

/** A request that takes longer than this is given up, in ms. */
const limit = 30_000;
/** The same for what changes something: a Go may have to be downloaded, for which the monitor gives it 20 minutes. */
const longLimit = 21 * 60_000;

async function request<T>(path: string, init: RequestInit = {}, most = limit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(most),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new Refusal(`the monitor did not answer within ${most / 1000} s`);
    }
    throw new Refusal('the monitor does not answer; is it still running?');
  }
  const text = await response.text();
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Refusal(
      `the monitor answered with something else than JSON (${response.status})`,
      response.status,
    );
  }
  if (!response.ok) {
    const said = (answer as { error?: unknown }).error;
    throw new Refusal(
      typeof said === 'string' ? said : `the monitor refused it (${response.status})`,
      response.status,
    );
  }
  return answer as T;
}

/** Where the page keeps what it shows to change something: this window, and no other server of this machine. */
const keyName = 'godrift-action-key';

/** Takes that key out of the address, in which the monitor has put it behind the #. */
export function takeKey(): void {
  const key = /^#key=([0-9a-f]+)$/.exec(location.hash)?.[1];
  if (key === undefined) return;
  sessionStorage.setItem(keyName, key);
  history.replaceState(null, '', location.pathname);
}

const post = <T>(path: string, body: object, most = limit): Promise<T> =>
  request<T>(
    path,
    {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Godrift-Action-Key': sessionStorage.getItem(keyName) ?? '',
      },
      body: JSON.stringify(body),
    },
    most,
  );

/** The question as parameters of an address. */
export function queryOf(root: string, { ask: _, ...rest }: Question): string {
  const query = new URLSearchParams({ root });
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== '' && value !== 0 && value !== false) query.set(name, String(value));
  }
  return query.toString();
}

export class Http implements Transport {
  readonly editor = false;
  private live: Live | undefined;
  private listener: Listener | undefined;

  async workspaces(): Promise<Workspace[]> {
    const answer = await request<WorkspacesDocument>('/api/workspaces');
    this.begin(answer.run, answer.seq);
    return answer.workspaces;
  }

  ask<T>(root: string, question: Question): Promise<T> {
    return request<T>(`/api/${encodeURIComponent(question.ask)}?${queryOf(root, question)}`);
  }

  alerts(): Promise<AlertsDocument> {
    return request('/api/alerts');
  }

  plan(root: string, wish: Wish): Promise<Action> {
    return post('/api/plan', bodyOf(root, wish));
  }

  carryOut(root: string, wish: Wish, hash: string): Promise<Action> {
    return post('/api/apply', { ...bodyOf(root, wish), hash }, longLimit);
  }

  listen(listener: Listener): void {
    this.listener = listener;
  }

  /** The line is opened once it is known from where on changes are news. */
  private begin(run: string, seq: number): void {
    const listener = this.listener;
    if (this.live || !listener) return;
    const live = new Live(world, run, seq, listener);
    this.live = live;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) live.shown();
    });
    window.addEventListener('pagehide', () => live.stop());
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) location.reload(); // it comes back from the browser's memory
    });
    window.addEventListener('online', () => live.shown());
    live.start();
  }
}

function bodyOf(root: string, wish: Wish): MonitorActionRequest {
  const body: MonitorActionRequest = { root, action: wish.kind };
  switch (wish.kind) {
    case 'fix':
      return { ...body, fix: wish.fix };
    case 'undo':
      return { ...body, journal: wish.id };
    case 'accept':
      return body;
    case 'rollback':
      return wish.snapshot === undefined ? body : { ...body, snapshot: wish.snapshot, all: true };
  }
}

const world = {
  socket(last: string, ears: { opened(): void; told(text: string): void; closed(): void }) {
    const url = new URL(`/api/ws?last=${encodeURIComponent(last)}`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    let done = false;
    const closed = () => {
      if (!done) ears.closed();
      done = true;
    };
    socket.addEventListener('open', () => ears.opened());
    socket.addEventListener('message', (event) => ears.told(String(event.data)));
    socket.addEventListener('close', closed);
    socket.addEventListener('error', closed);
    return {
      close() {
        done = true;
        socket.close();
      },
    };
  },
  events(last: string, ears: { opened(): void; told(text: string): void; closed(): void }) {
    const source = new EventSource(`/api/events?last=${encodeURIComponent(last)}`);
    source.addEventListener('open', () => ears.opened());
    source.addEventListener('message', (event) => ears.told(String(event.data)));
    source.addEventListener('error', () => {
      source.close(); // when and how to come back is Live's business
      ears.closed();
    });
    return { close: () => source.close() };
  },
  poll: (run: string, after: number): Promise<Changes> =>
    request<Changes>(`/api/changes?run=${encodeURIComponent(run)}&after=${after}`),
  after(milliseconds: number, f: () => void) {
    const timer = setTimeout(f, milliseconds);
    return () => clearTimeout(timer);
  },
  now: () => Date.now(),
  hidden: () => document.hidden,
};
