/** A `MESSAGE` as text: a message that is no UTF-8 is a list of its bytes (journalctl(1), `--output=json`). Pure. */
export function journalMessage(message: unknown): string {
  if (Array.isArray(message)) return Buffer.from(message as number[]).toString('utf8');
  return typeof message === 'string' ? message : '';
}
