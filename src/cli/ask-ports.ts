import { z } from 'zod';
import type { Probe, Verifier } from '../core/verifier.ts';
import type { Answer } from '../drafts/observed/observed.ts';

/** What is needed of what an http check observes. */
const httpFacts = z.looseObject({
  exchanges: z.array(
    z.looseObject({
      outcome: z.looseObject({
        kind: z.string(),
        status: z.number().optional(),
        headers: z.record(z.string(), z.array(z.string())).optional(),
        body: z.string().optional(),
      }),
    }),
  ),
});

/** Ports of protocols that do not begin with the client, or that take a request for an attack. */
const OTHERS = new Set([
  22, 25, 53, 110, 111, 143, 389, 465, 587, 636, 873, 993, 995, 3306, 5432, 5672, 6379, 9042, 11_211, 27_017,
]);
const TLS = new Set([443, 8443]);
const PATHS = ['/', '/health', '/healthz'];
const MOST = 20;

/** Asks each port a GET from inside the instance, as an http check does. Ports that do not answer HTTP give nothing. */
export async function askPorts(
  ports: readonly number[],
  http: Verifier,
  probe: Probe,
): Promise<readonly Answer[]> {
  const asked = ports.filter((port) => !OTHERS.has(port)).slice(0, MOST);
  const found = await Promise.all(asked.map((port) => askPort(port, http, probe)));
  return found.flat();
}

async function askPort(port: number, http: Verifier, probe: Probe): Promise<readonly Answer[]> {
  const scheme = TLS.has(port) ? 'https' : 'http';
  const answers: Answer[] = [];
  for (const path of PATHS) {
    const answer = await ask(scheme, port, path, http, probe);
    if (!answer && path === '/') return [];
    const isOwn = path === '/' || answer?.status === 200;
    if (answer && isOwn) answers.push(answer);
  }
  // A page for whatever is asked is not a health page.
  const [root, ...health] = answers;
  return root ? [root, ...health.filter(({ body }) => body !== root.body)] : [];
}

async function ask(
  scheme: Answer['scheme'],
  port: number,
  path: string,
  http: Verifier,
  probe: Probe,
): Promise<Answer | undefined> {
  const spec = http.spec.parse({
    http: `${scheme}://localhost:${port}${path}`,
    from: 'instance',
    timeout: '5s',
    ...(scheme === 'https' && { insecure: true }),
  });
  try {
    const { exchanges } = httpFacts.parse(await http.observe(spec, probe));
    const outcome = exchanges[0]?.outcome;
    if (outcome?.kind !== 'answer' || outcome.status === undefined) return undefined;
    const { status, headers = {}, body = '' } = outcome;
    return { port, scheme, path, status, headers, body };
  } catch (error) {
    if (probe.signal.aborted) throw error;
    return undefined;
  }
}
