// A section that asks for documents and draws them. What did not change is not drawn again.
import type { Context } from './app';
import { h, replace } from './dom';
import type { Section } from './sections';

export function documentSection<T>(
  name: string,
  ask: () => Promise<T>,
  draw: (document: T) => Node[],
  // How long a person waits before something is said about it.
  waiting = 'Reading …',
): Section {
  const element = h('div', { class: `section ${name}` });
  let last = '';
  let drawn: T | undefined;
  let asked = 0;
  return {
    element,
    async refresh() {
      const mine = ++asked;
      if (last === '') replace(element, h('p', { class: 'waiting' }, waiting));
      let document: T;
      try {
        document = await ask();
      } catch (error) {
        if (last === '' && mine === asked) element.replaceChildren();
        throw error;
      }
      if (mine !== asked) return; // a newer question is under way
      const text = JSON.stringify(document);
      if (text === last) return;
      last = text;
      drawn = document;
      replace(element, ...draw(document));
    },
    tick() {
      if (drawn !== undefined) replace(element, ...draw(drawn));
    },
  };
}

/** What every section asks. */
export const asker =
  (context: Context) =>
  <T>(question: Parameters<Context['transport']['ask']>[1]): Promise<T> =>
    context.transport.ask<T>(context.root(), question);
