import { describe, expect, test } from 'vitest';
import type { State } from '../src/session';
import { bare, fixTitle, mainFixes, statusItem, tooltipCommands } from '../src/status';
import type { Status, StatusFix } from '../src/wire.gen';

const running: State = { kind: 'running' };

const ok: Status = {
  folder: 'file:///ws',
  health: 'ok',
  quiescent: true,
  message: 'Go 1.26.8 runs here.',
  selected: 'go1.26.8',
  how: 'local',
  error: '',
  pinned: '',
  pinnedReason: '',
  drift: false,
  score: 100,
  scoreNote: '',
  gains: [],
  counts: { error: 0, warning: 0, info: 0, hint: 0 },
  trusted: true,
  steps: [],
  pins: [],
  fixes: [],
};

const fix = (id: string, more: Partial<StatusFix> = {}): StatusFix => ({
  id,
  title: `Fix ${id}`,
  where: '',
  kind: 'repair',
  note: '',
  code: 'toolchain-drift',
  preferred: false,
  ...more,
});

describe('text', () => {
  test.each<[string, Partial<Status>, string, string]>([
    ['ok', {}, 'Go 1.26.8', 'plain'],
    [
      'drift',
      { drift: true, pinned: 'go1.25.3', health: 'warning' },
      '$(warning) Go 1.26.8 ≠ 1.25.3',
      'warning',
    ],
    [
      'a line is pinned',
      { drift: true, pinned: 'go1.25', health: 'warning' },
      '$(warning) Go 1.26.8 ≠ 1.25',
      'warning',
    ],
    ['only a patch apart', { drift: true, pinned: 'go1.26.6' }, 'Go 1.26.8 ≠ 1.26.6', 'plain'],
    [
      'the go command stops',
      { selected: '', how: 'error', pinned: 'go1.25.3' },
      '$(error) Go ✗ 1.25.3',
      'error',
    ],
    ['it stops, nothing pinned', { selected: '', how: 'error' }, '$(error) Go ✗', 'error'],
    ['no go', { selected: '', how: 'nogo' }, '$(error) no Go', 'error'],
    ['builds stop', { error: 'go: go.mod requires go >= 1.27' }, '$(error) Go 1.26.8', 'error'],
    ['other errors', { health: 'error' }, '$(error) Go 1.26.8', 'plain'],
    ['other warnings', { health: 'warning' }, '$(warning) Go 1.26.8', 'plain'],
    ['at work', { quiescent: false }, '$(sync~spin) Go 1.26.8', 'plain'],
    [
      'at work on drift',
      { quiescent: false, drift: true, pinned: 'go1.25.3', health: 'warning' },
      '$(sync~spin) Go 1.26.8 ≠ 1.25.3',
      'warning',
    ],
  ])('%s', (_, changes, text, tone) => {
    const item = statusItem(running, { ...ok, ...changes });
    expect(item.text).toBe(text);
    expect(item.tone).toBe(tone);
  });

  test('before the first answer', () => {
    expect(statusItem({ kind: 'starting' }, undefined).text).toBe('$(sync~spin) Go');
    expect(statusItem(running, undefined).text).toBe('$(sync~spin) Go');
  });

  test('the server cannot start', () => {
    const item = statusItem({ kind: 'failed', message: '/x/godrift does not exist.' }, ok);
    expect(item.text).toBe('$(error) godrift');
    expect(item.tone).toBe('error');
    expect(item.tooltip).toContain('/x/godrift does not exist\\.');
    expect(item.tooltip).toContain('command:godrift.restart');
  });

  test('a screen reader says it in words', () => {
    const item = statusItem(running, { ...ok, drift: true, pinned: 'go1.25.3', message: 'They differ.' });
    expect(item.label).toBe('Go 1.26.8 instead of 1.25.3: They differ.');
  });
});

describe('tooltip', () => {
  const drift: Status = {
    ...ok,
    drift: true,
    pinned: 'go1.25.3',
    message: 'Go 1.26.8 runs here, 1.25.3 is agreed.',
    steps: [
      { text: '.go-version:1 asks for 1.25.3', uri: 'file:///ws/a%20b/.go-version', line: 1 },
      { text: 'GOTOOLCHAIN is local', uri: '', line: 0 },
    ],
    pins: [
      {
        source: 'go.mod:go',
        raw: '1.25.0',
        uri: 'file:///ws/go.mod',
        line: 3,
        path: 'go.mod',
        agreed: false,
      },
      {
        source: '.go-version',
        raw: '1.25.3',
        uri: 'file:///ws/.go-version',
        line: 1,
        path: '.go-version',
        agreed: true,
      },
    ],
    fixes: [fix('a', { preferred: true }), fix('b'), fix('c', { kind: 'accept' })],
  };

  test('reason, pins and actions', () => {
    expect(statusItem(running, drift).tooltip).toMatchSnapshot();
  });

  test('runs no command that it may not', () => {
    const { tooltip } = statusItem(running, drift);
    const used = [...tooltip.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1]);
    expect(used.length).toBeGreaterThan(3);
    for (const command of used) expect(tooltipCommands).toContain(command);
  });

  test('text of the workspace cannot become a link, an icon or a row', () => {
    const evil = '[x](command:godrift.applyFix) $(bug) <b> | `y`\n# head';
    const item = statusItem(running, {
      ...drift,
      message: evil,
      error: evil,
      steps: [{ text: evil, uri: '', line: 0 }],
      pins: [{ source: evil, raw: evil, uri: 'file:///x', line: 1, path: evil, agreed: true }],
    });
    const outsideCode = item.tooltip.replace(/(`+)[^`][\s\S]*?[^`]\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/(?<!\\)\]\((?:command:godrift\.applyFix\))/);
    expect(outsideCode).not.toMatch(/(?<!\\)\$\(bug/);
    expect(outsideCode).not.toMatch(/^# head/m);
  });

  test('Restricted Mode is named', () => {
    expect(statusItem(running, { ...ok, trusted: false }).tooltip).toContain('Restricted Mode');
  });

  test('many pins are cut', () => {
    const pin = {
      source: 'go.mod:go',
      raw: '1.25.0',
      uri: 'file:///ws/go.mod',
      line: 3,
      path: 'go.mod',
      agreed: false,
    };
    const item = statusItem(running, { ...ok, pins: Array.from({ length: 20 }, () => pin) });
    expect(item.tooltip).toContain('… and 12 more');
  });
});

test('mainFixes prefers what a person most likely wants', () => {
  const only = { ...ok, fixes: [fix('a', { kind: 'accept' }), fix('b'), fix('c', { preferred: true })] };
  expect(mainFixes(only).map((f) => f.id)).toEqual(['c']);
  expect(mainFixes({ ...ok, fixes: [fix('a'), fix('b'), fix('c')] }).map((f) => f.id)).toEqual(['a', 'b']);
});

test('fixTitle parts what a fix does from how', () => {
  expect(fixTitle(fix('a', { title: 'Switch to go1.25.3: GOTOOLCHAIN=go1.25.3: so' }))).toEqual({
    label: 'Switch to go1.25.3',
    detail: 'GOTOOLCHAIN=go1.25.3: so',
  });
  expect(fixTitle(fix('a', { title: 'Switch' }))).toEqual({ label: 'Switch', detail: '' });
});

test('bare', () => {
  expect(bare('go1.25.3')).toBe('1.25.3');
  expect(bare('devel go1.27')).toBe('devel go1.27');
  expect(bare('gopher')).toBe('gopher');
});

describe('health', () => {
  test('a perfect folder says nothing of it', () => {
    expect(statusItem(running, ok).tooltip).not.toContain('Health');
  });
  test('the score, what is usual, and what raises it', () => {
    const { tooltip } = statusItem(running, {
      ...ok,
      score: 62,
      scoreNote: ', which is low for this workspace: 95 is usual',
      gains: [{ points: 26, fix: 'f-1', title: 'Unset GOTOOLCHAIN' }],
      fixes: [fix('f-1', { title: 'Unset GOTOOLCHAIN', preferred: true })],
    });
    expect(tooltip).toContain('Health 62 of 100, which is low for this workspace\\: 95 is usual.');
    expect(tooltip).toContain('- +26: [Unset GOTOOLCHAIN](command:godrift.applyFix?');
    expect(tooltip.split('Unset GOTOOLCHAIN').length, 'it is offered once').toBe(2);
  });

  test('what is done about a pin says where', () => {
    const raise = fix('f-1', { title: 'Raise it to 1.25.3', code: 'pin-below-floor', where: 'Dockerfile:1' });
    const { tooltip } = statusItem(running, {
      ...ok,
      score: 62,
      gains: [{ points: 26, fix: 'f-1', title: raise.title }],
      fixes: [raise],
    });
    expect(tooltip).toMatch(/- \+26: \[Raise it to 1\\\.25\\\.3\]\(command:\S+\) in Dockerfile\\:1\n/);
    expect(tooltip.split('Raise it to').length, 'it is offered once').toBe(2);
  });
});
