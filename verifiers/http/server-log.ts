import { evidenceOf } from '../../src/checks/nearest-evidence.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { HttpFacts } from './observe.ts';
import type { HttpSpec } from './schema.ts';
import { isInstance } from './target.ts';

/** The last lines of the error log that a web server wrote to last, when that was within this minute. */
const SCRIPT = `
file=$(find /var/log/nginx /var/log/apache2 /var/log/httpd -maxdepth 1 -name '*error*log' -size +0 -mmin -1 2>/dev/null | xargs -r ls -t 2>/dev/null | head -n 1)
[ -n "$file" ] && { echo "$file"; tail -n 2 -- "$file"; }
`;

/** Of a request that the instance answered with a server's error: what its web server wrote about it. */
export async function serverLog(spec: HttpSpec, facts: HttpFacts, probe: Probe): Promise<readonly string[]> {
  const isOurs = facts.exchanges.some(
    ({ outcome, url }) =>
      outcome.kind === 'answer' && outcome.status >= 500 && isInstance(new URL(url), spec),
  );
  if (!isOurs) return [];
  const [, file = '', ...lines] = await evidenceOf('log', ['/bin/sh', '-c', SCRIPT], probe);
  return lines.length === 0 ? [] : [`${file.trim()}:`, ...lines];
}
