/** Ends the line of a machine's hosts file that is ours. */
export const HOSTS_MARK = '# services that galley leads here';

/**
 * `sh -c SCRIPT sh LINE [PORT=HOST:PORT …]`: LINE becomes the only one with the mark in /etc/hosts (in a container the file
 * can be written, not replaced). Each port of the machine's loopback then leads to an address, by systemd's own relay,
 * also after a restart. Does nothing when all is so already. Exit 69: there is no such relay.
 */
export const LEAD_SCRIPT = `if ! grep -qxF "$1" /etc/hosts; then
  rest=$(grep -v '${HOSTS_MARK}$' /etc/hosts)
  printf '%s\\n%s\\n' "$rest" "$1" > /etc/hosts || exit 1
fi
shift
[ $# -gt 0 ] || exit 0
for folder in /usr/lib/systemd /lib/systemd; do
  if [ -x $folder/systemd-socket-proxyd ]; then relay=$folder/systemd-socket-proxyd; break; fi
done
if [ -z "\${relay:-}" ] || [ ! -d /run/systemd/system ]; then echo 'no systemd-socket-proxyd' >&2; exit 69; fi
# SELinux, where it is enforced, lets the relay out only with this; until the next restart.
[ ! -e /sys/fs/selinux/enforce ] || setsebool systemd_socket_proxyd_connect_any 1 2>/dev/null
put() { [ "$(cat "$1" 2>/dev/null)" = "$2" ] && return; printf '%s\\n' "$2" > "$1" || exit 1; changed=1; }
for one in "$@"; do
  port=\${one%%=*} unit=galley-service-\${one%%=*} changed=
  put "/etc/systemd/system/$unit.socket" "[Unit]
Description=Port $port leads to a service beside the kitchen
[Socket]
ListenStream=127.0.0.1:$port
[Install]
WantedBy=sockets.target"
  put "/etc/systemd/system/$unit.service" "[Unit]
Description=Relay from port $port to a service beside the kitchen
[Service]
ExecStart=$relay \${one#*=}"
  if [ -n "$changed" ]; then
    systemctl daemon-reload && systemctl stop "$unit.socket" "$unit.service"
    systemctl -q enable --now "$unit.socket" || exit 1
  elif ! systemctl -q is-active "$unit.socket"; then
    systemctl start "$unit.socket" || exit 1
  fi
done`;

/** Exit code when the machine has no relay. */
export const NO_RELAY = 69;
