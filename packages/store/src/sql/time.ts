/** `2026-11-22T09:00:00.000000Z` of microseconds since 1970. */
export function timeText(us: number): string {
  const whole = new Date(Math.floor(us / 1000)).toISOString();
  const micro = String(((us % 1000) + 1000) % 1000).padStart(3, "0");
  return `${whole.slice(0, -1)}${micro}Z`;
}

export const DAY_US = 86_400_000_000;

/** `2026-11-22` */
export const dayText = (us: number): string => timeText(us).slice(0, 10);
