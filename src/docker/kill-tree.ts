import { KILL_TREE } from '../core/kill-tree.ts';
import type { Engine } from './connect.ts';

const PATIENCE_MS = 20_000;

/** Kills a process of the container with all its children. Gives up quietly when the container does not react. */
export async function killTree(engine: Engine, id: string, pid: number | undefined): Promise<void> {
  if (pid === undefined || pid <= 1) return;
  const exec = await engine.docker.getContainer(id).exec({
    Cmd: ['/bin/sh', '-c', KILL_TREE, 'sh', String(pid)],
    User: '0',
    AttachStdout: true,
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    new Promise<void>((resolve) => {
      for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
      stream.resume();
    }),
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    }),
  ]);
  clearTimeout(timer);
  stream.destroy();
}
