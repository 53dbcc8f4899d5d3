import { cannotLook } from '../../src/checks/judge-value.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { Exchange } from './exchange.ts';
import { type HttpSpec, sentTexts } from './schema.ts';

/** Whether the answer carries the token of its own request (`repeat: {token: true}`). Pure. */
export function judgeToken(spec: HttpSpec, { outcome, tokens, source }: Exchange): CheckResult[] {
  if (outcome.kind === 'none') return [];
  const sent = sentTexts(spec);
  const own = (['token', 'number'] as const)
    .filter((key) => sent.some((text) => text.includes(`\${${key}}`)))
    .map((key) => tokens[key]);
  const text = `${outcome.body}\n${Object.values(outcome.headers).flat().join('\n')}`;
  const missing = own.filter((one) => !text.includes(one));
  const expected = `its own token comes back: ${own.join(', ')}`;
  if (missing.length === 0)
    return [{ property: 'token', outcome: 'pass', expected, observed: 'it does', source }];
  if (outcome.keptBytes !== undefined) {
    const why = `only ${outcome.keptBytes} bytes of the answer were kept, and it is not among them`;
    return [cannotLook('token', expected, why, source)];
  }
  return [{ property: 'token', outcome: 'fail', expected, observed: 'it is not in the answer', source }];
}
