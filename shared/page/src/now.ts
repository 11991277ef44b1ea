// The present: which Go runs and why, how healthy that is, what is wrong and what mends it.
import type { Burden, Finding, FindingFix, How, PageNowDocument } from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { asker, documentSection } from './document-section';
import { type Child, h } from './dom';
import { findingsOf } from './findings';
import type { Section } from './sections';
import { button, card, code, facts, plural, sign, table } from './ui';
import { ago, causeText, clock, environmentText, summary } from './words';

export function now(context: Context): Section {
  const ask = asker(context);
  return documentSection(
    'now',
    () => ask<PageNowDocument>({ ask: 'now' }),
    (doc) => [
      ...notices(doc),
      h(
        'div',
        { class: 'columns' },
        h(
          'div',
          { class: 'main-column' },
          runs(context, doc),
          findings(context, doc),
          variables(context, doc),
        ),
        h('div', { class: 'side-column' }, health(context, doc), recent(context, doc), toolchains(doc)),
      ),
    ],
    'Looking at the workspace …',
  );
}

/** What has to be known before anything else is believed. */
function notices(doc: PageNowDocument): HTMLElement[] {
  const out: HTMLElement[] = [];
  if (doc.failure) {
    out.push(
      h('p', { class: 'notice warning' }, sign('warning'), ` What follows is out of date: ${doc.failure}`),
    );
  }
  if (!doc.trusted) {
    out.push(
      h(
        'p',
        { class: 'notice' },
        sign('info'),
        ' This workspace is not trusted: files are read, and no program is started and nothing is remembered.',
      ),
    );
  }
  return out;
}

function runs(context: Context, doc: PageNowDocument): HTMLElement {
  const { selection, pinned, drift } = doc.check;
  const stops = selection.selected === '';
  const head = h(
    'div',
    { class: 'hero' },
    h('p', { class: 'overline' }, stops ? 'The go command stops' : 'This Go runs'),
    h('p', { class: 'version' }, stops ? 'no Go' : selection.selected),
    h('p', { class: 'agreed' }, ...agreement(context, doc)),
  );
  if (doc.since) {
    const at = Date.parse(doc.since);
    const text = doc.atLeast
      ? `at least since ${clock(at).slice(0, 16)}`
      : `since ${clock(at).slice(0, 16)}, ${ago(at, Date.now())}`;
    head.append(h('p', { class: 'faint' }, text));
  }
  const steps = h(
    'ol',
    { class: 'steps' },
    ...selection.steps.map((step) =>
      h(
        'li',
        {},
        h('span', {}, step.text),
        step.file ? h('span', { class: 'at' }, context.place(step.file, step.line)) : null,
      ),
    ),
  );
  const box = h(
    'section',
    { class: `card selection ${stops ? 'stops' : drift ? 'drifts' : ''}` },
    h('h2', { class: 'unseen' }, 'Which Go runs'),
    head,
  );
  for (const error of [selection.error, selection.loadError]) {
    if (error) box.append(h('pre', { class: 'diff', tabindex: 0 }, error));
  }
  box.append(h('h3', {}, 'Why'), steps);
  box.append(
    facts(
      ['GOROOT', code(selection.goroot || 'not known')],
      ['How', ways[selection.how]],
      ['Agreed', h('span', {}, pinned.reason || 'Nothing in this workspace says which Go to use.')],
    ),
  );
  return box;
}

const ways: Record<How, string> = {
  local: 'the go that PATH finds',
  path: 'another go on PATH',
  modcache: 'a toolchain in the module cache',
  download: 'a toolchain that has to be fetched first',
  error: 'the go command stops',
  nogo: 'there is no go on PATH',
};

function agreement(context: Context, doc: PageNowDocument): Child[] {
  const { pinned, drift } = doc.check;
  if (pinned.version === '') return [sign('hint', true), ' Nothing pins a Go here'];
  const where = pinned.pin ? [' by ', context.place(pinned.pin.file, pinned.pin.line)] : [];
  if (drift) return [sign('warning'), h('strong', {}, ` ${pinned.version} is agreed upon`), ...where];
  return [sign('good'), ` ${pinned.version} is agreed upon`, ...where];
}

function health(context: Context, doc: PageNowDocument): HTMLElement {
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

function findings(context: Context, doc: PageNowDocument): HTMLElement {
  const all: Finding[] = doc.check.findings;
  const box = card(
    all.length === 0
      ? 'Findings'
      : h('span', {}, 'Findings ', h('span', { class: 'count' }, String(all.length))),
  );
  if (doc.undo) {
    box.append(
      h(
        'p',
        { class: 'undo' },
        h('span', { class: 'faint' }, 'Last fix: '),
        doc.undo,
        ' ',
        button('Undo …', () => context.wish({ kind: 'undo', id: 0 }), {
          key: 'undo',
          kind: 'quiet',
          label: `Undo: ${doc.undo}`,
        }),
      ),
    );
  }
  if (all.length === 0) {
    box.append(h('p', { class: 'fine' }, sign('good', true), ' Nothing is wrong here.'));
    if (doc.busy)
      box.append(h('p', { class: 'faint' }, 'The tools and the module graph are still being read.'));
    return box;
  }
  box.append(findingsOf(context, doc.root, all));
  return box;
}

function recent(context: Context, doc: PageNowDocument): HTMLElement {
  const box = card('Lately');
  if (doc.recent.length === 0) {
    box.append(
      h(
        'p',
        { class: 'faint' },
        doc.trusted
          ? 'The first state is written down a moment after the first look.'
          : 'Nothing is remembered of a folder that is not trusted.',
      ),
    );
    return box;
  }
  const at = Date.now();
  box.append(
    h(
      'ul',
      { class: 'recent' },
      ...doc.recent.map((moment) =>
        h(
          'li',
          {},
          h('span', { class: 'clip' }, summary(moment)),
          h(
            'span',
            { class: 'faint' },
            `${ago(Date.parse(moment.time), at)} · ${causeText(moment)} · ${environmentText(moment.of)}`,
          ),
        ),
      ),
    ),
    button('Whole timeline', () => context.goTo('timeline'), { kind: 'quiet', key: 'whole timeline' }),
  );
  return box;
}

function variables(context: Context, doc: PageNowDocument): HTMLElement {
  return card(
    'Variables',
    table(
      `Variables in the environment of ${environmentText(doc.of)}`,
      [
        { title: 'Name', header: true, class: 'mono', cell: (v) => v.name },
        {
          title: 'Value',
          class: 'mono value',
          cell: (v) => v.value || h('span', { class: 'faint' }, 'empty'),
        },
        {
          title: 'From',
          cell: (v) =>
            v.file
              ? context.place(v.file, v.line)
              : h('span', { class: 'faint' }, layers[v.layer] ?? v.layer),
        },
      ],
      doc.variables,
    ),
  );
}

const layers: Record<string, string> = {
  process: 'environment',
  goenv: 'go env -w',
  'go.env': 'go.env',
  default: 'default',
};

function toolchains(doc: PageNowDocument): HTMLElement {
  const box = card('Gos within reach');
  if (doc.toolchains.length === 0) {
    box.append(h('p', { class: 'faint' }, 'There is none on PATH, in ~/sdk or in the module cache.'));
    return box;
  }
  box.append(
    table(
      'Gos within reach, those on PATH first',
      [
        { title: 'Version', header: true, class: 'mono', cell: (g) => g.version || 'not known' },
        { title: 'Where', class: 'mono value', cell: (g) => g.goroot || g.path },
        { title: 'Origin', cell: (g) => g.origin ?? '' },
      ],
      doc.toolchains,
    ),
  );
  return box;
}
