import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type End,
  familyOf,
  type Ip,
  isGenuine,
  MARK_BYTES,
  type Mark,
  markOf,
  parseIp,
  type Receipt,
  receiptsIn,
  unseenAtMost,
} from "@seenas/core";
import { CRYPTO } from "../witness/crypto.ts";
import { attempt } from "./attempt.ts";
import type { Hello } from "./hello.ts";
import type { Attempt } from "./outcome.ts";

export interface Plan {
  readonly hello: Hello;
  readonly to: readonly End[];
  readonly name: string | null;
  /** null: as the system chooses. */
  readonly sources: readonly (Ip | null)[];
  readonly repeat: number;
  readonly perSecond: number;
  readonly timeoutMs: number;
  /** Only receipts of this key count; null: of any. */
  readonly witness: string | null;
}

export interface Tried extends Attempt {
  readonly mark: Mark;
  readonly at: string;
  readonly source: Ip | null;
  readonly receipt: CheckedReceipt | null;
}

export interface CheckedReceipt {
  readonly line: string;
  readonly receipt: Receipt;
  readonly state: "sound" | "changed" | "replayed" | "other-witness";
}

/** One after another: a hello is no load. @param tell after each */
export async function runPlan(plan: Plan, tell: (tried: Tried) => Promise<void>): Promise<readonly Tried[]> {
  const all: Tried[] = [];
  const between = 1000 / plan.perSecond;
  for (let round = 0; round < plan.repeat; round += 1)
    for (const to of plan.to)
      for (const source of plan.sources) {
        if (source !== null && familyOf(source) !== familyOf(to.address)) continue;
        const begun = performance.now();
        const tried = await tryOnce(plan, to, source);
        all.push(tried);
        await tell(tried);
        const isLast = all.length === tries(plan);
        if (!isLast) await sleep(Math.max(0, between - (performance.now() - begun)));
      }
  return all;
}

/** How many hellos a plan is. */
export const tries = ({ to, sources, repeat }: Plan): number =>
  repeat *
  to.reduce(
    (sum, { address }) =>
      sum + sources.filter((source) => source === null || familyOf(source) === familyOf(address)).length,
    0,
  );

async function tryOnce({ hello, name, timeoutMs, witness }: Plan, to: End, source: Ip | null): Promise<Tried> {
  const mark = markOf(randomBytes(MARK_BYTES));
  const at = new Date().toISOString();
  const attempted = await attempt({ hello, mark, to, name, source, timeoutMs });
  const [receipt] = receiptsIn(attempted.heard);
  return { ...attempted, mark, at, source, receipt: receipt === undefined ? null : checked(receipt, mark, witness) };
}

function checked(receipt: Receipt, mark: Mark, witness: string | null): CheckedReceipt {
  const path = receipt.path.map(({ side, hash }) => `${side === "left" ? "L" : "R"}${hash}`).join("");
  const line = `${receipt.body} path=${path === "" ? "-" : path} sig=${receipt.signature}`;
  if (!isGenuine(receipt, CRYPTO)) return { line, receipt, state: "changed" };
  if (receipt.mark !== mark) return { line, receipt, state: "replayed" };
  return { line, receipt, state: witness !== null && witness !== receipt.key ? "other-witness" : "sound" };
}

/** What the other side says of the source, where it says so to whoever asks. */
export function sourceTold({ receipt, mapped, heard }: Tried): Ip | null {
  if (receipt !== null) return receipt.state === "sound" ? receipt.receipt.source.address : null;
  if (mapped !== null) return mapped.address;
  // The reply to EHLO; which servers may be believed is for `explain` to say.
  const bracket = /^250[- ][^\r\n]*\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\][^[\]\r\n]*$/m.exec(heard)?.[1];
  return parseIp(bracket ?? "") ?? null;
}

export interface Pool {
  readonly from: string;
  readonly to: End;
  readonly seen: readonly { readonly address: Ip; readonly count: number }[];
  readonly connections: number;
  /** `unseenAtMost` of core. */
  readonly unseenAtMost: number;
}

/** What each source was seen as by each destination, where that told it. */
export function poolsOf(all: readonly Tried[]): readonly Pool[] {
  const groups = new Map<string, { readonly from: string; readonly to: End; readonly counts: Map<Ip, number> }>();
  for (const one of all) {
    const told = sourceTold(one);
    if (told === null || one.local === null) continue;
    const key = `${one.local.address} ${one.remote.address}`;
    const group = groups.get(key) ?? { from: one.local.address, to: one.remote, counts: new Map<Ip, number>() };
    group.counts.set(told, (group.counts.get(told) ?? 0) + 1);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ from, to, counts }) => {
    const connections = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const seen = [...counts].map(([address, count]) => ({ address, count })).sort((a, b) => b.count - a.count);
    return { from, to, seen, connections, unseenAtMost: unseenAtMost(seen.length, connections) };
  });
}

/** Addresses from which this host may send to others; those of itself alone only to itself. */
export function ownSources(to: readonly End[]): readonly Ip[] {
  const own = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ scopeid }) => scopeid === undefined || scopeid === 0);
  const isInside = to.every(({ address }) => address.startsWith("127.") || address === "::1");
  const usable = own.filter(({ internal }) => isInside || !internal);
  return [...new Set(usable.flatMap(({ address }) => parseIp(address) ?? []))].filter(
    (ip) => !ip.startsWith("169.254."),
  );
}
