import { Lane, type LaneOptions } from './lane-process.ts';
import { type Ended, runAlone } from './run-alone.ts';

export interface FilesOptions extends LaneOptions {
  /** How many processes share the files. */
  readonly lanes: number;
  /** Called for each file as soon as it is known how it went. */
  readonly onEnd: (ended: Ended) => void;
}

/**
 * Runs test files in a few processes that each take one file after the other. A file that goes wrong there in any way
 * is run again by itself, which says whose fault it is: its own, then it fails as it does alone; or that of the company,
 * then it fails with what happened there. A process in which one went wrong takes no further file.
 */
export async function runFiles(files: readonly string[], options: FilesOptions): Promise<readonly Ended[]> {
  const queue = [...files];
  const all: Ended[] = [];
  const end = (one: Ended): void => {
    all.push(one);
    options.onEnd(one);
  };

  async function takeTurns(number: number): Promise<void> {
    while (queue.length > 0) {
      const lane = new Lane(number, options);
      const passed: Ended[] = [];
      let wrong: { readonly file: string; readonly why: string } | undefined;
      while (queue.length > 0 && wrong === undefined) {
        const file = queue.shift() as string;
        const result = await lane.run(file);
        if (typeof result === 'string') wrong = { file, why: result };
        else passed.push(result);
      }
      const left = await lane.end();
      if (wrong !== undefined) {
        const again = await runAlone(wrong.file, options);
        passed.push(again.fail > 0 ? again : beside(again, wrong.why));
      }
      for (const one of wrong !== undefined || left === undefined
        ? passed
        : await whose(passed, left, options)) {
        end(one);
      }
    }
  }

  await Promise.all(Array.from({ length: options.lanes }, (_, number) => takeTurns(number)));
  return all;
}

/** Something of one of the files is still open, or failed afterwards: whose it is, they say by themselves. */
async function whose(files: readonly Ended[], why: string, options: FilesOptions): Promise<readonly Ended[]> {
  const again: Ended[] = [];
  for (const { file } of files) again.push(await runAlone(file, options));
  if (again.some(({ fail }) => fail > 0)) return again;
  return again.map((one, at) => (at === again.length - 1 ? beside(one, why) : one));
}

function beside(ended: Ended, why: string): Ended {
  return { ...ended, fail: 1, how: 'passes alone, but not in one process with others', output: `${why}\n` };
}
