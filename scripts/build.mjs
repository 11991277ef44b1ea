// Builds the server and the extension into extension/server and extension/out.
//
//   node scripts/build.mjs [server] [extension]
import fs from 'node:fs';
import path from 'node:path';
import { entryPoints, frame, options } from './page.mjs';
import { ensurePackages, Failure, fail, isMain, root, run, step } from './setup.mjs';

/** The platforms that are published: VS Code's name for each, and Go's. */
export const platforms = [
  { target: 'linux-x64', goos: 'linux', goarch: 'amd64' },
  { target: 'linux-arm64', goos: 'linux', goarch: 'arm64' },
  { target: 'darwin-x64', goos: 'darwin', goarch: 'amd64' },
  { target: 'darwin-arm64', goos: 'darwin', goarch: 'arm64' },
  { target: 'win32-x64', goos: 'windows', goarch: 'amd64' },
  { target: 'win32-arm64', goos: 'windows', goarch: 'arm64' },
];

/** The platform this machine is. */
export function here() {
  const target = `${process.platform}-${process.arch}`;
  const platform = platforms.find((p) => p.target === target);
  if (!platform) throw new Failure(`there is no godrift for ${target}`);
  return platform;
}

export const serverName = (platform) => (platform.goos === 'windows' ? 'godrift.exe' : 'godrift');

/** Builds the server for a platform into the folder dir. */
export async function buildServer(platform, dir) {
  fs.mkdirSync(dir, { recursive: true });
  const out = path.join(dir, serverName(platform));
  // Built beside its place and renamed: the server may be running.
  const partial = `${out}.${process.pid}.new`;
  const env = { ...process.env, CGO_ENABLED: '0', GOOS: platform.goos, GOARCH: platform.goarch };
  try {
    await run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', partial, './server/cmd/godrift'], {
      env,
    });
    fs.renameSync(partial, out);
  } finally {
    fs.rmSync(partial, { force: true });
  }
  return out;
}

/** Bundles the extension into one file, and the page into a script and a style sheet. */
export async function bundle(dir) {
  const esbuild = await import('esbuild');
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  };
  await esbuild.build({
    ...common,
    entryPoints: ['extension/src/main.ts'],
    outfile: path.join(dir, 'main.js'),
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    keepNames: true, // for stacks that can be read
    define: { pageFrame: JSON.stringify(frame()) },
  });
  await esbuild.build({ ...options, entryPoints, outdir: dir });
}

export async function build(parts = ['server', 'extension']) {
  await ensurePackages();
  if (parts.includes('server')) {
    await step('building the server', () => buildServer(here(), path.join(root, 'extension', 'server')));
  }
  if (parts.includes('extension')) {
    await step('building the extension', () => bundle(path.join(root, 'extension', 'out')));
  }
}

if (isMain(import.meta.url)) {
  await build(process.argv.length > 2 ? process.argv.slice(2) : undefined).catch(fail);
}
