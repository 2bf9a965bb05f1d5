import type { Filter } from "../model/egress.ts";

/** Lists that a packet passes one after the other: each has to let it through. */
export function inTurn(...lists: readonly (readonly Filter[])[]): readonly Filter[] {
  const [first = [], ...more] = lists.filter((list) => list.length > 0);
  return more.length === 0
    ? first
    : [first, ...more].flatMap((filters, list) => filters.map((filter) => ({ ...filter, list })));
}
