// When GOROOT moved from where to where, as a heat map, and when cgo was switched.
import type { PageTimelineDocument } from '../../../extension/src/wire.gen';
import { label, picture, type Row, stepText } from './chart';
import { h, s } from './dom';
import { plural } from './ui';

/** The heights of a row of cells and of that of the switches. */
const [cellHeight, flipHeight] = [18, 40];

/** The heat map: a row for each way that GOROOT went, darker where it went it more often. */
export function moveRows(doc: PageTimelineDocument, width: number, x: (at: number) => number): Row[] {
  const heading = h('h3', { class: 'row-heading' }, 'GOROOT moves');
  if (doc.moves.length === 0) {
    return [{ label: heading, plot: h('p', { class: 'faint' }, 'It stayed where it was all this time.') }];
  }
  const most = Math.max(...doc.moves.flatMap((move) => move.cells.map((cell) => cell.count)));
  const out: Row[] = [
    {
      label: heading,
      plot: h(
        'p',
        { class: 'faint' },
        `Each cell is ${stepText(doc.movesStep)}; the fullest is ${plural(most, 'move')}.`,
      ),
    },
  ];
  for (const move of doc.moves) {
    const svg = picture(width, cellHeight, `${move.label}: ${plural(move.count, 'move')}`);
    svg.append(s('line', { class: 'rail', x1: 0, x2: width, y1: cellHeight / 2, y2: cellHeight / 2 }));
    for (const cell of move.cells) {
      const from = Math.max(x(cell.time), 0);
      const to = Math.min(x(cell.time + doc.movesStep), width);
      const made = s('rect', {
        class: 'cell',
        x: from,
        y: 1,
        width: Math.max(to - from - 1, 2),
        height: cellHeight - 2,
        rx: 2,
      });
      made.style.setProperty('fill-opacity', String(0.25 + 0.75 * Math.sqrt(cell.count / most)));
      svg.append(made);
    }
    out.push({
      label: label(
        move.label,
        String(move.count),
        move.from === '' && move.to === '' ? move.label : `${move.from} → ${move.to}`,
      ),
      plot: h('div', { class: 'plot' }, svg),
    });
  }
  return out;
}

export function flipRow(doc: PageTimelineDocument, width: number, x: (at: number) => number): Row[] {
  if (doc.flips.length === 0) return [];
  const sum = (of: 'on' | 'off') => doc.flips.reduce((n, flip) => n + flip[of], 0);
  const most = Math.max(...doc.flips.map((flip) => Math.max(flip.on, flip.off)));
  const text = `${sum('on')} on, ${sum('off')} off`;
  const svg = picture(width, flipHeight, `cgo was switched ${text}`);
  const middle = flipHeight / 2;
  svg.append(s('line', { class: 'rail', x1: 0, x2: width, y1: middle, y2: middle }));
  for (const flip of doc.flips) {
    const from = Math.max(x(flip.time), 0);
    const room = Math.max(Math.min(x(flip.time + doc.movesStep), width) - from - 1, 2);
    const tall = (n: number) => (n / most) * (middle - 2);
    if (flip.on > 0)
      svg.append(
        s('rect', {
          class: 'flip-on',
          x: from,
          width: room,
          y: middle - tall(flip.on),
          height: tall(flip.on),
        }),
      );
    if (flip.off > 0)
      svg.append(s('rect', { class: 'flip-off', x: from, width: room, y: middle, height: tall(flip.off) }));
  }
  return [{ label: label('cgo on ↑ off ↓', text), plot: h('div', { class: 'plot' }, svg) }];
}
