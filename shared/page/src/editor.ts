// The page in an editor: it asks by messages, and the editor asks the language server.
import {
  type Action,
  type FromPage,
  type Listener,
  type Question,
  Refusal,
  type ToPage,
  type Transport,
  type Wish,
  type Workspace,
} from './transport';

interface Editor {
  postMessage(message: unknown): void;
}

type Pending = { resolve(answer: unknown): void; reject(error: Error): void };

export class EditorTransport implements Transport {
  readonly editor = true;
  private readonly pending = new Map<number, Pending>();
  private asked = 0;
  private listener: Listener | undefined;

  constructor(
    private readonly editorApi: Editor,
    show: (section: string) => void,
  ) {
    window.addEventListener('message', (event: MessageEvent<ToPage>) => {
      const message = event.data;
      switch (message.kind) {
        case 'answer': {
          const { resolve, reject } = this.pending.get(message.id) ?? {};
          this.pending.delete(message.id);
          if (message.error !== undefined) reject?.(new Refusal(message.error));
          else resolve?.(message.answer);
          return;
        }
        case 'changes':
          this.listener?.changed(message.changes);
          return;
        case 'state':
          this.listener?.state({ way: message.running ? 'live' : 'offline', since: Date.now() });
          if (message.running) this.listener?.missed();
          return;
        case 'show':
          show(message.section);
      }
    });
  }

  workspaces(): Promise<Workspace[]> {
    return this.send((id) => ({ kind: 'workspaces', id }));
  }

  ask<T>(root: string, question: Question): Promise<T> {
    return this.send((id) => ({ kind: 'ask', id, root, question }));
  }

  /** The editor's own commands show what would be done, ask, and tell. */
  carryOut(root: string, wish: Wish): Promise<Action | undefined> {
    return this.send((id) => ({ kind: 'wish', id, root, wish }));
  }

  open(file: string, line: number): void {
    this.editorApi.postMessage({ kind: 'open', file, line } satisfies FromPage);
  }

  listen(listener: Listener): void {
    this.listener = listener;
    listener.state({ way: 'live', since: Date.now() });
  }

  private send<T>(message: (id: number) => FromPage): Promise<T> {
    const id = ++this.asked;
    return new Promise<T>((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.editorApi.postMessage(message(id));
    });
  }
}
