const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `Fri, 20 Dec 2024 11:01:02 +0800`, https://www.rfc-editor.org/rfc/rfc5322#section-3.3 */
const MAIL_DATE = /(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}:\d{2}:\d{2}) (?:([+-])(\d{2})(\d{2})|(GMT|UTC))/;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** The date in a server's greeting as RFC 3339, with the server's own offset; null when it prints none. */
export function mailDateIn(text: string): string | null {
  const found = MAIL_DATE.exec(text);
  if (found === null) return null;
  const [, day = "", monthName = "", year = "", clock = "", sign, hours = "", minutes = ""] = found;
  const month = MONTHS.indexOf(monthName.toLowerCase()) + 1;
  if (month === 0) return null;
  const offset = sign === undefined ? "Z" : `${sign}${hours}:${minutes}`;
  return `${year}-${twoDigits(month)}-${day.padStart(2, "0")}T${clock}${offset}`;
}

/** The text itself when it is RFC 3339 already, else null. */
export const rfc3339 = (text: string): string | null => (RFC3339.test(text) ? text : null);

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds since 1970 of an RFC 3339 time, to compare two of different zones; null when it is none. */
export function instantOf(text: string): number | null {
  const found = INSTANT.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((digits) => Number(digits ?? 0));
  const [, , , , , , , fraction = "", sign, hours = "0", minutes = "0"] = found;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  const clock = (hour ?? 0) * 3600 + ((minute ?? 0) - offset) * 60 + (second ?? 0);
  return (dayOf(year ?? 0, month ?? 0, day ?? 0) * 86_400 + clock) * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
}

/** A date as days since 1970: http://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function dayOf(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** Seconds since 1970 as tcpdump -tt prints them (`1795311626.892037`), as RFC 3339 in UTC. */
export function epochToRfc3339(text: string): string {
  const [whole = "0", fraction = ""] = text.split(".");
  const seconds = Number(whole);
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(twoDigits).join(":");
  return `${dateOfDay(days)}T${clock}${fraction === "" ? "" : `.${fraction}`}Z`;
}

/** Days since 1970 to a date: http://howardhinnant.github.io/date_algorithms.html#civil_from_days */
function dateOfDay(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");
