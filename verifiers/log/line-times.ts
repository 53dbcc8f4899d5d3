const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `2026-01-02T03:04:05.678Z`, `2026-01-02 03:04:05,678 +0100`, nginx's `2026/01/02 03:04:05` */
const ISO =
  /(?<!\d)(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:\s?(Z|UTC|[+-]\d\d:?\d\d))?/;
/** The access log of web servers: `[02/Jan/2026:03:04:05 +0000]` */
const COMMON = /(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})/;
/** Syslog's `Jan  2 03:04:05`, and uWSGI's `Fri Jan  2 03:04:05 2026` */
const SYSLOG = /\b([A-Z][a-z]{2})\s+(\d{1,2}) (\d\d):(\d\d):(\d\d)(?: (\d{4}))?/;

/**
 * Seconds since the epoch of the time that a line begins with; undefined when it has none. `utcOffset`: minutes east of
 * UTC for times without a zone. `now` tells the year of times without one: the last such day.
 */
export function timeIn(line: string, utcOffset: number, now: number): number | undefined {
  const start = line.slice(0, 120);
  const iso = ISO.exec(start);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    const parts = [year, Number(month) - 1, day, hour, minute, second].map(Number);
    return utc(parts) + Number(`0.${fraction ?? 0}`) - offsetOf(zone, utcOffset) * 60;
  }
  const common = COMMON.exec(start);
  if (common) {
    const [, day, month = '', year, hour, minute, second, zone] = common;
    const parts = [year, MONTHS.indexOf(month.toLowerCase()), day, hour, minute, second].map(Number);
    return utc(parts) - offsetOf(zone, utcOffset) * 60;
  }
  const syslog = SYSLOG.exec(start);
  const month = MONTHS.indexOf((syslog?.[1] ?? '').toLowerCase());
  if (!syslog || month < 0) return undefined;
  const [, , day, hour, minute, second, year] = syslog;
  const of = (inYear: number): number =>
    utc([inYear, month, Number(day), Number(hour), Number(minute), Number(second)]) - utcOffset * 60;
  if (year !== undefined) return of(Number(year));
  const thisYear = new Date(now * 1000).getUTCFullYear();
  return of(thisYear) > now + 86_400 ? of(thisYear - 1) : of(thisYear);
}

function utc([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): number {
  return Date.UTC(year, month, day, hour, minute, second) / 1000;
}

function offsetOf(zone: string | undefined, fallback: number): number {
  if (zone === undefined) return fallback;
  const found = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (!found) return 0;
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
}
