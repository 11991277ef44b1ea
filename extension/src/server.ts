import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogOutputChannel } from 'vscode';

/** The server could not be started; the message says why and what to do. */
export class StartError extends Error {}

/** Where the server is: the setting, or the one that came with the extension. */
export function serverPath(setting: string, extensionPath: string, platform: NodeJS.Platform): string {
  if (setting !== '') return setting;
  const name = platform === 'win32' ? 'godrift.exe' : 'godrift';
  return [extensionPath, 'extension', 'server', name].join(platform === 'win32' ? '\\' : '/');
}

/** A server that was started, and the last line it wrote to its log. */
export interface Server {
  process: ChildProcess;
  lastWords: string;
}

/** Starts the server. Its working folder is the extension's own: nothing of the workspace can get in its way. */
export async function startServer(
  file: string,
  fromSetting: boolean,
  cwd: string,
  output: LogOutputChannel,
): Promise<Server> {
  const named = fromSetting ? 'the setting godrift.server.path names' : 'the extension should contain';
  const mend = fromSetting
    ? 'Correct the setting or clear it.'
    : 'Install the extension for this platform again.';
  if (!isAbsolute(file)) {
    throw new StartError(`The setting godrift.server.path must be an absolute path, not ${file}.`);
  }
  try {
    await access(file, constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const what = code === 'ENOENT' ? 'does not exist' : 'cannot be run';
    throw new StartError(`${file}, which ${named}, ${what}. ${mend}`);
  }
  output.info(`Starting ${file} lsp`);
  const child = spawn(file, ['lsp', '--stdio'], { cwd, stdio: 'pipe', windowsHide: true });
  const server: Server = { process: child, lastWords: '' };
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() !== '') server.lastWords = line.trim();
    output.appendLine(line);
  });
  return new Promise((resolve, reject) => {
    child.once('spawn', () => {
      output.info(`The server runs as process ${child.pid}.`);
      resolve(server);
    });
    child.once('error', (error) => {
      reject(new StartError(`${file}, which ${named}, cannot be run: ${error.message}. ${mend}`));
    });
    child.once('exit', (code, signal) => {
      output.info(`The server ended with ${signal ?? `code ${code}`}.`);
    });
  });
}
