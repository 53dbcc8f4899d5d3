/** Words of crontab(5). `@reboot` has no fields. */
const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** One writing for what means the same: words as fields, white space squeezed. */
export function expandSchedule(schedule: string): string {
  const text = schedule.trim().replace(/\s+/g, ' ');
  return WORDS[text] ?? text;
}
