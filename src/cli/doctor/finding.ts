/** What one probe found. `fail`: something that is asked for will not work; `warn`: it may surprise. */
export interface Finding {
  readonly probe: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** The next step, for `warn` and `fail`. */
  readonly fix?: string;
}

export const ok = (probe: string, message: string): Finding => ({ probe, status: 'ok', message });
export const warn = (probe: string, message: string, fix: string): Finding => ({
  probe,
  status: 'warn',
  message,
  fix,
});
export const fail = (probe: string, message: string, fix: string): Finding => ({
  probe,
  status: 'fail',
  message,
  fix,
});
