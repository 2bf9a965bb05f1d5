/** `2021-09-26T15:09:44.400950463Z`, and as BigQuery prints it, `2021-09-26 15:09:44.400950 UTC` */
const WRITTEN = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|z|UTC|[+-]\d\d:?\d\d))$/;

/**
 * Microseconds since 1970 of a time that is written out, or a number of seconds, milliseconds, microseconds or
 * nanoseconds: which of these, its size tells until the year 5138. What is finer than a microsecond is cut off. Null:
 * it is no time.
 */
export function momentOf(value: unknown): number | null {
  if (typeof value === "number") return ofNumber(value);
  if (typeof value !== "string") return null;
  if (/^\d{8,19}(?:\.\d{1,9})?$/.test(value)) return ofDigits(value);
  const [, date, clock, fraction = "", zone = ""] = WRITTEN.exec(value) ?? [];
  if (date === undefined || clock === undefined) return null;
  const ms = Date.parse(`${date}T${clock}${/^[+-]/.test(zone) ? zone : "Z"}`);
  return Number.isNaN(ms) ? null : ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Nanoseconds do not fit a number: their last digits are cut off as text. */
const ofDigits = (digits: string): number | null =>
  digits.length === 19 && !digits.includes(".") ? Number(digits.slice(0, 16)) : ofNumber(Number(digits));

function ofNumber(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  const scale = value < 1e11 ? 1e6 : value < 1e14 ? 1e3 : value < 1e17 ? 1 : 1e-3;
  return Math.floor(value * scale);
}
