import {
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  workspace,
} from 'vscode';
import { code, plain } from './markdown';
import { reason } from './reason';
import type { Session } from './session';
import { type Node, whyTree } from './why';
import type { WhyDocument } from './wire.gen';

/** The view that explains which Go runs in the folder of the active editor. */
export class WhyView implements TreeDataProvider<Node>, Disposable {
  private readonly changed = new EventEmitter<undefined>();
  private readonly subscriptions: Disposable[];
  /** What the person asked about, until another file is looked at. */
  private asked: Uri | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    context: ExtensionContext,
    private readonly session: Session,
  ) {
    const view = window.createTreeView('godrift.why', { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [
      view,
      this.changed,
      session.onDidChange(() => this.changed.fire(undefined)),
      window.onDidChangeActiveTextEditor((editor) => {
        if (editor?.document.uri.scheme !== 'file') return;
        this.asked = undefined;
        this.changed.fire(undefined);
      }),
    ];
    context.subscriptions.push(this);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Shows the view, for the folder or file if one is given. */
  async show(uri: Uri | undefined): Promise<void> {
    this.asked = uri;
    this.changed.fire(undefined);
    await commands.executeCommand('godrift.why.focus');
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return node.children ?? [];
    if (this.session.state.kind !== 'running') return [];
    const uri = this.target();
    if (!uri) return [];
    try {
      const why = await this.session.request<WhyDocument>('godrift/why', { uri: uri.toString() });
      return whyTree(why, workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? '');
    } catch (error) {
      return [{ id: 'failure', label: reason(error), icon: 'error' }];
    }
  }

  getTreeItem(node: Node): TreeItem {
    const state = node.children?.length
      ? node.expanded
        ? TreeItemCollapsibleState.Expanded
        : TreeItemCollapsibleState.Collapsed
      : TreeItemCollapsibleState.None;
    const item = new TreeItem(node.label, state);
    item.id = node.id;
    if (node.description) item.description = node.description;
    item.tooltip = new MarkdownString(plain(node.tooltip ?? [node.label, node.description].join(' ')));
    if (node.icon)
      item.iconPath = new ThemeIcon(node.icon, node.color ? new ThemeColor(node.color) : undefined);
    if (node.file) {
      const place = `${node.file}:${node.line}`;
      item.tooltip.appendMarkdown(`\n\n${code(place)}`);
      item.command = {
        command: 'godrift.openAt',
        title: 'Open',
        arguments: [Uri.file(node.file).toString(), node.line],
      };
    }
    return item;
  }

  private target(): Uri | undefined {
    if (this.asked) return this.asked;
    const active = window.activeTextEditor?.document.uri;
    const inside = active && workspace.getWorkspaceFolder(active) ? active : undefined;
    return inside ?? workspace.workspaceFolders?.[0]?.uri;
  }
}
