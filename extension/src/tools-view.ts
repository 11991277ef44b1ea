import { type Disposable, EventEmitter, type TreeDataProvider, type TreeItem, window } from 'vscode';
import { reason } from './reason';
import type { Row } from './row';
import { rowItem } from './row-item';
import type { Session } from './session';
import { toolsTree } from './tools';
import type { ToolsDocument } from './wire.gen';

/** The view that lists the Go tools on this machine and which Go built them. */
export class ToolsView implements TreeDataProvider<Row>, Disposable {
  private readonly changed = new EventEmitter<undefined>();
  private readonly subscriptions: Disposable[];
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly session: Session) {
    const view = window.createTreeView('godrift.tools', { treeDataProvider: this });
    this.subscriptions = [view, this.changed, session.onDidChange(() => this.changed.fire(undefined))];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  async getChildren(node?: Row): Promise<Row[]> {
    if (node) return node.children ?? [];
    const folder = this.session.folder();
    if (!folder || this.session.state.kind !== 'running') return [];
    try {
      return toolsTree(
        await this.session.request<ToolsDocument>('godrift/tools', { folder: folder.toString() }),
      );
    } catch (error) {
      return [{ id: 'failure', label: reason(error), icon: 'error' }];
    }
  }

  getTreeItem(row: Row): TreeItem {
    return rowItem(row, this.session.folder());
  }
}
