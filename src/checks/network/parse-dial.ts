import type { DialAnswer, DialOutcome } from './dial-answer.ts';

/** Reads what the dial programs print; undefined when it is cut. Pure. */
export function parseDial(
  output: string,
): { readonly tool: string; readonly answers: ReadonlyMap<string, DialAnswer> } | undefined {
  const answers = new Map<string, DialAnswer>();
  let tool = '';
  let isWhole = false;
  for (const line of output.split('\n')) {
    const plain = /^plain (\S+) (\S+) (\d+) ?(.*)$/.exec(line);
    if (plain) {
      const [, id = '', kind = '', code = '', words = ''] = plain;
      answers.set(id, plainAnswer(kind, Number(code), words.trim()));
    }
    if (!line.startsWith('[')) continue;
    const row = rowOf(line);
    if (row === undefined) return undefined;
    const [id = '', outcome, addresses, ms, hex, words] = row;
    if (id === 'end') isWhole = true;
    else if (id === 'tool') tool = outcome ?? '';
    else answers.set(id ?? '', answerOf(outcome ?? '', addresses, ms, hex, words));
  }
  return isWhole ? { tool, answers } : undefined;
}

function rowOf(line: string): readonly (string | null)[] | undefined {
  try {
    return JSON.parse(line) as readonly (string | null)[];
  } catch {
    return undefined;
  }
}

function answerOf(
  outcome: string,
  addresses: string | null | undefined,
  ms: string | null | undefined,
  hex: string | null | undefined,
  words: string | null | undefined,
): DialAnswer {
  return {
    outcome: outcome as DialOutcome,
    addresses: (addresses ?? '').split(' ').filter(Boolean),
    latencyMs: ms === null || ms === undefined ? undefined : Number(ms),
    answer: hex ? Buffer.from(hex, 'hex') : undefined,
    words: words ?? undefined,
  };
}

/** Of bash, nc and getent: only their words and exit code tell. */
function plainAnswer(kind: string, code: number, words: string): DialAnswer {
  const base = { latencyMs: undefined, answer: undefined, words: words || undefined };
  if (kind === 'resolve') {
    const addresses = [...new Set(words.match(/(?:^|\s)([\d.]+|[\da-f:]*:[\da-f:.]*)(?=\s+STREAM)/gi) ?? [])];
    if (code === 0) return { ...base, outcome: 'resolved', addresses: addresses.map((one) => one.trim()) };
    return { ...base, outcome: code === 2 ? 'unresolved' : 'resolver', addresses: [] };
  }
  return { ...base, outcome: tcpOutcome(code, words), addresses: [] };
}

function tcpOutcome(code: number, words: string): DialOutcome {
  if (code === 0) return 'connected';
  if (code === 124 || /timed out/i.test(words)) return 'timeout';
  if (/refused/i.test(words)) return 'refused';
  if (/unreachable|no route/i.test(words)) return 'unreachable';
  if (/temporary failure|try again/i.test(words)) return 'resolver';
  if (/not known|bad address|does not resolve|no address|unknown host/i.test(words)) return 'unresolved';
  return 'error';
}
