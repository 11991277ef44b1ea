import type { Terminal } from 'vscode';
import type { EnvironmentParams } from './wire.gen';

/**
 * What the server is told of a terminal that is open, or was; undefined if it is no shell of this machine.
 *
 * It is the number of the shell's process and no variable. What the editor itself reports of a shell's variables
 * (shellIntegration.env, not for every extension) are five names, PATH and HOME among them and none of Go's. So the
 * server learns them from the hook in the shell's prompt.
 */
export async function terminalEnvironment(
  terminal: Terminal,
  closed: boolean,
): Promise<EnvironmentParams | undefined> {
  const process = await terminal.processId;
  if (process === undefined) return undefined;
  const open = !closed && terminal.exitStatus === undefined;
  return { name: `terminal:${process}`, folder: '', ...(open ? { process } : {}) };
}
