// The history as a tree: moments, newest first, each with what changed.
import {
  ago,
  causeText,
  changeFile,
  changeText,
  clock,
  environmentText,
  factText,
  ordered,
  summary,
} from './moments';
import type { CauseKind, Change, Moment } from './wire.gen';

/** One row of the tree. */
export interface HistoryNode {
  id: string;
  label: string;
  description?: string;
  tooltip?: string;
  /** The name of one of the editor's icons. */
  icon: string;
  /** The file that a click opens. */
  file?: string;
  /** The snapshot that can be compared with what is now. */
  snapshot?: { id: string; time: number };
  /** A click fetches older moments. */
  older?: boolean;
  children?: HistoryNode[];
}

const icons: Record<CauseKind, string> = {
  'first-sight': 'eye',
  file: 'save',
  environment: 'window',
  'branch-switch': 'git-branch',
  'go-get': 'package',
  'go-env-w': 'terminal',
  variable: 'symbol-variable',
  godrift: 'wrench',
  machine: 'vm',
  other: 'circle-outline',
};

/** Makes the tree of moments; more says that there are older ones. */
export function historyTree(root: string, moments: Moment[], more: boolean, now: number): HistoryNode[] {
  const nodes = moments.map((moment) => row(root, moment, now));
  if (more) nodes.push({ id: 'older', label: 'Show older…', icon: 'ellipsis', older: true });
  return nodes;
}

function row(root: string, moment: Moment, now: number): HistoryNode {
  const time = Date.parse(moment.time);
  const where = moment.of === 'editor' ? '' : ` · ${environmentText(moment.of)}`;
  const node: HistoryNode = {
    id: String(moment.id),
    label: summary(moment),
    description: `${ago(time, now)} · ${causeText(moment)}${where}`,
    tooltip: [
      clock(time),
      causeText(moment),
      `in ${environmentText(moment.of)}, seen by ${moment.by.name || moment.by.kind}`,
      `snapshot ${moment.after.slice(0, 10)}`,
    ].join('\n'),
    icon: icons[moment.cause.kind] ?? 'circle-outline',
    snapshot: { id: moment.after, time },
  };
  if (moment.changes.length > 0) {
    node.children = ordered(moment.changes).map((change) => changed(root, moment, change));
  }
  return node;
}

const signs: Record<string, string> = {
  added: 'diff-added',
  removed: 'diff-removed',
  changed: 'diff-modified',
};

function changed(root: string, moment: Moment, change: Change): HistoryNode {
  const file = changeFile(change, root);
  const value = (text: string, layer: string) => `${text || 'nothing'}${layer ? ` (${layer})` : ''}`;
  const lines = [factText(change.key)];
  if (change.kind !== 'added') lines.push(`was ${value(change.old, change.oldLayer)}`);
  if (change.kind !== 'removed') lines.push(`now ${value(change.new, change.newLayer)}`);
  return {
    id: `${moment.id}/${change.key}`,
    label: factText(change.key),
    description: changeText(change),
    tooltip: lines.join('\n'),
    icon: signs[change.kind] ?? 'diff-modified',
    ...(file === undefined ? {} : { file }),
  };
}
