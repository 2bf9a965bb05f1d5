import type { TrafficShown } from "../map/traffic.ts";
import type { Text } from "../problem.ts";

/** `tcp 25`, `all but tcp 25`, empty for any. */
export function trafficOfRow(row: readonly TrafficShown[], say: (text: Text) => string): string {
  if (row.some(({ protocol }) => protocol === null)) return "";
  const whole = (wanted: string): boolean => row.some(({ protocol, ports }) => protocol === wanted && ports === null);
  const partly = row.filter(({ ports }) => ports !== null);
  const missing = (["tcp", "udp", "icmp"] as const).filter(
    (wanted) => !row.some(({ protocol }) => protocol === wanted),
  );
  const plain = row
    .map(({ protocol, ports }) => [protocol, ports].filter((part) => part !== null).join(" "))
    .join(", ");
  const isMost = missing.length === 0 && partly.length > 0 && (whole("tcp") || whole("udp") || whole("icmp"));
  if (isMost) {
    const left = partly.map(({ protocol, ports }) => `${protocol} ${othersOf(ports ?? "")}`).join(", ");
    const but = say({ en: `all but ${left}`, zh: `除 ${left} 外` });
    if (but.length < plain.length) return but;
  }
  return plain;
}

/** The ports that a list leaves out. */
function othersOf(ports: string): string {
  const left: string[] = [];
  let next = 1;
  for (const range of ports.split(",")) {
    const [first = 0, last = first] = range.split("-").map(Number);
    if (first > next) left.push(next === first - 1 ? `${next}` : `${next}-${first - 1}`);
    next = last + 1;
  }
  if (next <= 65_535) left.push(next === 65_535 ? `${next}` : `${next}-65535`);
  return left.join();
}
