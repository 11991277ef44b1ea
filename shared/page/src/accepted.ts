// How far the present is from the state that was accepted, and the way back.
import type { DiffDocument, PageNowDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { changesTable } from './dialog';
import { asker } from './document-section';
import { h, replace } from './dom';
import { words } from './transport';
import { button, card, plural, sign } from './ui';
import { ago, clock, ordered } from './words';

export function accepted(context: Context, doc: PageNowDocument): HTMLElement | null {
  const away = doc.check.workspaces[0]?.baseline;
  if (!away) return null;
  const at = Date.parse(away.acceptedAt);
  const when = h('span', { title: clock(at) }, `${clock(at).slice(0, 10)}, ${ago(at, Date.now())}`);
  const box = card('Accepted state');
  if (away.changed + away.held === 0) {
    box.append(
      h('p', { class: 'fine' }, sign('good', true), ` All ${away.watched} watched values are as accepted.`),
    );
  } else if (away.changed > 0) {
    box.append(
      h(
        'p',
        {},
        sign('info'),
        ` ${away.changed} of ${plural(away.watched, 'watched value')} ${away.changed === 1 ? 'is' : 'are'} not as accepted.`,
      ),
    );
  }
  if (away.held > 0) {
    const more = plural(away.held, away.changed > 0 ? 'more change' : 'change');
    box.append(
      h('p', {}, sign('hint'), ` ${more} away from it, made a short time ago: counted when it has lasted.`),
    );
  }
  box.append(h('p', { class: 'faint' }, 'Accepted ', when, '.'));
  if (away.changed + away.held === 0) return box;
  box.append(
    differences(context),
    h(
      'div',
      { class: 'fixes' },
      button('Roll back …', () => context.wish({ kind: 'rollback' }), { key: 'roll back' }),
      button('Accept the present …', () => context.wish({ kind: 'accept' }), { key: 'accept' }),
    ),
  );
  return box;
}

/** What differs is asked for when somebody wants to see it. */
function differences(context: Context): HTMLElement {
  const body = h('div', { 'aria-live': 'polite' });
  const look = async () => {
    try {
      const diff = await asker(context)<DiffDocument>({ ask: 'compare', a: 'baseline', b: 'now' });
      replace(body, changesTable('What is not as it was accepted', ordered(diff.changes)));
    } catch (error) {
      replace(body, h('p', { class: 'faint' }, words(error)));
    }
  };
  return h(
    'details',
    {
      class: 'comparison',
      'data-key': 'differences',
      ontoggle: (event: Event) => {
        if ((event.currentTarget as HTMLDetailsElement).open && !body.hasChildNodes()) void look();
      },
    },
    h('summary', {}, 'What differs'),
    body,
  );
}
