// How healthy a workspace is, what lowers that, and what each fix gains.
import type { Burden, FindingFix, PageNowDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { h } from './dom';
import { button, card, plural } from './ui';

export function health(context: Context, doc: PageNowDocument): HTMLElement {
  const { score } = doc.check;
  const told = doc.check.workspaces[0]?.health;
  const level = score >= 90 ? 'fine' : score >= 60 ? 'middling' : 'poor';
  const meter = h(
    'div',
    { class: `meter ${level}`, 'aria-hidden': 'true' },
    h('div', { css: { width: `${score}%` } }),
  );
  const usual = told?.usual;
  const box = card(
    'Health',
    h(
      'p',
      { class: 'score' },
      h('span', { class: 'number' }, String(score)),
      h('span', { class: 'of' }, ' of 100'),
    ),
    meter,
  );
  if (usual && usual.median >= 0) {
    box.append(
      h(
        'p',
        { class: 'faint' },
        usual.low ? `Low for this workspace: ${usual.median} is usual.` : `${usual.median} is usual here.`,
      ),
    );
  }
  const burdens = told?.burdens.filter((b) => b.points > 0) ?? [];
  if (burdens.length === 0) {
    box.append(
      h(
        'p',
        { class: 'faint' },
        score === 100 ? 'Nothing lowers it.' : 'What lowers it is too small to be counted.',
      ),
    );
    return box;
  }
  box.append(
    h('h3', {}, 'What lowers it'),
    h('ul', { class: 'burdens' }, ...burdens.slice(0, 8).map((b) => burden(context, doc, b))),
  );
  if (burdens.length > 8)
    box.append(h('p', { class: 'faint' }, `and ${plural(burdens.length - 8, 'smaller cause')}`));
  return box;
}

function burden(context: Context, doc: PageNowDocument, b: Burden): HTMLElement {
  const worst = doc.check.findings.find((f) => f.id === b.finding);
  const { fix } = b;
  const gains =
    fix && b.fixPoints ? fixButton(context, fix, `Fix, +${b.fixPoints}`, `burden ${fix.id}`) : null;
  return h(
    'li',
    {},
    h('span', { class: 'points' }, `−${b.points}`),
    h(
      'span',
      { class: 'what' },
      h('span', { class: 'mono' }, b.code),
      worst?.file ? h('span', {}, context.place(worst.file, worst.line)) : null,
      h(
        'span',
        { class: 'faint' },
        [surfaces[b.surface] ?? b.surface, b.findings > 1 ? plural(b.findings, 'finding') : '']
          .filter(Boolean)
          .join(', '),
      ),
      worst ? h('span', { class: 'unseen' }, worst.message) : null,
    ),
    gains,
  );
}

const surfaces: Record<string, string> = {
  build: 'felt in builds',
  test: 'felt in tests',
  develop: 'felt while working',
  lint: 'felt in checks',
  docs: 'felt in documents',
};

export function fixButton(context: Context, fix: FindingFix, text: string, key: string): HTMLElement {
  const label = text === fix.title ? undefined : `${text}: ${fix.title}`;
  return button(text, () => context.wish({ kind: 'fix', fix: fix.id }), {
    key,
    kind: fix.kind === 'accept' ? 'quiet' : fix.preferred ? 'primary' : 'plain',
    title: [fix.title, fix.note].filter(Boolean).join('. '),
    ...(label === undefined ? {} : { label }),
  });
}
