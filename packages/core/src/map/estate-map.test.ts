import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { addressOf, cidrContains } from "../address/cidr.ts";
import { familyOf, type Ip, ipFromNumber, ipToNumber, ipv4ToNumber } from "../address/ip.ts";
import { stepAt } from "../address/step-function.ts";
import { readEstate } from "../clouds/read-estate.ts";
import type { Estate } from "../model/estate.ts";
import { identityKey } from "../resolve/combine.ts";
import { edgesOf } from "../resolve/edges.ts";
import { sentFrom } from "../resolve/resolve.ts";
import { joinConfig, type Scenario } from "../testing/scenario.ts";
import { predictionOf } from "../verdict/predict.ts";
import { mapEstate, type SourceMap } from "./estate-map.ts";
import { shownFor } from "./own.ts";

const folder = fileURLToPath(new URL("../../../../scenarios/", import.meta.url));

function configOf(path: string): readonly unknown[] {
  const { extends: below, config } = parse(readFileSync(path, "utf8")) as Pick<Scenario, "extends" | "config">;
  const here = path.slice(0, path.lastIndexOf("/"));
  return below === undefined ? config : joinConfig(configOf(`${here}/${below}.yaml`), { config } as Scenario);
}

async function estateOf(path: string): Promise<Estate> {
  const documents = configOf(path).map((value, index) => ({
    origin: { file: path, line: index + 1 },
    value,
    linesOf: () => [],
  }));
  return (await readEstate(documents)).value;
}

/** Every edge that the walk over the model names, the address before it, and some in between. */
function probesOf({ from }: SourceMap): readonly Ip[] {
  const { egress } = from.interface;
  const edges = edgesOf(egress).filter((cidr) => familyOf(addressOf(cidr)) === from.family);
  const end = 1n << (from.family === 4 ? 32n : 128n);
  const numbers = edges.flatMap((cidr) => {
    const first = ipToNumber(addressOf(cidr));
    return [first - 1n, first, first + 1n, (first * 48271n + 11n) % end];
  });
  return [...new Set(numbers)].filter((one) => one >= 0n && one < end).map((one) => ipFromNumber(from.family, one));
}

const position = (ip: Ip) => (familyOf(ip) === 4 ? ipv4ToNumber(ip) : ipToNumber(ip));

function differences(one: SourceMap): readonly string[] {
  const { map, from, computed, own } = one;
  return probesOf(one).flatMap((destination) =>
    map.traffic.flatMap(({ protocol, ports }, index) => {
      const port = ports?.last ?? null;
      const { answer, certainty } = predictionOf(
        sentFrom(from.interface, from.source, { protocol, port }, destination),
        false,
      );
      const found = map.answers[map.profiles[stepAt(map.steps, position(destination))]?.[index] ?? -1];
      if (found === undefined) return [`${destination} has no answer`];
      const mine = shownFor(found.identity, computed, { ...own, shown: own.computed });
      const same = identityKey(mine) === identityKey(answer) && found.certainty === certainty;
      return same ? [] : [`${from.interface.id} ${from.source} > ${destination} ${protocol}/${port}`];
    }),
  );
}

const files = existsSync(folder)
  ? ["gcp", "azure", "aws"].flatMap((cloud) =>
      existsSync(folder + cloud) ? readdirSync(folder + cloud).map((name) => `${folder}${cloud}/${name}`) : [],
    )
  : [];

describe("the map says of every address what the look-up of one flow says", () => {
  test.each(files.map((path) => path.slice(folder.length)))("%s", async (name) => {
    const estate = await estateOf(folder + name);
    const { interfaces } = mapEstate(estate, { spoiled: false });
    expect(interfaces.flatMap(({ sources }) => sources.flatMap(differences))).toEqual([]);
  });
});

test("what was probed holds the edges", () => expect(files.length).toBeGreaterThan(100));

test("senders that differ in their own addresses alone share a map", async () => {
  const { syntheticEstate } = (await import("../../../../bench/estate.mjs")) as {
    syntheticEstate(size: { vms: number; routes: number; seed: number }): { text: string };
  };
  const documents = (JSON.parse(syntheticEstate({ vms: 6, routes: 12, seed: 7 }).text) as unknown[]).map((value) => ({
    origin: { file: "estate.json", line: 1 },
    value,
    linesOf: () => [],
  }));
  const { value } = await readEstate(documents);
  const map = mapEstate(value, { spoiled: false });
  expect(map.interfaces.length).toBe(6);
  expect(new Set(map.interfaces.map((one) => one.class)).size).toBe(1);
  expect(map.interfaces.flatMap(({ sources }) => sources.flatMap(differences))).toEqual([]);
  const [first] = map.interfaces;
  expect(first?.sources.some(({ from }) => cidrContains(from.cidr, from.source))).toBe(true);
});
