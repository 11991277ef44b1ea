import {
  commands,
  type Disposable,
  EventEmitter,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  workspace,
} from 'vscode';
import { type HistoryNode, historyTree } from './history';
import { plain } from './markdown';
import { reason } from './reason';
import type { Records } from './records';
import type { Session } from './session';
import type { HistoryParams, LogDocument, RollbackParams } from './wire.gen';

const page = 100;
/** No more rows are shown than this. */
const most = 1000;

/** The view that lists when the environment of a workspace changed. */
export class HistoryView implements TreeDataProvider<HistoryNode>, Disposable {
  private readonly changed = new EventEmitter<undefined>();
  private readonly subscriptions: Disposable[];
  private limit = page;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly session: Session,
    private readonly records: Records,
  ) {
    const view = window.createTreeView('godrift.history', { treeDataProvider: this, showCollapseAll: true });
    const refresh = () => this.changed.fire(undefined);
    const minute = setInterval(() => view.visible && refresh(), 60_000); // "2 min ago"
    this.subscriptions = [
      view,
      this.changed,
      { dispose: () => clearInterval(minute) },
      session.onDidChange(refresh),
      session.onDidRemember(refresh),
      workspace.onDidGrantWorkspaceTrust(refresh),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  showOlder(): void {
    this.limit = Math.min(this.limit + page, most);
    this.changed.fire(undefined);
  }

  async compareWithNow(node: HistoryNode | undefined): Promise<void> {
    const folder = this.session.folder();
    if (!folder || !node?.snapshot) return;
    await this.records.compareWithNow(folder, node.snapshot.id, node.snapshot.time);
  }

  /** The server shows what would go back, asks, and does it. */
  async rollBackTo(node: HistoryNode | undefined): Promise<void> {
    const folder = this.session.folder();
    if (!folder || !node?.snapshot) return;
    const params: RollbackParams = { folder: folder.toString(), snapshot: node.snapshot.id };
    await commands.executeCommand('godrift.rollback', params);
  }

  async getChildren(node?: HistoryNode): Promise<HistoryNode[]> {
    if (node) return node.children ?? [];
    const folder = this.session.folder();
    // The manifest says in words why there is nothing.
    if (!folder || !workspace.isTrusted || this.session.state.kind !== 'running') return [];
    const params: HistoryParams = { folder: folder.toString(), limit: this.limit };
    try {
      const log = await this.session.request<LogDocument>('godrift/history', params);
      return historyTree(log.root, log.moments, log.more && this.limit < most, Date.now());
    } catch (error) {
      return [{ id: 'failure', label: reason(error), icon: 'error' }];
    }
  }

  getTreeItem(node: HistoryNode): TreeItem {
    const state = node.children ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None;
    const item = new TreeItem(node.label, state);
    item.id = node.id;
    if (node.description) item.description = node.description;
    item.tooltip = new MarkdownString(plain(node.tooltip ?? node.label));
    item.iconPath = new ThemeIcon(node.icon);
    if (node.snapshot) item.contextValue = 'moment';
    if (node.older) item.command = { command: 'godrift.showOlder', title: 'Show older' };
    if (node.file) {
      item.command = {
        command: 'godrift.openAt',
        title: 'Open',
        arguments: [Uri.file(node.file).toString(), 1],
      };
    }
    return item;
  }
}
