import type { HttpError } from './schema.ts';

const BY_CODE: Readonly<Record<string, HttpError>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_NONAME: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'aborted',
};

const TLS_CODE = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|CRL_)/;

/** Which kind of no-answer a client's exception stands for; undefined when it is none that a server can cause. */
export function classifyError(
  error: unknown,
): { readonly error: HttpError; readonly text: string } | undefined {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const code = 'code' in one && typeof one.code === 'string' ? one.code : '';
    const text = one instanceof AggregateError ? String(one.errors[0]?.message ?? one.message) : one.message;
    const kind =
      BY_CODE[code] ??
      (TLS_CODE.test(code) ? 'tls' : one.name === 'HTTPParserError' ? 'protocol' : undefined);
    if (kind) return { error: kind, text: text || code };
  }
  return undefined;
}

const CURL: Readonly<Record<number, HttpError>> = {
  6: 'dns',
  7: 'unreachable',
  8: 'protocol',
  1: 'protocol',
  18: 'aborted',
  28: 'timeout',
  35: 'tls',
  51: 'tls',
  52: 'reset',
  55: 'reset',
  56: 'reset',
  60: 'tls',
  77: 'tls',
  83: 'tls',
  91: 'tls',
};

/** The same for a tool that ran inside the instance: its exit status (curl's documented ones) and its words. */
export function classifyTool(tool: string, exitCode: number, text: string): HttpError | undefined {
  if (/connection refused/i.test(text)) return 'refused';
  if (/reset by peer|broken pipe/i.test(text)) return 'reset';
  if (/not known|could not resolve|no address|name resolution|unknown host|invalid hostname/i.test(text))
    return 'dns';
  if (/timed out|time-?out/i.test(text)) return 'timeout';
  if (/no route to host|network is unreachable|cannot assign/i.test(text)) return 'unreachable';
  if (tool === 'bash' && exitCode === 124) return 'timeout';
  return tool === 'curl' ? CURL[exitCode] : undefined;
}
