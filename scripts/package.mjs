// Makes the .vsix of each platform, with the server inside, in dist/.
//
//   node scripts/package.mjs [--out DIR] [TARGET ...]      for example: linux-x64 darwin-arm64
//
// The same commit gives the same bytes.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildServer, bundle, platforms } from './build.mjs';
import { ensurePackages, Failure, fail, isMain, root, run, step } from './setup.mjs';

const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The name of a platform's package. */
export const vsixName = (target) => `${manifest.name}-${target}-${manifest.version}.vsix`;

/** The time that stands in the package: that of the commit, so that it does not depend on when it was made. */
async function sourceDate() {
  if (process.env.SOURCE_DATE_EPOCH) return process.env.SOURCE_DATE_EPOCH;
  try {
    return (await run('git', ['log', '-1', '--format=%ct'])).trim();
  } catch {
    return '1700000000'; // an export without its history
  }
}

/** Copies what is shipped into a folder of its own: nothing else of the checkout can get into the package. */
function stage(dir) {
  const { scripts, devDependencies, private: _, ...shipped } = manifest;
  fs.writeFileSync(path.join(dir, 'package.json'), `${JSON.stringify(shipped, null, 2)}\n`);
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE']) {
    if (fs.existsSync(path.join(root, file))) fs.copyFileSync(path.join(root, file), path.join(dir, file));
  }
  // The rules' pages are what the code of a problem links to.
  for (const folder of ['extension/images', 'shared/rules']) {
    fs.cpSync(path.join(root, folder), path.join(dir, folder), { recursive: true });
  }
}

/** Packages the given platforms and returns the files. */
export async function makePackages(targets, out) {
  await ensurePackages();
  fs.mkdirSync(out, { recursive: true });
  const env = { ...process.env, SOURCE_DATE_EPOCH: await sourceDate() };
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const files = [];
  for (const target of targets) {
    const platform = platforms.find((p) => p.target === target);
    if (!platform) {
      throw new Failure(`unknown platform ${target}; there are ${platforms.map((p) => p.target).join(', ')}`);
    }
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'godrift-package-'));
    const file = path.join(out, vsixName(target));
    try {
      await step(`packaging godrift for ${target}`, async () => {
        stage(dir);
        await bundle(path.join(dir, 'extension', 'out'));
        fs.chmodSync(await buildServer(platform, path.join(dir, 'extension', 'server')), 0o755);
        const args = ['package', '--no-dependencies', '--target', target, '--out', file];
        const links = [
          '--allow-missing-repository',
          '--allow-unused-files-pattern',
          '--no-rewrite-relative-links',
          '--skip-license',
        ];
        await run(process.execPath, [vsce, ...args, ...links], { cwd: dir, env });
      });
    } finally {
      fs.rmSync(dir, { recursive: true, force: true });
    }
    files.push(file);
  }
  return files;
}

if (isMain(import.meta.url)) {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
  const targets = positionals.length > 0 ? positionals : platforms.map((p) => p.target);
  try {
    for (const file of await makePackages(targets, path.resolve(values.out ?? path.join(root, 'dist')))) {
      const data = fs.readFileSync(file);
      const sum = createHash('sha256').update(data).digest('hex').slice(0, 16);
      process.stdout.write(
        `${path.relative(root, file)}  ${(data.length / 1e6).toFixed(1)} MB  sha256:${sum}\n`,
      );
    }
  } catch (error) {
    fail(error);
  }
}
