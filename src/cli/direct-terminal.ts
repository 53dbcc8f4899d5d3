import { fstatSync, writeSync } from 'node:fs';
import type { Terminal } from '../reporters/terminal.ts';
import { isColored } from './is-colored.ts';

/** How long to wait before trying a full pipe again. */
const FULL_MS = 2;

/**
 * Standard output or error without Node's streams, which take longer to load than a list to be made. A reader that is
 * slow holds the program up, so this is for commands that have nothing else to do.
 */
export function directTerminal(fd: 1 | 2, env: Readonly<Record<string, string | undefined>>): Terminal {
  // Only a device can be a terminal, and to ask which loads the streams.
  const isTty = fstatSync(fd).isCharacterDevice() && streamOf(fd).isTTY && env['TERM'] !== 'dumb';
  let isClosed = false;
  return {
    write(text) {
      if (!isClosed) isClosed = !writeAll(fd, typeof text === 'string' ? Buffer.from(text) : text);
    },
    columns: () => (isTty && streamOf(fd).columns) || 120,
    isTty,
    color: isColored(isTty, env),
  };
}

function streamOf(fd: 1 | 2): NodeJS.WriteStream {
  return fd === 1 ? process.stdout : process.stderr;
}

/** False when the reader has gone (`galley list | head -1`). */
function writeAll(fd: number, bytes: Uint8Array): boolean {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      // A pipe that another Node shares does not wait by itself.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_MS);
    }
  }
  return true;
}
