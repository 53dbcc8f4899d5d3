import { GalleyError } from '../core/errors.ts';

/**
 * Turns what the engine answered into an infrastructure error with a code per cause. `doing` completes the sentence
 * "could not …", e.g. `create container web`. A GalleyError and an abort pass through unchanged.
 */
export function toDockerError(error: unknown, doing: string): Error {
  if (error instanceof GalleyError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  const text = engineMessage(error);
  const cause = classify(error, text);
  return new GalleyError({
    code: cause.code,
    kind: 'infrastructure',
    message: `could not ${doing}: ${cause.summary ?? text}`,
    ...(cause.summary !== undefined && { details: [text] }),
    ...(cause.hint !== undefined && { hint: cause.hint }),
    cause: error,
  });
}

/** The resource does not exist (any more). */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** The engine is already at it, or the name is taken. */
export function isConflict(error: unknown): boolean {
  return statusOf(error) === 409;
}

/** The engine's own words, without docker-modem's `(HTTP code 500) server error -` prefix. */
export function engineMessage(error: unknown): string {
  const body = (error as { json?: { message?: unknown } } | null)?.json?.message;
  if (typeof body === 'string' && body !== '') return body.trim();
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\)[^-]*- /, '').trim();
}

interface Cause {
  readonly code: string;
  readonly summary?: string;
  readonly hint?: string;
}

function classify(error: unknown, text: string): Cause {
  const status = statusOf(error);
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOSPC' || /no space left on device|disk quota exceeded/i.test(text)) {
    return {
      code: 'docker.disk_full',
      summary: 'the disk is full',
      hint: 'free space where the engine keeps its data: `docker system df` shows what takes it',
    };
  }
  if (status === 404 && /no such image|not found: manifest|image .*not found/i.test(text)) {
    return { code: 'docker.image_not_found', hint: 'galley images list shows what is there' };
  }
  if (status === 404) return { code: 'docker.not_found' };
  if (status === 409 && /name .*(already in use|already exists)|already exists/i.test(text)) {
    return { code: 'docker.name_conflict', hint: 'galley destroy removes leftovers of this project' };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      code: 'docker.permission',
      hint: 'add yourself to the group of the socket (`sudo usermod -aG docker $USER`) or run Galley with sudo',
    };
  }
  if (/port is already allocated|address already in use/i.test(text)) {
    return { code: 'docker.port_in_use', hint: 'choose another host port or stop what listens on it' };
  }
  if (/operation not permitted|permission denied/i.test(text)) return { code: 'docker.not_permitted' };
  if (typeof code === 'string' && GONE.has(code)) {
    return {
      code: 'docker.engine_gone',
      summary: 'the Docker engine went away',
      hint: '`docker info` should answer; start the engine again and run `galley destroy`',
    };
  }
  return { code: 'docker.failed' };
}

const GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);

function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
