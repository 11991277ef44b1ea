// A small workspace whose Go has drifted from the machine's, to try godrift on.
import fs from 'node:fs';
import path from 'node:path';

/**
 * Writes the example into a folder.
 *
 * running is the Go on this machine, such as go1.26.8. The example agrees on a release of the minor before it, one
 * that exists as a toolchain, so that "switch to the pinned toolchain" has something to do.
 */
export function writeExample(dir, running) {
  const minor = Number(/^go1\.(\d+)/.exec(running)?.[1] ?? 26);
  const agreed = `1.${minor - 1}.3`;
  const files = {
    '.go-version': `${agreed}\n`,
    'go.mod': `module example.com/shop\n\ngo 1.${minor - 1}.0\n`,
    'main.go':
      'package main\n\nimport (\n\t"fmt"\n\t"runtime"\n)\n\nfunc main() {\n\tfmt.Println("built with", runtime.Version())\n}\n',
    'api/go.mod': `module example.com/shop/api\n\ngo 1.${minor - 1}.2\n\ntoolchain go1.${minor - 1}.1\n`,
    'api/api.go': 'package api\n',
    'README.md': [
      '# A workspace that has drifted',
      '',
      `\`.go-version\` says that people here develop with Go ${agreed}; this machine runs ${running.replace(/^go/, '')}.`,
      'Look at the status bar, at the squiggle in `.go-version`, and at "Why this Go" in the explorer.',
      '`api/go.mod` has a `toolchain` line that does nothing.',
      '',
    ].join('\n'),
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(dir, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}
