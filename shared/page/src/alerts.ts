// What the monitor alerts about: what stands, what waits to be sent, what could not be sent, and what is kept quiet.
import type {
  AlertLetter,
  AlertSilence,
  AlertStanding,
  AlertsDocument,
} from '../../../extension/src/wire.gen';
import type { Context } from './app';
import { documentSection } from './document-section';
import { h } from './dom';
import type { Section } from './sections';
import { card, code, empty, sign, table } from './ui';
import { ago, clock } from './words';

export function alerts(context: Context): Section {
  return documentSection(
    'alerts',
    async () => (await context.transport.alerts?.()) as AlertsDocument,
    (doc) => [
      firing(doc.firing ?? []),
      channels(doc),
      letters('Waiting to be sent', doc.queued ?? []),
      letters('Given up', doc.dead ?? []),
      silences(doc.silences ?? []),
    ],
  );
}

function firing(all: AlertStanding[]): HTMLElement {
  if (all.length === 0) {
    return card('Firing', h('p', { class: 'fine' }, sign('good', true), ' Nothing is firing.'));
  }
  return card(
    h('span', {}, 'Firing ', h('span', { class: 'count' }, String(all.length))),
    h(
      'ul',
      { class: 'findings' },
      ...all.map((one) =>
        h(
          'li',
          { class: `finding ${one.level}` },
          sign(one.level),
          h(
            'div',
            {},
            h('p', { class: 'message' }, one.message),
            h(
              'p',
              { class: 'where' },
              h('span', { class: 'mono code-name' }, one.rule),
              h('span', {}, one.workspace),
              h(
                'span',
                { class: 'faint' },
                `since ${clock(Date.parse(one.since)).slice(0, 16)}, ${ago(Date.parse(one.since), Date.now())}`,
              ),
              h('span', { class: 'faint' }, one.silenced ? 'silenced' : told(one.told ?? [])),
            ),
          ),
        ),
      ),
    ),
  );
}

const told = (channels: string[]): string =>
  channels.length > 0 ? `told ${channels.join(', ')}` : 'nobody was told';

function channels(doc: AlertsDocument): HTMLElement {
  const all = doc.channels ?? [];
  if (all.length === 0) {
    return empty(
      'Nobody is told of alerts: no channel is set.',
      h('p', {}, 'Name one in your own config.toml, for example:'),
      h(
        'pre',
        { class: 'diff', tabindex: 0 },
        '[[alert.channel]]\nname = "log"\nkind = "log"\nfile = "~/godrift-alerts.jsonl"',
      ),
      h('p', {}, 'Then ', code('godrift monitor test-alert'), ' tries it.'),
    );
  }
  return card(
    'Channels',
    table(
      'Channels in the last week',
      [
        { title: 'Channel', header: true, cell: (c) => c.name },
        { title: 'Kind', class: 'faint', cell: (c) => c.kind },
        { title: 'Sent', class: 'number', cell: (c) => c.sent },
        { title: 'Waiting', class: 'number', cell: (c) => c.queued },
        { title: 'Given up', class: 'number', cell: (c) => c.dead },
      ],
      all,
    ),
  );
}

function letters(title: string, all: AlertLetter[]): HTMLElement {
  if (all.length === 0) return h('div', {});
  return card(
    h('span', {}, `${title} `, h('span', { class: 'count' }, String(all.length))),
    table(
      title,
      [
        {
          title: 'Written',
          header: true,
          class: 'number nowrap',
          cell: (l) => clock(Date.parse(l.created)).slice(0, 16),
        },
        { title: 'Channel', cell: (l) => l.channel },
        { title: 'What', cell: (l) => l.title },
        { title: 'Tried', class: 'number', cell: (l) => l.attempts },
        {
          title: 'Next',
          class: 'number nowrap',
          cell: (l) => (l.next ? clock(Date.parse(l.next)).slice(11) : ''),
        },
        { title: 'Because', class: 'faint', cell: (l) => l.error ?? '' },
      ],
      all,
    ),
  );
}

function silences(all: AlertSilence[]): HTMLElement {
  if (all.length === 0) return h('div', {});
  return card(
    'Silences',
    h(
      'ul',
      { class: 'plain' },
      ...all.map((one) =>
        h(
          'li',
          {},
          h('span', { class: 'mono' }, (one.rules ?? []).join(', ') || 'every rule'),
          ` in ${(one.workspaces ?? []).join(', ') || 'every workspace'}, `,
          h(
            'span',
            { class: 'faint' },
            one.until
              ? `until ${clock(Date.parse(one.until)).slice(0, 16)}`
              : 'as long as it stands in config.toml',
          ),
          one.reason ? ` — ${one.reason}` : '',
        ),
      ),
    ),
  );
}
