import { setOfCidrs } from "@seenas/core";
import { expect, test } from "vitest";
import { layPath } from "./path.ts";
import type { Wire } from "./plan.ts";
import { Router } from "./router.ts";

const BLOCKED = {
  kind: "blocked",
  addresses: setOfCidrs([]),
  complete: true,
  translator: null,
  resource: null,
  stability: "unknown",
  draining: setOfCidrs([]),
} as const;

function laid(path: Parameters<typeof layPath>[0]) {
  const wires: Wire[] = [];
  let count = 0;
  const add = (): Router => {
    count += 1;
    return new Router(`r${count}`, 4, { assumed: new Set(), identity: BLOCKED, pool: "in-turn", isBefore: false });
  };
  const ends = layPath(path, { node: "r0", device: "out0" }, add, wires);
  const text = wires.map(({ from, to }) => `${from.node} ${from.device} > ${to.node} ${to.device}`);
  return { text, ends: ends.map(({ node, device }) => `${node} ${device}`) };
}

test("without a path the end stays free", () => expect(laid([])).toEqual({ text: [], ends: ["r0 out0"] }));

test("one after the other", () =>
  expect(laid(["192.0.2.1", "*"])).toEqual({ text: ["r0 out0 > r1 in0", "r1 out0 > r2 in0"], ends: ["r2 out0"] }));

test("each leads to every branch, and all of those to the next", () =>
  expect(laid(["192.0.2.1", ["192.0.2.5", "192.0.2.9"], "192.0.2.13"])).toEqual({
    text: ["r0 out0 > r1 in0", "r1 out0 > r2 in0", "r1 out1 > r3 in0", "r2 out0 > r4 in0", "r3 out0 > r4 in1"],
    ends: ["r4 out0"],
  }));

test("branches begin behind one device, and may end at the destination", () =>
  expect(laid([["192.0.2.1", "192.0.2.5"]])).toEqual({
    text: ["r0 out0 > r1 in0", "r1 out0 > r2 in0", "r1 out1 > r3 in0"],
    ends: ["r2 out0", "r3 out0"],
  }));
