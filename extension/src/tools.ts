// The tools as a tree: what the server answered, those first with which something is wrong.
import { dirname } from 'node:path';
import type { Row } from './row';
import type { FindingFix, ToolRow, ToolsDocument } from './wire.gen';

const wrong: Record<string, string> = {
  'tool-built-with-older-go': 'built with an older Go than the code needs',
  'tool-too-old': 'does not support the Go that runs',
  'tool-version-drift': 'not the pinned version',
};

/** Makes the tree of the tools that matter in a workspace folder. */
export function toolsTree(doc: ToolsDocument): Row[] {
  const watched = doc.tools.filter((tool) => tool.watched);
  const ordered = [
    ...watched.filter((tool) => tool.codes.length > 0),
    ...watched.filter((tool) => tool.codes.length === 0),
  ];
  // The same tool in two folders: which is which stands in the path.
  const rows = ordered.map((tool) => row(tool, watched.filter(({ name }) => name === tool.name).length > 1));
  if (rows.length === 0) {
    rows.push({ id: 'none', label: 'No tool that matters here was found', icon: 'info' });
  }
  return [...rows, ...toolLines(doc)];
}

/** What "go tool" builds when it is asked for it: never with an older Go. */
function toolLines(doc: ToolsDocument): Row[] {
  const lines = doc.pins.filter((pin) => pin.source === 'go.mod:tool');
  if (lines.length === 0) return [];
  const children = lines.map((pin) => ({
    id: `${pin.file}:${pin.line}`,
    label: pin.name,
    description: pin.version,
    tooltip: `${pin.file}:${pin.line}`,
    icon: 'check',
  }));
  const by = doc.selected === '' ? '' : `built with ${doc.selected} when it is asked for`;
  return [{ id: 'go tool', label: 'go tool', description: by, icon: 'tools', children }];
}

function row(tool: ToolRow, twice: boolean): Row {
  const problems = tool.codes.map((code) => wrong[code] ?? code);
  const node: Row = {
    id: tool.path,
    label: tool.name,
    description: [
      tool.version,
      tool.builtWith && `built with ${tool.builtWith}`,
      twice && `in ${dirname(tool.path)}`,
    ]
      .filter(Boolean)
      .join(', '),
    tooltip: [tool.path, tool.needs && `needs ${tool.needs}`, ...problems].filter(Boolean).join('\n'),
    icon: problems.length > 0 ? 'warning' : 'check',
  };
  if (problems.length === 0) return node;
  node.color = 'problemsWarningIcon.foreground';
  node.children = [
    ...problems.map((label, i) => ({ id: `${tool.path}#${tool.codes[i]}`, label, icon: 'info' })),
    ...tool.fixes.map((fix) => mend(tool, fix)),
  ];
  return node;
}

function mend(tool: ToolRow, fix: FindingFix): Row {
  return {
    id: `${tool.path}#${fix.id}`,
    label: fix.title,
    tooltip: fix.note ?? '',
    icon: 'lightbulb',
    fix: fix.id,
  };
}
