import { type Cidr, parseCidr } from "@seenas/core";
import { describe, expect, test } from "vitest";
import { POOL_STYLES, snatTexts } from "./pool.ts";

const cidrs = (...texts: readonly string[]): readonly Cidr[] => texts.flatMap((text) => parseCidr(text) ?? []);

describe("a pool, as nftables is told", () => {
  const two = cidrs("203.0.113.10/32", "203.0.113.11/32");
  test("one after the other", () =>
    expect(snatTexts(two, 4, "in-turn")).toEqual([
      "snat ip to numgen inc mod 2 map { 0 : 203.0.113.10, 1 : 203.0.113.11 }",
    ]));
  test("a client keeps its own", () =>
    expect(snatTexts(two, 4, "by-source")[0]).toMatch(/^snat ip to jhash ip saddr mod 2 seed \S+ map /));
  test("a client keeps one towards each destination", () =>
    expect(snatTexts(two, 4, "by-destination")[0]).toMatch(
      /^snat ip to jhash ip saddr \. ip daddr mod 2 seed \S+ map /,
    ));
  test("a block of ports, where there are ports", () =>
    expect(snatTexts(cidrs("203.0.113.10/32"), 4, "port-blocks")).toEqual([
      "meta l4proto { tcp, udp } snat ip to 203.0.113.10:1024-1087",
      "snat ip to 203.0.113.10",
    ]));
  test("every block of one pool is chosen by one hash", () => {
    const chosen = snatTexts(two, 4, "port-blocks").map((text) => /^jhash ip saddr mod 2 seed (\S+) (\d)/.exec(text));
    expect(new Set(chosen.map((found) => found?.[1])).size).toBe(1);
    expect(chosen.map((found) => found?.[2])).toEqual(["0", "0", "1", "1"]);
  });
  test.each(POOL_STYLES)("%s: one address needs no choice", (style) =>
    expect(snatTexts(cidrs("2001:db8::1/128"), 6, style).join()).not.toMatch(/jhash|numgen/),
  );
  test.each(POOL_STYLES)("%s: none of this family", (style) => expect(snatTexts(two, 6, style)).toEqual([]));
  test("a large pool is sampled", () =>
    expect(snatTexts(cidrs("198.51.100.0/24"), 4, "in-turn")[0]).toContain("numgen inc mod 64"));
});
