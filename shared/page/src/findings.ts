// What is wrong, with what can be done about it.
import type { Finding } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { h } from './dom';
import { fixButton } from './health';
import { sign } from './ui';

const order = ['error', 'warning', 'info', 'hint'];

/** The worst first; of one severity in the order of files. */
export const sorted = (all: Finding[]): Finding[] =>
  [...all].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));

/** No more than this are drawn; the rest is counted. */
const most = 200;

export function findingsOf(context: Context, _root: string, all: Finding[]): HTMLElement {
  const list = h(
    'ul',
    { class: 'findings' },
    ...sorted(all)
      .slice(0, most)
      .map((finding) => one(context, finding)),
  );
  if (all.length > most)
    list.append(h('li', { class: 'faint' }, `and ${all.length - most} more; godrift check lists them`));
  return list;
}

function one(context: Context, finding: Finding): HTMLElement {
  const item = h(
    'li',
    { class: `finding ${finding.severity}` },
    sign(finding.severity),
    h(
      'div',
      {},
      h('p', { class: 'message' }, finding.message),
      h(
        'p',
        { class: 'where' },
        h('span', { class: 'mono code-name' }, finding.code),
        finding.file ? context.place(finding.file, finding.line) : null,
      ),
    ),
  );
  const body = item.lastElementChild;
  if (finding.fixes.length > 0) {
    body?.append(
      h(
        'div',
        { class: 'fixes' },
        ...finding.fixes
          .slice(0, 4)
          .map((fix) => fixButton(context, fix, fix.title, `${finding.id} ${fix.id}`)),
      ),
    );
  }
  return item;
}
