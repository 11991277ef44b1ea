import { describe, expect, test } from 'vitest';
import { change, editorEnvironment, type GoSettings, substitute, type Written } from '../src/environment';

const noSettings: GoSettings = { toolsEnvVars: {}, goroot: '', alternateGo: '' };
const none: Written = { values: {}, owned: [] };

describe('substitute', () => {
  test.each([
    ['${workspaceFolder}/bin/go', '/ws/bin/go'],
    ['${workspaceRoot}', '/ws'],
    ['${env:TOOLS}/go', '/opt/go'],
    ['${env:MISSING}/go', '/go'],
    ['~/sdk/go', '/home/p/sdk/go'],
    ['~other', '~other'],
    ['${unknown}', '${unknown}'],
    // What is put in is not looked at again.
    ['${env:NESTED}', '${workspaceFolder}'],
  ])('%s', (text, want) => {
    const environ = { TOOLS: '/opt', HOME: '/home/p', NESTED: '${workspaceFolder}' };
    expect(substitute(text, '/ws', environ)).toBe(want);
  });
});

describe('editorEnvironment', () => {
  const environ = { PATH: '/usr/bin', GOTOOLCHAIN: 'local', GONE: undefined };

  test('without settings it is the process environment', () => {
    expect(editorEnvironment(environ, noSettings, {}, '/ws', ':')).toEqual({
      PATH: '/usr/bin',
      GOTOOLCHAIN: 'local',
    });
  });

  test('toolsEnvVars win over the process, what godrift keeps wins over both', () => {
    const settings = { ...noSettings, toolsEnvVars: { GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=mod' } };
    expect(editorEnvironment(environ, settings, { GOFLAGS: '' }, '/ws', ':')).toEqual({
      PATH: '/usr/bin',
      GOTOOLCHAIN: 'auto',
      GOFLAGS: '',
    });
  });

  test('go.goroot sets GOROOT and comes first on PATH', () => {
    const out = editorEnvironment(
      environ,
      { ...noSettings, goroot: '${workspaceFolder}/go' },
      {},
      '/ws',
      ':',
    );
    expect(out).toMatchObject({ GOROOT: '/ws/go', PATH: '/ws/go/bin:/usr/bin' });
  });

  test('alternateTools.go comes before go.goroot on PATH', () => {
    const settings = { ...noSettings, goroot: '/a', alternateGo: '/b/bin/go' };
    expect(editorEnvironment(environ, settings, {}, '/ws', ':')).toMatchObject({
      GOROOT: '/a',
      PATH: '/b/bin:/usr/bin',
    });
  });

  test('a bare name among the alternate tools changes no PATH', () => {
    const out = editorEnvironment(environ, { ...noSettings, alternateGo: 'go1.25' }, {}, '/ws', ':');
    expect(out.PATH).toBe('/usr/bin');
  });

  test("Windows' Path keeps its name", () => {
    const out = editorEnvironment(
      { Path: 'C:\\x' },
      { ...noSettings, alternateGo: 'C:\\go\\bin\\go.exe' },
      {},
      '',
      ';',
    );
    expect(out).toEqual({ Path: 'C:\\go\\bin;C:\\x' });
  });
});

describe('change', () => {
  test('sets a variable and tells that it had no value', () => {
    const made = change(none, {}, { GOTOOLCHAIN: 'go1.25.3' }, []);
    expect(made).toEqual({
      after: { values: { GOTOOLCHAIN: 'go1.25.3' }, owned: ['GOTOOLCHAIN'] },
      previous: { GOTOOLCHAIN: null },
      terminal: { GOTOOLCHAIN: 'go1.25.3' },
    });
  });

  test.each([
    ['nothing set it', {}],
    ['the process sets it', { GOTOOLCHAIN: 'local' }],
  ])('setting and taking back leaves no trace where %s', (_, environ) => {
    const made = change(none, environ, { GOTOOLCHAIN: 'go1.25.3' }, []);
    const back = change(made.after, environ, {}, ['GOTOOLCHAIN']);
    expect(back.after).toEqual(none);
    expect(back.terminal).toEqual({ GOTOOLCHAIN: null });
  });

  test("a person's own entry is put back, and stays theirs", () => {
    const mine: Written = { values: { GOTOOLCHAIN: 'local', GOFLAGS: '-v' }, owned: [] };
    const made = change(mine, {}, { GOTOOLCHAIN: 'go1.25.3' }, []);
    expect(made.previous).toEqual({ GOTOOLCHAIN: 'local' });
    const back = change(made.after, {}, { GOTOOLCHAIN: 'local' }, []);
    expect(back.after).toEqual(mine);
  });

  test('unsetting what the process sets writes an empty value over it, and back again', () => {
    const environ = { GOROOT: '/old' };
    const made = change(none, environ, {}, ['GOROOT']);
    expect(made.after.values).toEqual({ GOROOT: '' });
    expect(made.terminal).toEqual({ GOROOT: '' });
    expect(made.previous).toEqual({ GOROOT: null });
    expect(change(made.after, environ, {}, ['GOROOT']).after).toEqual(none);
  });

  test('unsetting what nobody set changes nothing', () => {
    expect(change(none, {}, {}, ['GOROOT'])).toEqual({
      after: none,
      previous: { GOROOT: null },
      terminal: { GOROOT: null },
    });
  });

  test('does not change what it was given', () => {
    const before: Written = { values: { A: '1' }, owned: ['A'] };
    change(before, {}, { B: '2' }, ['A']);
    expect(before).toEqual({ values: { A: '1' }, owned: ['A'] });
  });
});
