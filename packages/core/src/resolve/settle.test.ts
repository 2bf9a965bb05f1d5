import { expect, test } from "vitest";
import { setOf, setOfCidrs } from "../address/address-set.ts";
import { cidrs } from "../address/cidr.ts";
import type { Pending } from "../model/estate.ts";
import { ip } from "../testing/gcp.ts";
import { BLOCKED } from "./packet.ts";
import { settled } from "./settle.ts";

const pendingOf = (name: string, within: Pending["within"] = []): Pending => ({
  name,
  within,
  assumption: { id: `later:${name}`, basis: "open", text: { en: name, zh: name }, ask: null },
});

const pending = new Map([
  [ip("0.0.0.1"), pendingOf("nat")],
  [ip("10.0.0.0"), pendingOf("vm", cidrs("10.0.0.0/24"))],
]);

const outcome = (...addresses: readonly string[]) => ({
  identity: { ...BLOCKED, kind: "translated" as const, addresses: setOf(...addresses.map(ip)) },
  assumptions: [],
  steps: [],
  againstDefault: false,
});

test("a pool with an address to come is not complete", () => {
  const { identity, assumptions } = settled(outcome("0.0.0.1", "203.0.113.7"), pending);
  expect(identity).toMatchObject({ kind: "translated", addresses: setOf(ip("203.0.113.7")), complete: false });
  expect(assumptions.map(({ id }) => id)).toEqual(["later:nat"]);
});

test("nothing but an address to come is unknown", () => {
  expect(settled(outcome("0.0.0.1"), pending).identity).toMatchObject({
    kind: "unknown",
    addresses: [],
    complete: false,
  });
});

test("an address to come from a known range is that range", () => {
  const { identity, assumptions } = settled(outcome("10.0.0.0"), pending);
  expect(identity).toMatchObject({ addresses: setOfCidrs(cidrs("10.0.0.0/24")), complete: true });
  expect(assumptions).toHaveLength(1);
});

test("a stand-in that joined its neighbour is found", () => {
  const { identity } = settled(outcome("0.0.0.0", "0.0.0.1"), pending);
  expect(identity.addresses).toEqual(setOf(ip("0.0.0.0")));
});

test("what holds no stand-in stays as it is", () => {
  expect(settled(outcome("203.0.113.7"), pending)).toEqual(outcome("203.0.113.7"));
});
