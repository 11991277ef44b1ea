import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type Uri } from 'vscode';
import { plain } from './markdown';
import type { Row } from './row';
import type { FixParams } from './wire.gen';

/** A row as the editor draws it. A click applies its fix in the folder, or runs its command. */
export function rowItem(row: Row, folder: Uri | undefined): TreeItem {
  const open = row.collapsed ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  const item = new TreeItem(row.label, row.children ? open : TreeItemCollapsibleState.None);
  item.id = row.id;
  if (row.description) item.description = row.description;
  item.tooltip = new MarkdownString(plain(row.tooltip || row.label));
  item.iconPath = new ThemeIcon(row.icon, row.color ? new ThemeColor(row.color) : undefined);
  if (row.fix && folder) {
    const params: FixParams = { folder: folder.toString(), fix: row.fix };
    item.command = { command: 'godrift.applyFix', title: 'Apply', arguments: [params] };
  } else if (row.command) {
    item.command = { command: row.command, title: row.label };
  }
  return item;
}
