// The present: which Go runs and why, how healthy that is, what is wrong and what mends it.
import type { Finding, How, PageNowDocument, PageVariable } from '../../../extension/src/wire.gen';
import { accepted } from './accepted';
import type { Context } from './app';
import { asker, documentSection } from './document-section';
import { type Child, h } from './dom';
import { findingsOf } from './findings';
import { health } from './health';
import type { Section } from './sections';
import { button, card, code, facts, sign, table } from './ui';
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
        h(
          'div',
          { class: 'side-column' },
          health(context, doc),
          accepted(context, doc),
          recent(context, doc),
          toolchains(doc),
        ),
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
  const { selection, pinned, drift } = doc.check;
  if (pinned.version === '') return [sign('hint', true), ' Nothing pins a Go here'];
  const where = pinned.pin ? [' by ', context.place(pinned.pin.file, pinned.pin.line)] : [];
  if (drift) return [sign('warning'), h('strong', {}, ` ${pinned.version} is agreed upon`), ...where];
  return [
    sign(agrees(selection.selected, pinned.version) ? 'good' : 'info'),
    ` ${pinned.version} is agreed upon`,
    ...where,
  ];
}

/** Whether the Go that runs is the agreed one; "go1.26" is agreed upon for all of that line. */
export const agrees = (runs: string, agreed: string): boolean =>
  runs === agreed || runs.startsWith(`${agreed}.`) || runs.startsWith(`${agreed}-`);

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
              : h('span', { class: 'faint' }, givenRoot(doc, v) ? 'go itself' : (layers[v.layer] ?? v.layer)),
        },
      ],
      doc.variables,
    ),
  );
}

/** A go command that switches gives its own GOROOT to the Go that it switches to: nobody has set it. */
const givenRoot = (doc: PageNowDocument, v: PageVariable): boolean =>
  v.name === 'GOROOT' && v.layer === 'process' && ['modcache', 'path'].includes(doc.check.selection.how);

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
