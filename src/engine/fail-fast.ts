/** Why the other instances are cancelled: the reason of the run's abort signal. */
export class FailFast extends Error {
  /** So that everything that listens takes it for the abort it is. */
  override readonly name = 'AbortError';

  constructor(instance: string) {
    super(`cancelled because ${instance} failed (--fail-fast)`);
  }
}
