// The programs that people work on Go code with, and the Go that built each.
import type { ToolRow, ToolsDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { asker, documentSection } from './document-section';
import { h } from './dom';
import { fixButton } from './health';
import type { Section } from './sections';
import { card, code, empty, sign, table } from './ui';

export function tools(context: Context): Section {
  const ask = asker(context);
  return documentSection(
    'tools',
    () => ask<ToolsDocument>({ ask: 'tools' }),
    (doc) => [list(context, doc), pins(context, doc)],
    'Looking at the tools on this machine …',
  );
}

function list(context: Context, doc: ToolsDocument): HTMLElement {
  if (doc.tools.length === 0) {
    return empty(
      'No Go tools were found.',
      'gopls, dlv, golangci-lint and others are looked for on PATH, in GOBIN and where editors put them.',
    );
  }
  const found = (tool: ToolRow) => {
    if (tool.problem) return [sign('hint'), ` ${tool.problem}`];
    if (tool.codes.length > 0)
      return [sign('warning'), ' ', h('span', { class: 'mono code-name' }, tool.codes.join(', '))];
    return tool.watched ? [sign('good', true), ' fine'] : [h('span', { class: 'faint' }, 'not used here')];
  };
  const box = card(
    h('span', {}, 'Tools ', h('span', { class: 'count' }, String(doc.tools.length))),
    h('p', { class: 'faint' }, 'Held against ', code(doc.selected || 'no Go'), ', which runs here.'),
    table(
      'Tools on this machine',
      [
        {
          title: 'Tool',
          header: true,
          cell: (t) => h('span', { class: t.first ? 'strong' : 'faint' }, t.name),
        },
        { title: 'Version', class: 'mono', cell: (t) => t.version },
        { title: 'Built with', class: 'mono', cell: (t) => t.builtWith },
        { title: 'Needs', cell: (t) => t.needs },
        { title: 'Found', cell: found },
        { title: 'Where', class: 'mono value faint', cell: (t) => t.path },
        {
          title: '',
          cell: (t) => t.fixes.slice(0, 1).map((fix) => fixButton(context, fix, 'Fix …', `tool ${t.path}`)),
        },
      ],
      doc.tools,
    ),
  );
  return box;
}

function pins(context: Context, doc: ToolsDocument): HTMLElement {
  if (doc.pins.length === 0) return h('div', {});
  return card(
    'What this workspace asks for',
    table(
      'Places that say which tools to use',
      [
        { title: 'Tool', header: true, cell: (p) => p.name },
        { title: 'Version', class: 'mono', cell: (p) => p.version || 'any' },
        { title: 'Where', cell: (p) => context.place(p.file, p.line) },
        { title: 'Kind', class: 'mono faint', cell: (p) => p.source },
      ],
      doc.pins,
    ),
  );
}
