const FORM =
  /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?(Z|[+ -](?:[01]\d|2[0-3]):[0-5]\d))?$/;
const DAY_MILLISECONDS = 86_400_000;

/**
 * Reads a day or a moment (RFC 3339, seconds optional) in Unix milliseconds; undefined when it is none, or says no time zone. A day stands for
 * its first or last millisecond in UTC. A space before the offset is read as the plus sign that a query string turned into one.
 */
export function readPointInTime(text: string, ofDay: 'first' | 'last'): number | undefined {
  const [, day, hours, minutes, seconds = '00', fraction = '', zone] = FORM.exec(text) ?? [];
  if (day === undefined) return undefined;
  const start = Date.parse(`${day}T00:00:00Z`);
  // Some parsers make the 30th of February a day in March.
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(day)) return undefined;
  if (zone === undefined) return ofDay === 'first' ? start : start + DAY_MILLISECONDS - 1;
  const moment = Date.parse(`${day}T${hours}:${minutes}:${seconds}${fraction.slice(0, 4)}${zone.replace(' ', '+')}`);
  return Number.isNaN(moment) ? undefined : moment;
}
