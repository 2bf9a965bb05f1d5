import type { Cidr } from "../../address/cidr.ts";
import type { Family } from "../../address/ip.ts";
import type { GuestFacts, Span } from "../guest.ts";
import type { FilterChain, FilterCondition, FilterHook, FilterTable } from "../packet-filter.ts";

/** A chain that packets of the host itself pass, with those it may call. */
export interface BaseChain {
  readonly hook: FilterHook;
  readonly chain: FilterChain;
  readonly table: FilterTable;
}

/** The packet filter as packets of one family meet it. */
export interface FilterView {
  readonly output: readonly BaseChain[];
  readonly postrouting: readonly BaseChain[];
  /** What the conditions of any chain look at: only these tell packets apart. */
  readonly marks: readonly { readonly value: number; readonly mask: number }[];
  readonly users: readonly Span[];
  readonly ports: readonly Span[];
}

export function filterView(facts: GuestFacts, family: Family): FilterView {
  const tables = facts.filters.filter((table) => table.family === null || table.family === family);
  const conditions = conditionsOf(tables);
  return {
    output: baseChains(tables, "output"),
    postrouting: baseChains(tables, "postrouting"),
    marks: conditions.flatMap((one) => (one.kind === "mark" ? [{ value: one.value, mask: one.mask }] : [])),
    users: conditions.flatMap((one) => (one.kind === "user" ? one.spans : [])),
    ports: conditions.flatMap((one) => (one.kind === "ports" ? one.spans : [])),
  };
}

/** In the order in which the kernel asks them; of equal ones as they were printed. */
const baseChains = (tables: readonly FilterTable[], at: FilterHook["at"]): readonly BaseChain[] =>
  tables
    .flatMap((table) =>
      table.chains.flatMap((chain) => (chain.hook?.at === at ? [{ hook: chain.hook, chain, table }] : [])),
    )
    .filter(({ chain }) => chain.rules.length > 0)
    .sort((a, b) => a.hook.priority - b.hook.priority);

const conditionsOf = (tables: readonly FilterTable[]): readonly FilterCondition[] =>
  tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules.flatMap(({ conditions }) => conditions)));

/** Destinations that rules tell apart. */
export const filterEdges = ({ filters }: GuestFacts): readonly Cidr[] =>
  conditionsOf(filters).flatMap((one) => (one.kind === "destination" ? one.prefixes : []));

/** Chains of one priority that translate: which of them is asked first was not printed. */
export function equalChains({ output, postrouting }: FilterView): readonly FilterChain[] {
  const isRivalled = (base: BaseChain, all: readonly BaseChain[]): boolean =>
    all.findIndex((other) => other.hook.type === "nat" && other.hook.priority === base.hook.priority) <
    all.indexOf(base);
  return [output, postrouting].flatMap((all) =>
    all.filter((base) => base.hook.type === "nat" && isRivalled(base, all)).map(({ chain }) => chain),
  );
}
