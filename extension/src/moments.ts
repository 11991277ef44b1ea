// Moments of the history in words, and where the files stand that they are about.
import { isAbsolute, join } from 'node:path';
import { pinKey } from '../../shared/page/src/words';
import type { Change } from './wire.gen';

export * from '../../shared/page/src/words';

/** The file that a change came from or went to, if it is known. */
export function changeFile(change: Change, root: string): string | undefined {
  const pin = pinKey(change.key);
  if (pin) return isAbsolute(pin.file) ? pin.file : join(root, pin.file);
  for (const layer of [change.newLayer, change.oldLayer]) {
    const at = layer.indexOf(' ');
    const file = layer.slice(at + 1);
    if (at > 0 && isAbsolute(file)) return file;
  }
  return undefined;
}
