// Who did what with godrift, when, and how it ended.
import type { AuditDocument, Deed, DeedKind } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { asker, documentSection } from './document-section';
import { h } from './dom';
import type { Section } from './sections';
import { button, card, empty, sign, table } from './ui';
import { clock } from './words';

const kinds: Record<DeedKind, string> = {
  fix: 'Fix',
  undo: 'Undo',
  redo: 'Redo',
  rollback: 'Rollback',
  accept: 'Accept',
  import: 'Import',
  trust: 'Trust',
};

export function audit(context: Context): Section {
  const ask = asker(context);
  return documentSection(
    'audit',
    () => ask<AuditDocument>({ ask: 'audit', limit: 500 }),
    (doc) => [draw(context, doc)],
  );
}

function draw(context: Context, { deeds }: AuditDocument): HTMLElement {
  if (deeds.length === 0) {
    return empty(
      'Nothing was changed here with godrift yet.',
      'Every fix, undo, rollback and accept will stand here, with who did it and how it ended.',
    );
  }
  const actions = (d: Deed) =>
    d.undoable && (d.kind === 'fix' || d.kind === 'rollback')
      ? button('Undo …', () => context.wish({ kind: 'undo', id: d.journal }), {
          kind: 'quiet',
          key: `undo ${d.id}`,
          label: `Undo: ${d.title}`,
        })
      : null;
  return card(
    h('span', {}, 'Audit ', h('span', { class: 'count' }, String(deeds.length))),
    table(
      'What was done, newest first',
      [
        { title: 'When', header: true, class: 'number nowrap', cell: (d) => clock(Date.parse(d.time)) },
        {
          title: 'What',
          cell: (d) => [
            h('strong', {}, kinds[d.kind]),
            ` ${d.title}`,
            d.note ? h('span', { class: 'faint' }, ` — ${d.note}`) : null,
          ],
        },
        { title: 'By', cell: (d) => d.by.name || d.by.kind },
        {
          title: 'Result',
          class: 'nowrap',
          cell: (d) => [
            sign(d.result === 'done' ? 'good' : d.result === 'refused' ? 'warning' : 'error', true),
            ` ${d.result}`,
          ],
        },
        { title: 'Took', class: 'number nowrap', cell: (d) => took(d.milliseconds) },
        { title: '', cell: actions },
      ],
      deeds,
    ),
  );
}

const took = (ms: number): string =>
  ms < 1 ? '< 1 ms' : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
