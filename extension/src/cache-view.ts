import { homedir } from 'node:os';
import {
  commands,
  type Disposable,
  EventEmitter,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
  window,
} from 'vscode';
import { bytes } from '../../shared/page/src/words';
import { cacheTree } from './cache';
import { planText } from './plan';
import { reason } from './reason';
import type { Row } from './row';
import { rowItem } from './row-item';
import type { Session } from './session';
import type {
  CacheGcDocument,
  CacheParams,
  CacheSwitchDocument,
  CacheTrimDocument,
  CacheVerifyDocument,
  PageCacheDocument,
} from './wire.gen';

/** The view of the build cache: its size by age and kind, what is bad in it, and what can be done. */
export class CacheView implements TreeDataProvider<Row>, Disposable {
  private readonly changed = new EventEmitter<undefined>();
  private readonly subscriptions: Disposable[];
  private readonly view: TreeView<Row>;
  readonly onDidChangeTreeData = this.changed.event;
  /** What was last shown stays until there is a reason to look again: adding up takes a while. */
  private shown: { folder: string; problems: string; roots: Row[] } | undefined;

  constructor(private readonly session: Session) {
    this.view = window.createTreeView('godrift.cache', { treeDataProvider: this });
    this.subscriptions = [this.view, this.changed, session.onDidChange(() => this.look())];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  refresh(): void {
    this.shown = undefined;
    this.changed.fire(undefined);
  }

  async getChildren(node?: Row): Promise<Row[]> {
    if (node) return node.children ?? [];
    const folder = this.session.folder()?.toString();
    if (!folder || this.session.state.kind !== 'running') return [];
    const problems = this.problems();
    if (this.shown?.folder === folder && this.shown.problems === problems) return this.shown.roots;
    try {
      const doc = await this.session.request<PageCacheDocument>('godrift/cache', this.params());
      const roots = cacheTree(doc, homedir(), Date.now());
      this.shown = { folder, problems, roots };
      return roots;
    } catch (error) {
      return [{ id: 'failure', label: reason(error), icon: 'error' }];
    }
  }

  getTreeItem(row: Row): TreeItem {
    return rowItem(row, this.session.folder());
  }

  /** Reads the whole cache; the server shows how far it is. */
  async verify(): Promise<void> {
    const doc = await this.session.request<CacheVerifyDocument>('godrift/cacheVerify', this.params());
    this.refresh();
    const harmful = doc.bad.filter((bad) => bad.harmful).length;
    const read = `${bytes(doc.bytes)} of the build cache were read in ${doc.seconds.toFixed(1)} s.`;
    if (harmful === 0) {
      void window.showInformationMessage(`${read} Nothing in it can make a build go wrong.`);
      return;
    }
    const what = harmful === 1 ? '1 entry is' : `${harmful} entries are`;
    void window.showWarningMessage(
      `${read} ${what} bad: the view "Go build cache" and the Problems panel say which.`,
    );
  }

  async trim(): Promise<void> {
    const plan = await this.session.request<CacheTrimDocument>('godrift/cacheTrim', this.params());
    if (plan.files === 0) {
      void window.showInformationMessage(
        `There is nothing to trim: all of the ${bytes(plan.kept)} were used lately.`,
      );
      return;
    }
    const detail = `${plan.files} files (${bytes(plan.bytes)}) that were not used for longest go from ${plan.cache}; ${bytes(plan.kept)} stay. The go command makes anew what it needs.`;
    if (!(await sure('Trim the build cache?', detail, 'Trim'))) return;
    const doc = await this.session.request<CacheTrimDocument>('godrift/cacheTrim', this.params(true));
    this.refresh();
    void window.showInformationMessage(`${bytes(doc.bytes)} went from the build cache.`);
  }

  async switch(): Promise<void> {
    const plan = await this.session.request<CacheSwitchDocument>('godrift/cacheSwitch', this.params());
    const [carry, empty] = ['Carry Over What Is Good', 'Begin Empty'];
    const detail = [
      `From the next go command on, ${plan.to} takes the place of ${plan.from}. Builds under way go on with the old one, which stays until nothing uses it. It can be undone.`,
      planText({ title: '', note: plan.notes.join(' '), diff: plan.diff, commands: plan.commands }),
    ].join('\n\n');
    const answer = await window.showInformationMessage(
      'Switch to a new build cache?',
      { modal: true, detail },
      carry,
      empty,
    );
    if (!answer) return;
    const doc = await this.session.request<CacheSwitchDocument>('godrift/cacheSwitch', {
      ...this.params(true),
      carryOver: answer === carry,
    });
    this.refresh();
    const carried =
      answer === carry
        ? ` ${bytes(doc.bytes)} were carried over${doc.bad ? `, ${doc.bad} bad left out` : ''}.`
        : '';
    const shell = doc.shell.length > 0 ? ` In shells already open run: ${doc.shell.join('; ')}` : '';
    const undo = doc.journal !== 0 ? ['Undo'] : [];
    // Not awaited: the command is done when the change is.
    void window
      .showInformationMessage(`The build cache is ${doc.to} now.${carried}${shell}`, ...undo)
      .then((choice) => {
        if (choice)
          void commands.executeCommand('godrift.undo', { folder: this.params().folder, id: doc.journal });
      });
  }

  async collect(): Promise<void> {
    const plan = await this.session.request<CacheGcDocument>('godrift/cacheGc', this.params());
    const free = plan.caches.filter((cache) => cache.uses.length === 0);
    if (free.length === 0) {
      const why = plan.caches[0]?.uses[0];
      void window.showInformationMessage(
        why ? `The old build cache stays: ${why}.` : 'No build cache was left behind by a switch.',
      );
      return;
    }
    const detail = free.map((cache) => `${cache.cache} (${bytes(cache.bytes)} of its own)`).join('\n');
    if (!(await sure('Remove old build caches?', detail, 'Remove'))) return;
    await this.session.request<CacheGcDocument>('godrift/cacheGc', this.params(true));
    this.refresh();
  }

  /** What the report says of the cache: when that changes, the view is out of date. */
  private problems(): string {
    const fixes = this.session.status(this.session.folder())?.fixes ?? [];
    return fixes
      .filter((fix) => fix.code.startsWith('gocache-'))
      .map((fix) => fix.id)
      .join();
  }

  private look(): void {
    const folder = this.session.folder()?.toString();
    const same = this.shown?.folder === folder && this.shown?.problems === this.problems();
    if (this.session.state.kind !== 'running') this.shown = undefined;
    if (!same || !this.shown) this.changed.fire(undefined);
  }

  private params(apply = false): CacheParams {
    return { folder: this.session.folder()?.toString() ?? '', apply, carryOver: false };
  }
}

async function sure(question: string, detail: string, yes: string): Promise<boolean> {
  return (await window.showInformationMessage(question, { modal: true, detail }, yes)) === yes;
}
