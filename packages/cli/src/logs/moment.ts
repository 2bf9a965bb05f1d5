import { isTime } from "../time.ts";

/** Microseconds since 1970 of an RFC 3339 time. */
export function microsOf(text: string): number {
  const fraction = /\.(\d{1,6})/.exec(text)?.[1] ?? "";
  const ms = Date.parse(text.replace(" ", "T").replace(/\.\d+/, ""));
  return ms * 1000 + Number(fraction.padEnd(6, "0"));
}

/** Undefined: not given; null: no time. */
export const timeIn = (text: string | undefined): number | null | undefined =>
  text === undefined ? undefined : isTime(text) ? microsOf(text) : null;

/** `2026-11-22T09:00:00.000001Z`, without a fraction where there is none. */
export function timeText(us: number): string {
  const seconds = Math.floor(us / 1e6);
  const fraction = us - seconds * 1e6;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction === 0 ? "" : `.${String(fraction).padStart(6, "0").replace(/0+$/, "")}`}Z`;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6 };

/** `2s`, `500ms`, `10m`, `30d` in microseconds; null: none of these. */
export function durationOf(text: string): number | null {
  const [, count, unit = ""] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * (UNITS[unit] ?? 0);
}
