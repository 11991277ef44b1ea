// Buttons that change something ask first: what would happen is shown, and only that is done.
import type { Change } from '../../../extension/src/wire.gen';
import { add, h, visible } from './dom';
import { type Action, type Transport, type Wish, words } from './transport';
import { button, code, table } from './ui';
import { changeText, factText, layersText } from './words';

/** A diff with its lines told apart, by a sign as well as by a colour. */
export function diffOf(text: string): HTMLElement {
  const pre = h('pre', { class: 'diff', tabindex: 0, role: 'region', 'aria-label': 'What changes in files' });
  for (const line of text.trimEnd().split('\n')) {
    const kind = /^(---|\+\+\+)/.test(line)
      ? 'file'
      : line[0] === '+'
        ? 'added'
        : line[0] === '-'
          ? 'removed'
          : '';
    pre.append(h('span', { class: kind }, `${line}\n`));
  }
  return pre;
}

export function changesTable(caption: string, changes: Change[]): HTMLElement {
  const columns = [
    { title: 'What', header: true, cell: (c: Change) => factText(c.key) },
    { title: 'Change', class: 'mono', cell: (c: Change) => changeText(c) },
    { title: 'From', class: 'faint', cell: (c: Change) => layersText(c) },
  ];
  // Only variables come from somewhere.
  const shown = changes.some((c) => layersText(c) !== '') ? columns : columns.slice(0, 2);
  return table(caption, shown, changes);
}

function shown(plan: Action): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (plan.note) parts.push(h('p', {}, plan.note));
  if (plan.commands.length > 0) {
    parts.push(
      h('h3', {}, 'What happens'),
      h('ul', {}, ...plan.commands.map((line) => h('li', {}, code(line)))),
    );
  }
  if (plan.diff) parts.push(h('h3', {}, 'What changes in files'), diffOf(plan.diff));
  if (plan.changes.length > 0) {
    parts.push(
      h('h3', {}, 'What is not as it was accepted'),
      changesTable('Changes since the accepted state', plan.changes),
    );
  }
  if (plan.left.length > 0) {
    const items = plan.left.map((one) => h('li', {}, code(one.variable), ` ${one.reason}`));
    parts.push(h('h3', {}, 'What stays as it is'), h('ul', {}, ...items));
  }
  return parts;
}

/** Shows what a wish would do, asks, does it and tells. Returns when all that is over. */
export async function fulfil(
  transport: Transport,
  root: string,
  wish: Wish,
  say: (text: string) => void,
): Promise<void> {
  if (!transport.plan) {
    await transport.carryOut(root, wish, '');
    return;
  }
  const box = h('dialog', { class: 'ask', 'aria-labelledby': 'ask-title' });
  const title = h('h2', { id: 'ask-title', tabindex: -1 }, 'Looking at what that would change …');
  const body = h('div', { class: 'ask-body' });
  const buttons = h('div', { class: 'ask-buttons' });
  const close = button('Cancel', () => box.close(), { key: 'cancel' });
  buttons.append(close);
  box.append(title, body, buttons);
  const over = new Promise<void>((resolve) => box.addEventListener('close', () => resolve()));
  const from = document.activeElement;
  document.body.append(box);
  box.showModal();
  title.focus();
  try {
    const plan = await transport.plan(root, wish);
    title.textContent = visible(plan.title);
    add(body, shown(plan));
    if (plan.hash === '') {
      body.append(h('p', { class: 'refused' }, plan.refused || 'There is nothing to do.'));
      close.textContent = 'Close';
    } else {
      const apply = button('Apply', () => void carryOut(plan, apply), { kind: 'primary', key: 'apply' });
      buttons.append(apply);
    }
    close.focus();
  } catch (error) {
    title.textContent = 'That cannot be done';
    body.append(h('p', { class: 'refused' }, words(error)));
    close.textContent = 'Close';
  }

  async function carryOut(plan: Action, apply: HTMLButtonElement): Promise<void> {
    apply.disabled = true;
    apply.textContent = 'Applying …';
    try {
      const done = await transport.carryOut(root, wish, plan.hash);
      tell(done, plan.title);
    } catch (error) {
      body.append(h('p', { class: 'refused', role: 'alert' }, words(error)));
      apply.remove();
      close.textContent = 'Close';
      close.focus();
    }
  }

  function tell(done: Action | undefined, what: string): void {
    title.textContent = 'Done';
    const lines = [...(done?.done ?? []), ...(done?.notes ?? [])];
    body.replaceChildren(h('p', {}, what));
    if (lines.length > 0) body.append(h('ul', {}, ...lines.map((line) => h('li', {}, line))));
    if (done && done.shell.length > 0) {
      body.append(
        h('p', {}, 'Shells that are open keep what they have until you run this in them:'),
        h('pre', { class: 'diff', tabindex: 0 }, done.shell.join('\n')),
      );
    }
    buttons.replaceChildren();
    if (done && done.journal !== 0 && wish.kind !== 'undo') {
      buttons.append(
        button('Undo', () => {
          box.close();
          void fulfil(transport, root, { kind: 'undo', id: done.journal }, say);
        }),
      );
    }
    const end = button('Close', () => box.close(), { kind: 'primary' });
    buttons.append(end);
    end.focus();
    say(`Done: ${what}`);
  }

  await over;
  box.remove();
  if (from instanceof HTMLElement && from.isConnected) from.focus();
}
