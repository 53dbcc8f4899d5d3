import { GalleyError } from './errors.ts';

/**
 * `transport.timeout`: a command on a machine took too long and was killed with its children; the same with every
 * transport, because callers tell it from other errors. `where`: `on web.example`, `in web-debian-12`.
 */
export function commandTimeout(command: string, where: string, timeoutMs: number): GalleyError {
  return new GalleyError({
    code: 'transport.timeout',
    kind: 'infrastructure',
    message: `${command} ${where} took longer than ${timeoutMs / 1000} s and was killed`,
    hint: 'raise the `timeout` of what ran it, or see with galley login what holds it up',
  });
}
