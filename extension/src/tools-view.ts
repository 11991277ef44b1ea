import {
  type Disposable,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import { plain } from './markdown';
import { reason } from './reason';
import type { Session } from './session';
import { type ToolNode, toolsTree } from './tools';
import type { FixParams, ToolsDocument } from './wire.gen';

/** The view that lists the Go tools on this machine and which Go built them. */
export class ToolsView implements TreeDataProvider<ToolNode>, Disposable {
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

  async getChildren(node?: ToolNode): Promise<ToolNode[]> {
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

  getTreeItem(node: ToolNode): TreeItem {
    const state = node.children ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None;
    const item = new TreeItem(node.label, state);
    item.id = node.id;
    if (node.description) item.description = node.description;
    item.tooltip = new MarkdownString(plain(node.tooltip || node.label));
    item.iconPath = new ThemeIcon(node.icon, node.color ? new ThemeColor(node.color) : undefined);
    const folder = this.session.folder();
    if (node.fix && folder) {
      const params: FixParams = { folder: folder.toString(), fix: node.fix };
      item.command = { command: 'godrift.applyFix', title: 'Apply', arguments: [params] };
    }
    return item;
  }
}
