import type { Alternative, Assumption, EgressIdentity, Route } from "@seenas/core";
import type { PoolStyle } from "./pool.ts";

/** One way the open questions may be settled: what an outcome assumes, and what it says will be seen. */
export interface World {
  readonly assumed: ReadonlySet<string>;
  readonly identity: EgressIdentity;
  readonly pool: PoolStyle;
  /** As it was when the addresses that drain now were in use. */
  readonly isBefore: boolean;
}

/** What leaves with an address that nobody can know is given this one, which nothing else in a lab has. */
export const STRANGER = { 4: "192.0.0.99", 6: "100::99" } as const;

export const holds = (world: World, assumption: Assumption | null | undefined): boolean =>
  assumption !== null && assumption !== undefined && world.assumed.has(assumption.id);

const allHold = (world: World, assumptions: readonly Assumption[]): boolean =>
  assumptions.every((assumption) => world.assumed.has(assumption.id));

/** Of several things that can happen the one that this world assumes; what it says most of, else what it shows. */
export function chosen<T extends { readonly assumptions: readonly Assumption[] }>(
  world: World,
  all: readonly T[],
  shows: (one: T) => boolean = () => false,
): T | undefined {
  const scored = all
    .filter(({ assumptions }) => allHold(world, assumptions))
    .map((one) => ({ one, score: one.assumptions.length * 2 + (shows(one) ? 1 : 0) }));
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.find(({ score }) => score === best)?.one ?? all.find(shows) ?? all[0];
}

export const alternativeIn = (world: World, all: readonly Alternative[]): Alternative | undefined =>
  chosen(world, all, ({ identity }) => isSame(world.identity, identity));

const isSame = (seen: EgressIdentity, offered: Alternative["identity"]): boolean =>
  offered.kind === "keeps-source"
    ? seen.kind === "preserved"
    : seen.kind === offered.kind && seen.addresses.join() === offered.addresses.join();

/** What a gap hides, where this world takes it as not harmless. */
export const hiddenIn = (world: World, all: readonly Alternative[]): Alternative | undefined =>
  all.find(({ assumptions }) => assumptions.length > 0 && allHold(world, assumptions));

/** Routes that this world says win where nobody says which does. */
export function isFavoured(world: World, { name, hop }: Route): boolean {
  const tied = `route-tie:${name}`;
  if ("text" in hop && hop.text !== undefined && world.assumed.has(`${tied} to ${hop.text.en}`)) return true;
  if (hop.kind === "link" && world.assumed.has(`${tied} to ${hop.link.text.en}`)) return true;
  if (world.assumed.has(tied) || world.assumed.has(`route-preference:${name}`)) return true;
  return [...world.assumed].some((id) => id.startsWith("route-order:") && id.slice(12).split(", ").includes(name));
}
