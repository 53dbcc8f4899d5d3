import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import type { DialAnswer, DialOutcome } from '../../src/checks/network/dial-answer.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { AddrFacts } from './observe.ts';
import type { AddrSpec } from './schema.ts';

const WORDS: Readonly<Record<DialOutcome, string>> = {
  connected: 'connected',
  answered: 'answered',
  refused: 'refused: the machine is there and nothing listens',
  timeout: 'no answer in time',
  unreachable: 'unreachable: no way to that address',
  reset: 'the connection was reset',
  closed: 'taken and closed at once',
  unresolved: 'the name does not resolve',
  resolver: 'nobody could say whether the name resolves',
  resolved: 'resolved',
  silent: 'sent, no answer: a datagram without an answer proves nothing',
  error: 'failed',
};

/** These prove nothing about the address, whatever was expected. */
const UNPROVED: readonly DialOutcome[] = ['resolver', 'error', 'silent', 'resolved'];

/** Pure. A failure only counts for a negative check when the place is proved to be able to connect. */
export function judgeAddr(spec: AddrSpec, facts: AddrFacts): CheckResult[] {
  const { seen } = facts;
  const from = spec.from ?? 'instance';
  const source = `tried from ${from === 'host' ? 'here' : from === 'instance' ? 'the instance' : from} (${facts.by})`;
  const wanted = spec.reachable ?? spec.error === undefined;
  const expected = spec.error ? describeError(spec.error) : wanted ? 'reachable' : 'not reachable';
  const property = spec.error ? 'error' : 'reachable';
  const why = notProved(spec, facts, wanted);
  if (why !== undefined) {
    const notes = notesOn(spec, facts);
    return [{ ...cannotLook(property, expected, why, source), ...(notes.length > 0 && { notes }) }];
  }
  const isReached = seen.outcome === 'connected' || seen.outcome === 'answered';
  const result: CheckResult = spec.error
    ? judgeValue(property, isReached ? 'none' : seen.outcome, spec.error, {
        source,
        notes: notesOn(spec, facts),
      })
    : {
        property,
        outcome: isReached === wanted ? 'pass' : 'fail',
        expected,
        observed: describe(seen),
        source,
        ...(isReached !== wanted && { notes: notesOn(spec, facts) }),
      };
  if (result.outcome !== 'pass' || !spec.latency) return [result];
  return [result, judgeLatency(spec.latency, seen, source)];
}

/** Why the observation settles nothing; undefined when it does. */
function notProved(spec: AddrSpec, { seen, control, self }: AddrFacts, wanted: boolean): string | undefined {
  if (UNPROVED.includes(seen.outcome)) return describe(seen);
  const isReached = seen.outcome === 'connected' || seen.outcome === 'answered';
  if (isReached || (wanted && !spec.error)) return undefined;
  if (control && control.answer.outcome !== 'connected')
    return `the control ${control.to} is not reachable either (${describe(control.answer)})`;
  if (self && self.outcome !== 'connected' && self.outcome !== 'error')
    return `it cannot even reach itself (${describe(self)})`;
  // Something answered: refused and reset are words of the other side, and so is the resolver's "no such name".
  if (['refused', 'reset', 'closed'].includes(seen.outcome) || spec.error) return undefined;
  if (seen.outcome === 'unresolved') return `${WORDS.unresolved}: that says nothing about the address`;
  return control ? undefined : `${WORDS[seen.outcome]}; that may as well be a dead network`;
}

function describe(answer: DialAnswer): string {
  const at = answer.addresses.length > 0 ? ` (${answer.addresses.join(', ')})` : '';
  const words = answer.outcome === 'error' || answer.outcome === 'resolver' ? answer.words : undefined;
  const time =
    answer.outcome === 'connected' && answer.latencyMs !== undefined ? `, ${show(answer.latencyMs)}` : '';
  return `${WORDS[answer.outcome]}${at}${time}${words ? `: ${words}` : ''}`;
}

function describeError(error: Matcher): string {
  return describeMatcher(error);
}

function show(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function judgeLatency(wanted: Matcher, seen: DialAnswer, source: string): CheckResult {
  if (seen.latencyMs === undefined)
    return cannotLook('latency', describeMatcher(wanted), 'the tool there does not measure time', source);
  return judgeValue('latency', Math.round(seen.latencyMs * 10) / 10, wanted, { source });
}

function notesOn(spec: AddrSpec, { seen }: AddrFacts): string[] {
  const notes: string[] = [];
  if (spec.error && seen.addresses.length > 0) notes.push(`tried ${seen.addresses.join(', ')}`);
  const isLate = seen.outcome === 'timeout' || seen.outcome === 'unreachable';
  if (spec.reachable === false && isLate && spec.control === undefined)
    notes.push(`name something that is reachable as control: host:port, or ask for error: ${seen.outcome}`);
  if (spec.reachable === false && seen.outcome === 'unresolved')
    notes.push('if the name must not exist, ask for error: unresolved');
  if (seen.outcome === 'silent') notes.push('give send: with something that the service answers');
  if (seen.outcome === 'refused' && spec.reachable !== false && !spec.error)
    notes.push('look with - port: on that machine whether it listens, and on which address');
  return notes;
}
