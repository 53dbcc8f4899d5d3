import type { Engine } from './connect.ts';

/**
 * Ends everything in the session of `$1` and below it: SIGTERM, then SIGKILL after at most a second. Reads
 * /proc/PID/stat (pid (comm) state ppid pgrp session …, proc(5)); runc makes each exec a session leader.
 */
const SCRIPT = `
root=$1 tree=" $1 " grown=1
while [ "$grown" = 1 ]; do
  grown=0
  for stat in /proc/[0-9]*/stat; do
    { read -r line < "$stat"; } 2>/dev/null || continue
    pid=\${line%% *}
    set -- \${line##*) }
    case $tree in *" $pid "*) continue;; esac
    case $tree in
      *" $2 "*) tree="$tree$pid " grown=1;;
      *) [ "$4" = "$root" ] && tree="$tree$pid " grown=1;;
    esac
  done
done
alive() { for p in $tree; do kill -0 $p 2>/dev/null && return 0; done; return 1; }
kill -TERM $tree 2>/dev/null
n=0
while [ $n -lt 10 ]; do
  alive || exit 0
  sleep 0.1
  n=$((n + 1))
done
kill -KILL $tree 2>/dev/null
exit 0
`;

const PATIENCE_MS = 5000;

/** Kills a process of the container with all its children. Gives up quietly when the container does not react. */
export async function killTree(engine: Engine, id: string, pid: number | undefined): Promise<void> {
  if (pid === undefined || pid <= 1) return;
  const exec = await engine.docker.getContainer(id).exec({
    Cmd: ['/bin/sh', '-c', SCRIPT, 'sh', String(pid)],
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
