/**
 * `sh -c KILL_TREE sh PID`: ends the process, everything below it and everything in its session: SIGTERM, then SIGKILL
 * after at most a second; returns when all have ended, or five seconds later. Reads /proc/PID/stat (pid (comm) state ppid pgrp session …, proc(5)); runc and sshd make each
 * command the leader of a session, or put it into one of its own.
 */
export const KILL_TREE = `
root=$1 tree=" $1 " grown=1 session=$1 above=$1
# The leader is the login shell or a sudo just above; one further away serves others too.
for step in 1 2 3; do
  { read -r line < "/proc/$above/stat"; } 2>/dev/null || break
  set -- \${line##*) }
  [ "$4" = "$above" ] && { session=$above; break; }
  above=$2
  [ "$above" -gt 1 ] || break
done
while [ "$grown" = 1 ]; do
  grown=0
  for stat in /proc/[0-9]*/stat; do
    { read -r line < "$stat"; } 2>/dev/null || continue
    pid=\${line%% *}
    set -- \${line##*) }
    case $tree in *" $pid "*) continue;; esac
    case $tree in
      *" $2 "*) tree="$tree$pid " grown=1;;
      *) [ "$4" = "$session" ] && tree="$tree$pid " grown=1;;
    esac
  done
done
alive() {
  for p in $tree; do
    { read -r line < "/proc/$p/stat"; } 2>/dev/null || continue
    # One that has ended and that nobody has waited for is not alive.
    case \${line##*) } in [ZX]*) ;; *) return 0;; esac
  done
  return 1
}
kill -TERM $tree 2>/dev/null
n=0
while [ $n -lt 10 ]; do
  alive || exit 0
  sleep 0.1
  n=$((n + 1))
done
kill -KILL $tree 2>/dev/null
# On a busy machine it takes a while to die.
n=0
while [ $n -lt 50 ] && alive; do
  sleep 0.1
  n=$((n + 1))
done
exit 0
`;
