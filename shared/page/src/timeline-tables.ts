// What the pictures of the timeline show, as text.
import type { PageTimelineDocument } from '../../../extension/src/wire.gen';
import { bandText, laneTitle } from './chart';
import { h } from './dom';
import { table } from './ui';
import { clock } from './words';

/** Tables of all pictures. */
export function tablesOf(doc: PageTimelineDocument): HTMLElement {
  const bands = doc.lanes.flatMap((lane) => lane.bands.slice(-50).map((band) => ({ lane, band })));
  return h(
    'div',
    {},
    table(
      'What was in force when; of each the last fifty',
      [
        { title: 'What', header: true, cell: ({ lane }) => laneTitle(lane.key) },
        { title: 'From', class: 'number nowrap', cell: ({ band }) => clock(band.from) },
        { title: 'To', class: 'number nowrap', cell: ({ band }) => clock(band.to) },
        { title: 'Value', class: 'mono value', cell: ({ band }) => bandText(band) },
      ],
      bands,
      true,
    ),
    table(
      'GOROOT moves',
      [
        { title: 'From and to', header: true, cell: (move) => move.label },
        { title: 'Moves', class: 'number', cell: (move) => move.count },
      ],
      doc.moves,
      true,
    ),
    table(
      'How often cgo was switched',
      [
        { title: 'From', header: true, class: 'number nowrap', cell: (flip) => clock(flip.time) },
        { title: 'On', class: 'number', cell: (flip) => flip.on },
        { title: 'Off', class: 'number', cell: (flip) => flip.off },
      ],
      doc.flips,
      true,
    ),
    table(
      'Health, the last fifty values',
      [
        { title: 'From', header: true, class: 'number nowrap', cell: (one) => clock(one.time) },
        { title: 'Score', class: 'number', cell: (one) => (one.score < 0 ? 'not known' : one.score) },
        { title: 'Lowest on the way', class: 'number', cell: (one) => (one.low < 0 ? '' : one.low) },
      ],
      doc.scores.slice(-50),
      true,
    ),
  );
}
