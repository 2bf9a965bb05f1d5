import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { addressOf } from "../address/cidr.ts";
import { familyOf, type Ip, ipFromNumber, ipToNumber, ipv4ToNumber } from "../address/ip.ts";
import { stepAt } from "../address/step-function.ts";
import { readEstate } from "../clouds/read-estate.ts";
import type { Estate } from "../model/estate.ts";
import { identityKey } from "../resolve/combine.ts";
import { edgesOf } from "../resolve/edges.ts";
import { sentFrom } from "../resolve/resolve.ts";
import { joinConfig, type Scenario } from "../scenario/scenario.ts";
import { base, docs, nic, vm } from "../testing/gcp.ts";
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
  const { map, from, own } = one;
  return probesOf(one).flatMap((destination) =>
    map.traffic.flatMap(({ protocol, ports }, index) => {
      const port = ports?.last ?? null;
      const { answer, certainty } = predictionOf(
        sentFrom(from.interface, from.source, { protocol, port }, destination, from.among),
        false,
      );
      const found = map.answers[map.profiles[stepAt(map.steps, position(destination))]?.[index] ?? -1];
      if (found === undefined) return [`${destination} has no answer`];
      const mine = shownFor(found.identity, { ...own, shown: own.computed });
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
  const vms = [1, 2, 3, 4].map((n) =>
    vm(`m${n}`, [
      nic({
        networkIP: `10.20.0.${n + 10}`,
        accessConfigs: n < 4 ? [{ type: "ONE_TO_ONE_NAT", natIP: `203.0.113.${n}` }] : [],
        aliasIpRanges: n === 3 ? [{ ipCidrRange: "10.20.0.128/28" }] : [],
      }),
    ]),
  );
  const { value } = await readEstate(docs(...base, ...vms));
  const map = mapEstate(value, { spoiled: false });
  expect(map.interfaces.flatMap(({ sources }) => sources.flatMap(differences))).toEqual([]);
  const classOf = (name: string) => map.interfaces.find(({ host }) => host.name === name)?.class;
  expect(classOf("m1")).toBe(classOf("m2"));
  expect(new Set(["vm1", "m1", "m3", "m4"].map(classOf)).size).toBe(3);
  expect(classOf("vm1")).toBe(classOf("m4"));
});
