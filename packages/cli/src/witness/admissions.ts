import { type Cidr, cidrContains, type Ip } from "@seenas/core";

export interface Limits {
  /** Open at the same time, of all. */
  readonly connections: number;
  /** Open at the same time, of one source: an address, or a /64 of IPv6. */
  readonly perSource: number;
  /** How long one caller may take, from first to last. */
  readonly patienceMs: number;
}

/** Who is inside, counted. */
export class Admissions {
  open = 0;
  private readonly bySource = new Map<string, number>();
  private readonly limits: Limits;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** Each that entered has to leave. */
  enter(source: Ip): "entered" | "too-many" | "too-many-of-this-source" {
    const key = sourceKey(source);
    const count = this.bySource.get(key) ?? 0;
    if (this.open >= this.limits.connections) return "too-many";
    if (count >= this.limits.perSource) return "too-many-of-this-source";
    this.open += 1;
    this.bySource.set(key, count + 1);
    return "entered";
  }

  leave(source: Ip): void {
    const key = sourceKey(source);
    const count = this.bySource.get(key) ?? 1;
    this.open -= 1;
    if (count === 1) this.bySource.delete(key);
    else this.bySource.set(key, count - 1);
  }
}

/** One household has 2⁶⁴ addresses of IPv6 (RFC 6177), and counts as one source. */
function sourceKey(source: Ip): string {
  if (!source.includes(":")) return source;
  const [head = "", tail] = source.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter((group) => group !== "").length;
  return [...groups, ...new Array<string>(missing).fill("0"), ...(tail ?? "").split(":")].slice(0, 4).join(":");
}

/** Peers whose PROXY header is believed: those named in advance, nobody else. */
export const isNamed = (peers: readonly Cidr[], peer: Ip): boolean =>
  peers.some((prefix) => cidrContains(prefix, peer));

/** Datagrams need no connection: each source has a few at once, and then some a second. */
export class DatagramRate {
  private readonly tokens = new Map<string, { left: number; at: number }>();

  /** @param now milliseconds */
  take(source: Ip, now: number): boolean {
    const key = sourceKey(source);
    const known = this.tokens.get(key);
    const left = Math.min(BURST, (known?.left ?? BURST) + ((now - (known?.at ?? now)) * A_SECOND) / 1000);
    // Whoever was not heard of for longest is forgotten first.
    this.tokens.delete(key);
    if (this.tokens.size >= SOURCES) this.tokens.delete(this.tokens.keys().next().value ?? "");
    this.tokens.set(key, { left: left < 1 ? left : left - 1, at: now });
    return left >= 1;
  }
}

const BURST = 100;
const A_SECOND = 50;
const SOURCES = 20_000;
