import { GalleyError } from '../../core/errors.ts';
import { quote } from '../../core/shell-words.ts';
import { CHUNK, joinScript, writeScript } from './job-script.ts';
import type { Place } from './place.ts';

const PARALLEL_CHUNKS = 4;
/** Shorter ones are there sooner in parts, bytes. */
const WORTH_A_BUCKET = 256 * 1024;
/** Some forty kilobytes a command: more than this would take a quarter of an hour. */
const LIMIT = 96 * 1024 * 1024;

/** Puts bytes into a file of the machine: what is long through the bucket, else in parts that a command can hold. */
export async function sendFile(
  place: Place,
  content: Uint8Array,
  file: string,
  onSent: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { agent } = place;
  if (content.length > WORTH_A_BUCKET && agent.bucket && !place.hasNoWayToBucket) {
    const why = await agent.bucket.lend(content, (url) => fetched(place, url, file, signal));
    if (why === undefined) return;
    place.hasNoWayToBucket = true;
    place.onNotice(
      `${agent.instanceId} cannot fetch from s3://${agent.bucket.name}, files go in parts: ${why}`,
    );
  }
  if (content.length > LIMIT) throw tooLarge(place, content.length);
  const size = (CHUNK / 4) * 3;
  const parts = Array.from({ length: Math.ceil(content.length / size) }, (_, at) => ({
    file: `${file}.${at}`,
    base64: Buffer.from(content.subarray(at * size, (at + 1) * size)).toString('base64'),
  }));
  for (let at = 0; at < parts.length; at += PARALLEL_CHUNKS) {
    const some = parts.slice(at, at + PARALLEL_CHUNKS);
    await Promise.all(some.map((one) => agent.run(writeScript(one.file, one.base64), signal)));
    onSent(Math.min((at + PARALLEL_CHUNKS) * size, content.length));
  }
  await agent.run(joinScript(file, parts.length), signal);
}

/** Undefined when it is there; else why not. */
async function fetched(
  { agent }: Place,
  url: string,
  file: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const said = (await agent.run(fetchScript(file, url), signal)).trim();
  return said === 'fetched' ? undefined : said.split('\n').at(-1) || 'no reason given';
}

/** Shell text that fetches a file with what the machine has for it; the same text again does no harm. */
export function fetchScript(file: string, url: string): string {
  return [
    `umask 077; f=${quote(file)}; u=${quote(url)}`,
    '[ ! -e "$f" ] || { echo fetched; exit 0; }',
    'mkdir -p "${f%/*}"',
    'if command -v curl >/dev/null 2>&1; then curl -fsS --connect-timeout 10 -o "$f.new" "$u" 2>&1',
    'elif command -v wget >/dev/null 2>&1; then wget -q -T 30 -t 2 -O "$f.new" "$u" 2>&1',
    'elif command -v python3 >/dev/null 2>&1; then python3 -c "import sys, urllib.request as r; r.urlretrieve(sys.argv[1], sys.argv[2])" "$u" "$f.new" 2>&1',
    'else echo "it has neither curl nor wget nor python3"; exit 0; fi && mv "$f.new" "$f" && echo fetched',
    'rm -f "$f.new"; exit 0',
  ].join('\n');
}

function tooLarge({ agent }: Place, bytes: number): GalleyError {
  return new GalleyError({
    code: 'ssm.too_large',
    kind: 'config',
    message: `${mib(bytes)} (compressed) are too much to send to ${agent.instanceId} through commands of Systems Manager`,
    expected: `at most ${mib(LIMIT)}`,
    hint: 'name a bucket (transport: {s3_bucket: …}), use the ssh transport, or an image on which the Chef client is already installed',
  });
}

export function mib(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
