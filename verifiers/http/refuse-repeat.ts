import type { Repeat } from '../../src/core/check.ts';
import type { RepeatProblem } from '../../src/core/verifier.ts';
import { type HttpSpec, sentTexts } from './schema.ts';

/** What of a `repeat` cannot be done with this request. Pure. */
export function refuseHttpRepeat(spec: HttpSpec, repeat: Repeat): RepeatProblem | undefined {
  if (repeat.token && !sentTexts(spec).some((text) => /\$\{(token|number)\}/.test(text))) {
    return {
      key: 'token',
      message: 'the request carries no ${token}',
      hint: 'put it where the application sends it back, e.g. http: /items?q=${token}',
    };
  }
  if (repeat.connection === 'reuse' && (spec.from ?? 'host') !== 'host') {
    return {
      key: 'connection',
      message: 'requests from inside the instance always have connections of their own',
      hint: 'leave connection or from out',
    };
  }
  if (spec.error !== undefined && (repeat.workers !== undefined || repeat.token)) {
    return {
      key: repeat.token ? 'token' : 'workers',
      message: "with 'error' no answer is expected that could tell",
      hint: 'remove it',
    };
  }
  return undefined;
}
