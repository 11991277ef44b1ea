// What the status bar item says. It renders what the server found and decides nothing of its own.
import { code, commandLink, plain } from './markdown';
import type { State } from './session';
import type { Status, StatusFix } from './wire.gen';

export type Tone = 'plain' | 'warning' | 'error';

/** The status bar item as data. */
export interface Item {
  text: string;
  /** What a screen reader says. */
  label: string;
  tooltip: string;
  tone: Tone;
}

/** The commands that the tooltip may run. */
export const tooltipCommands = [
  'godrift.applyFix',
  'godrift.check',
  'godrift.explain',
  'godrift.openAt',
  'godrift.restart',
  'godrift.showOutput',
  'workbench.trust.manage',
];

/** A version as people say it: without the "go". */
export const bare = (version: string): string => version.replace(/^go(?=\d)/, '');

/** Draws the item for the state of the connection and what the server last said. */
export function statusItem(state: State, status: Status | undefined): Item {
  switch (state.kind) {
    case 'failed':
      return {
        text: '$(error) godrift',
        label: 'godrift: the server is not running',
        tooltip: [
          '**The godrift server is not running**',
          plain(state.message),
          links([
            commandLink('Restart', 'godrift.restart'),
            commandLink('Show output', 'godrift.showOutput'),
          ]),
        ].join('\n\n'),
        tone: 'error',
      };
    case 'stopped':
      return { text: 'godrift', label: 'godrift is stopped', tooltip: 'godrift is stopped', tone: 'plain' };
  }
  if (!status) {
    const text = 'godrift is looking at this workspace';
    return { text: '$(sync~spin) Go', label: text, tooltip: `${text}…`, tone: 'plain' };
  }
  const said = headline(status);
  const icon = status.quiescent ? said.icon : '$(sync~spin) ';
  return {
    text: `${icon}${said.text}`,
    label: `${said.text.replace('≠', 'instead of')}: ${status.message}`,
    tooltip: tooltip(status),
    tone: said.tone,
  };
}

interface Headline {
  icon: string;
  text: string;
  tone: Tone;
}

function headline(status: Status): Headline {
  const pinned = bare(status.pinned);
  if (status.how === 'nogo') return { icon: '$(error) ', text: 'no Go', tone: 'error' };
  if (status.selected === '') {
    return { icon: '$(error) ', text: pinned === '' ? 'Go ✗' : `Go ✗ ${pinned}`, tone: 'error' };
  }
  const text = `Go ${bare(status.selected)}`;
  if (status.drift && pinned !== '') {
    // How much a difference counts is the server's to say: a patch may not.
    const quiet = status.health === 'ok';
    return {
      icon: quiet ? '' : '$(warning) ',
      text: `${text} ≠ ${pinned}`,
      tone: quiet ? 'plain' : 'warning',
    };
  }
  if (status.error !== '' || status.drift) return { icon: '$(error) ', text, tone: 'error' };
  if (status.health === 'error') return { icon: '$(error) ', text, tone: 'plain' };
  if (status.health === 'warning') return { icon: '$(warning) ', text, tone: 'plain' };
  return { icon: '', text, tone: 'plain' };
}

function tooltip(status: Status): string {
  const parts = [`**${plain(status.message)}**`];
  if (status.error !== '') parts.push(code(status.error));
  if (status.steps.length > 0) {
    parts.push(status.steps.map((step, n) => `${n + 1}. ${linked(step)}`).join('\n'));
  }
  if (status.pins.length > 0) parts.push(pins(status));
  if (status.score < 100) parts.push(health(status));
  const listed = new Set(status.gains.map((gain) => gain.fix));
  const rest = mainFixes(status).filter((fix) => !listed.has(fix.id));
  const actions = rest.map((fix) =>
    commandLink(placedTitle(fix), 'godrift.applyFix', { folder: status.folder, fix: fix.id }),
  );
  actions.push(commandLink('Why this Go', 'godrift.explain'), commandLink('Check now', 'godrift.check'));
  parts.push(links(actions));
  if (!status.trusted) {
    const trust = commandLink('Manage trust', 'workbench.trust.manage');
    parts.push(`_Restricted Mode: godrift only reads files here._ ${trust}`);
  }
  return parts.join('\n\n');
}

/** The score, and what raises it most. */
function health(status: Status): string {
  const gains = status.gains.map((gain) => {
    const mends = status.fixes.find((fix) => fix.id === gain.fix);
    const link = commandLink(gain.title, 'godrift.applyFix', { folder: status.folder, fix: gain.fix });
    return `- +${gain.points}: ${link}${mends && aboutPin(mends) ? ` in ${plain(mends.where)}` : ''}`;
  });
  return [`Health ${status.score} of 100${plain(status.scoreNote)}.`, '', ...gains].join('\n');
}

/** A fix's title in two parts: what it does, and how. */
export function fixTitle(fix: StatusFix): { label: string; detail: string } {
  const at = fix.title.indexOf(': ');
  if (at < 0) return { label: fix.title, detail: '' };
  return { label: fix.title.slice(0, at), detail: fix.title.slice(at + 2) };
}

/** A fix of a pin says only what it writes there: the menu and the tooltip have to say where. */
const aboutPin = (fix: StatusFix) => fix.where !== '' && fix.code.startsWith('pin-');

function placedTitle(fix: StatusFix): string {
  const { label } = fixTitle(fix);
  return aboutPin(fix) ? `${label} (${fix.where})` : label;
}

/** The fixes for the status bar: those that mend, the wanted ones first, and not many. */
export function mainFixes(status: Status): StatusFix[] {
  const repairs = status.fixes.filter((fix) => fix.kind === 'repair');
  const preferred = repairs.filter((fix) => fix.preferred);
  return (preferred.length > 0 ? preferred : repairs).slice(0, 2);
}

const maxPins = 8;

function pins(status: Status): string {
  const shown = [...status.pins].sort((a, b) => Number(b.agreed) - Number(a.agreed)).slice(0, maxPins);
  const rows = shown.map((pin) => {
    const where = commandLink(`${pin.path}:${pin.line}`, 'godrift.openAt', pin.uri, pin.line);
    return `| ${where} | ${cell(pin.raw)} | ${pin.agreed ? 'agreed' : ''} |`;
  });
  const rest = status.pins.length - shown.length;
  const more = rest > 0 ? `\n\n… and ${rest} more` : '';
  return `| Pin | Go | |\n| :-- | :-- | :-- |\n${rows.join('\n')}${more}`;
}

/** Text in a table cell: a bar or a line end would break the row. */
const cell = (text: string) => plain(text).replace(/\s*\n\s*/g, ' ');

/** A step with the place it names as a link. */
function linked(step: { text: string; uri: string; line: number }): string {
  if (step.uri === '') return plain(step.text);
  const name = shortPlace(step.uri, step.line);
  const link = commandLink(name, 'godrift.openAt', step.uri, step.line);
  const at = step.text.indexOf(name);
  if (at < 0) return `${plain(step.text)} (${link})`;
  return plain(step.text.slice(0, at)) + link + plain(step.text.slice(at + name.length));
}

function shortPlace(uri: string, line: number): string {
  const name = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  return line > 0 ? `${name}:${line}` : name;
}

const links = (all: string[]) => all.join(' &nbsp;·&nbsp; ');
