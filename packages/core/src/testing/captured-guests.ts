import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { parseIp } from "../address/ip.ts";
import { guestDecision } from "../guests/decide.ts";
import { type GuestDecision, type GuestQuery, PLAIN_QUERY } from "../guests/guest.ts";
import { readGuest } from "../guests/read.ts";

// guests/testdata holds what iproute2 6.1, iptables 1.8.9 and nft 1.0.6 printed on Linux 6.18 for each case; the expected
// packets were captured on the far side.
export const g0 = "10.0.0.1";
export const g1 = "10.1.0.1";
export const g2 = "10.2.0.1";
export const D1 = "203.0.113.10";
export const D2 = "198.51.100.10";
export const V1 = "2001:db8:ffff::10";
export const v1 = "2001:db8:1::1";

export type Way = readonly [device: string, source: string, nextHop: string | null];
export interface Case {
  readonly id: string;
  readonly file?: string;
  readonly when: string;
  readonly to: string;
  readonly query?: Partial<GuestQuery>;
  readonly bind?: string;
  /** Outcomes that rest on defaults alone. */
  readonly leaves: readonly Way[] | string;
  /** Outcomes under open assumptions, and `lost` with the reason where nobody can tell. */
  readonly unless?: readonly Way[];
}
export const udp = { protocol: "udp", connected: false } as const;
export const dev1 = { boundDevice: "eth1" } as const;
export const eth0: Way = ["eth0", "10.0.0.10", g0];
export const eth1: Way = ["eth1", "10.1.0.10", g1];
export const eth2: Way = ["eth2", "10.2.0.10", g2];

export const textOf = (name: string): string =>
  readFileSync(new URL(`../guests/testdata/${name}.txt`, import.meta.url), "utf8");

export function decide(name: string, { id, to, query, bind }: Case): GuestDecision {
  const { value, problems } = readGuest(textOf(name), name);
  expect(problems).toEqual([]);
  const destination = parseIp(to);
  if (destination === undefined) throw new Error(to);
  return guestDecision(value, {
    ...PLAIN_QUERY,
    uid: id === "L23" ? null : 0,
    port: 443,
    boundSource: parseIp(bind ?? "") ?? null,
    ...query,
  }).at(destination);
}

export function summary(decision: GuestDecision): Pick<Case, "leaves" | "unless"> {
  if (decision.kind === "stays") return { leaves: "stays" };
  if (decision.kind === "refuses") return { leaves: /E[A-Z]{4,}/.exec(decision.text.en)?.[0] ?? decision.text.en };
  const ways = (open: boolean): Way[] =>
    decision.sends
      .filter(
        ({ assumptions, lost }) => ((lost ?? assumptions.find(({ basis }) => basis === "open")) !== undefined) === open,
      )
      .map(({ device, source, nextHop, lost }) =>
        lost === null
          ? [device ?? "?", source ?? "?", nextHop]
          : ["lost", lost.id.replace(/^.*filter-|:.*$/g, ""), null],
      );
  const unless = ways(true);
  return { leaves: ways(false), ...(unless.length > 0 ? { unless } : {}) };
}

export const expected = ({ leaves, unless }: Case) => (unless === undefined ? { leaves } : { leaves, unless });
