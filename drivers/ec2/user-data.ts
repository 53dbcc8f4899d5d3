import { gunzipSync, gzipSync } from 'node:zlib';

/** EC2 takes at most this much, before base64. */
export const MAX_USER_DATA = 16_384;

export interface UserDataPlan {
  /** Base64, as RunInstances wants it; undefined for none. */
  readonly encoded: string | undefined;
  readonly bytes: number;
  /** Whether the machine will end itself when its time is over; `reason` says why not. */
  readonly endsItself: boolean;
  readonly reason?: string;
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^#!/, 'text/x-shellscript'],
  [/^#cloud-config-archive/, 'text/cloud-config-archive'],
  [/^#cloud-config/, 'text/cloud-config'],
  [/^#cloud-boothook/, 'text/cloud-boothook'],
  [/^#include/, 'text/x-include-url'],
  [/^## template: jinja/, 'text/jinja2'],
];

/**
 * The user's data together with a script by which the guest shuts down at `endsAt`, so that a machine nobody destroys
 * ends without Galley. Multi-part data is cloud-init's
 * (https://cloudinit.readthedocs.io/en/latest/explanation/format.html); what it cannot be joined with stays as it is. What is
 * packed with gzip, which cloud-init takes as well, is packed again.
 */
export function planUserData(
  own: string | Buffer | undefined,
  endsAt: number | undefined,
  cloudInit: boolean,
): UserDataPlan {
  const alone = (reason?: string): UserDataPlan => ({
    ...encode(own),
    endsItself: false,
    ...(reason !== undefined && { reason }),
  });
  if (endsAt === undefined) return alone();
  if (!cloudInit) return alone('its images do not start with cloud-init');
  const script = endScript(endsAt);
  const isPacked = Buffer.isBuffer(own) && own[0] === 0x1f && own[1] === 0x8b;
  const text = isPacked ? unpacked(own) : own?.toString();
  if (text === undefined || text.trim() === '')
    return isPacked ? alone('its user_data cannot be unpacked') : { ...encode(script), endsItself: true };
  const [, type] = KINDS.find(([pattern]) => pattern.test(text)) ?? [];
  if (type === undefined) return alone('its user_data is neither a script nor a cloud-config');
  const both = joined(script, type, text);
  const planned = { ...encode(isPacked ? gzipSync(both) : both), endsItself: true };
  return planned.bytes > MAX_USER_DATA ? alone('its user_data leaves no room for it') : planned;
}

function unpacked(packed: Buffer): string | undefined {
  try {
    return gunzipSync(packed).toString();
  } catch {
    return undefined;
  }
}

function joined(script: string, type: string, own: string): string {
  const boundary = '==galley==';
  const part = (kind: string, text: string): string =>
    [`--${boundary}`, `Content-Type: ${kind}; charset="utf-8"`, 'MIME-Version: 1.0', '', text, ''].join('\n');
  return [
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    'MIME-Version: 1.0',
    '',
    part('text/x-shellscript', script),
    part(type, own),
    `--${boundary}--`,
    '',
  ].join('\n');
}

function encode(text: string | Buffer | undefined): Pick<UserDataPlan, 'encoded' | 'bytes'> {
  if (text === undefined || text.length === 0) return { encoded: undefined, bytes: 0 };
  const data = Buffer.from(text);
  return { encoded: data.toString('base64'), bytes: data.length };
}

/**
 * Runs at each boot, since a planned shutdown does not outlive one. A machine made from an image of this one has
 * another id and is left alone: its own script comes with its own user data.
 */
function endScript(endsAtMs: number): string {
  return `#!/bin/sh
# Galley: this machine ends itself at ${new Date(endsAtMs).toISOString()}
dir=/var/lib/cloud/scripts/per-boot
mkdir -p "$dir"
cat > "$dir/galley-end" <<END
#!/bin/sh
[ "\\$(cat /var/lib/cloud/data/instance-id 2>/dev/null)" = "$(cat /var/lib/cloud/data/instance-id 2>/dev/null)" ] || exit 0
left=\\$(( ${Math.ceil(endsAtMs / 1000)} - \\$(date +%s) ))
[ "\\$left" -gt 0 ] || left=1
(sleep "\\$left"; shutdown -h now || poweroff) </dev/null >/dev/null 2>&1 &
END
chmod 755 "$dir/galley-end"
"$dir/galley-end"
`;
}
