import { redactText } from '../../src/checks/redact.ts';
import type { Exchange, Outcome } from './exchange.ts';
import type { HttpError } from './schema.ts';

const WORDS: Readonly<Record<HttpError, string>> = {
  refused: 'connection refused',
  unreachable: 'host unreachable',
  timeout: 'timeout',
  reset: 'connection closed without an answer',
  aborted: 'connection broken in the middle of the answer',
  dns: 'name not found',
  tls: 'TLS failed',
  protocol: 'the answer is not HTTP',
  redirects: 'too many redirects',
};

/** `connection refused (127.0.0.1:32768)` */
export function describeNone(outcome: Extract<Outcome, { kind: 'none' }>, address: string): string {
  const isObvious = outcome.error === 'refused' || outcome.error === 'reset';
  return `${WORDS[outcome.error]} (${isObvious ? address : redactText(outcome.text)})`;
}

/** What usually is behind such an outcome, and where to look next. */
export function causesOf(exchange: Exchange): string[] {
  const { outcome } = exchange;
  if (outcome.kind === 'none') return causesOfNone(exchange, outcome);
  const { status } = outcome;
  const to = outcome.headers['location']?.[0];
  if (status >= 300 && status < 400 && to !== undefined) {
    return [`redirects to ${redactText(to)}; followRedirects: true goes there`];
  }
  if (status === 502 || status === 503 || status === 504) {
    return [
      `cause: the web server answered, the application behind it ${status === 504 ? 'is too slow' : 'did not'}: ` +
        "look at that service (a check 'service:' or 'process:'), its socket, and the web server's error log",
    ];
  }
  if (status >= 500) return ['cause: the application raised an error: its log has the stack trace'];
  if (status === 404)
    return ['cause: no such route here, or another virtual host answered: see host: and the sites enabled'];
  if (status === 401 || status === 403)
    return ['cause: access denied: see request: headers: and the permissions of the files served'];
  return [];
}

function causesOfNone(
  { isPublished, isInside }: Exchange,
  outcome: Extract<Outcome, { kind: 'none' }>,
): string[] {
  switch (outcome.error) {
    case 'refused':
      return ['cause: nothing listens on that port, or only on another address'];
    case 'reset':
      return isPublished
        ? [
            'cause: nothing listens on that port in the instance (the engine accepts for it and then closes), or it listens on 127.0.0.1 only, or the server closed on us',
          ]
        : ['cause: the server closed the connection: crashed, or it speaks TLS'];
    case 'tls':
      return /self.signed|unable to (verify|get)|local issuer/i.test(outcome.text)
        ? ['cause: the certificate is not signed by an authority known here; insecure: true accepts it']
        : ['cause: see the words above; a server without TLS on that port does this too'];
    case 'timeout':
      return ['cause: all workers busy or stuck, or the packets are dropped; timeout: gives it longer'];
    case 'dns':
      return isInside ? [] : ['cause: names of companions are known inside only: from: instance'];
    default:
      return [];
  }
}

/** Characters of a page; what comes later is no beginning, and takes long to search. */
const LOOKED_AT = 20_000;

/** The beginning of an error page as evidence. */
export function excerpt(outcome: Outcome): string[] {
  if (outcome.kind === 'none') return [];
  // A title says again what the heading says, unless there is nothing else.
  const start = outcome.body.slice(0, LOOKED_AT);
  const text = plainText(start.replace(/<title[\s\S]*?<\/title>/i, ' ')) || plainText(start);
  return text === '' ? [] : [`answer: ${redactText(text.slice(0, 200))}${text.length > 200 ? '…' : ''}`];
}

function plainText(body: string): string {
  return (
    body
      .replace(/<(style|script)[\s\S]*?(<\/\1>|$)/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      // Control characters of a binary answer.
      .replace(/[\s\p{Cc}\uFFFD]+/gu, ' ')
      .trim()
  );
}
