import { expect, test } from 'vitest';
import { code, commandLink, plain } from '../src/markdown';
import { planText } from '../src/plan';
import { serverPath } from '../src/server';

test('plain escapes everything that Markdown or an icon could be made of', () => {
  expect(plain('[a](b) $(c) <d> `e` *f* _g_ # h | i')).toBe(
    '\\[a\\]\\(b\\) \\$\\(c\\) \\<d\\> \\`e\\` \\*f\\* \\_g\\_ \\# h \\| i',
  );
});

test('plain keeps line ends as line ends', () => {
  expect(plain('a\nb\r\nc')).toBe('a  \nb  \nc');
});

test('commandLink encodes its arguments, brackets too', () => {
  const link = commandLink('go', 'godrift.openAt', 'file:///a(b)', 3);
  expect(link).toBe('[go](command:godrift.openAt?%5B%22file%3A%2F%2F%2Fa%28b%29%22%2C3%5D)');
  const query = /\?([^)]*)\)$/.exec(link)?.[1] ?? '';
  expect(JSON.parse(decodeURIComponent(query))).toEqual(['file:///a(b)', 3]);
});

test.each([
  ['a', '`a`'],
  ['a`b', '``a`b``'],
  ['`a``b`', '``` `a``b` ```'],
  ['a\nb', '`a b`'],
])('code %s', (text, want) => {
  expect(code(text)).toBe(want);
});

test('planText says note, commands and diff, and cuts a long diff', () => {
  const plan = {
    title: 'Switch',
    note: 'Downloads 70 MB.',
    diff: '-a\n+b\n',
    commands: ['download go1.25.3', 'set X'],
  };
  expect(planText(plan)).toBe('Downloads 70 MB.\n\n• download go1.25.3\n• set X\n\n-a\n+b');
  const long = {
    ...plan,
    note: '',
    commands: [],
    diff: Array.from({ length: 50 }, (_, n) => `+${n}`).join('\n'),
  };
  expect(planText(long)).toMatch(/\+39\n… and 10 more lines$/);
});

test('serverPath', () => {
  expect(serverPath('', '/ext', 'linux')).toBe('/ext/extension/server/godrift');
  expect(serverPath('', 'C:\\ext', 'win32')).toBe('C:\\ext\\extension\\server\\godrift.exe');
  expect(serverPath('/mine', '/ext', 'linux')).toBe('/mine');
});
