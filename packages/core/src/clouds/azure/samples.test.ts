import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { listOf, setOfCidrs } from "../../address/address-set.ts";
import { parseIp } from "../../address/ip.ts";
import { outcomesAt } from "../../resolve/resolve.ts";
import { azure } from "./index.ts";
import { readInventory } from "./read/inventory.ts";
import { nameOf, parentOf } from "./read/resource-id.ts";
import { documentOf, nic } from "./testing.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../../../../shared/samples/azure-config");
const present = existsSync(folder);
const sample = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const expected = (name: string) => sample(`${name}.expect.json`);
const inventoryOf = (name: string) => {
  const value = sample(name);
  const documents = (Array.isArray(value) ? value : [value]).map((one) => documentOf(one, name));
  return readInventory(documents).inventory;
};

if (!present) console.warn(`skipped: no samples at ${folder}`);

describe.skipIf(!present)("the samples of Azure exports", () => {
  test("a NAT gateway by REST: only links, no addresses", () => {
    const name = "nat-gateway-rest.json";
    const [gateway] = [...inventoryOf(name).natGateways.values()];
    expect({
      name: gateway?.name,
      publicIpIds: gateway?.publicIps.map(nameOf),
      publicIpPrefixIds: gateway?.prefixes.map(nameOf),
      subnets: gateway?.subnets.map((key) => `${nameOf(parentOf(key))}/${nameOf(key)}`),
    }).toEqual({
      name: expected(name).name,
      publicIpIds: expected(name).publicIpIds,
      publicIpPrefixIds: expected(name).publicIpPrefixIds,
      subnets: expected(name).subnets,
    });
  });

  test("a prefix is all its addresses", () => {
    const name = "public-ip-prefix-constructed.json";
    const [prefix] = [...inventoryOf(name).publicIpPrefixes.values()];
    expect(prefix?.prefix).toBe(expected(name).prefix);
    expect(prefix?.prefix && listOf(setOfCidrs([prefix.prefix]))).toEqual(expected(name).addresses);
  });

  test("three NICs", () => {
    const name = "nic-list-three-nics-founding-scenario4-constructed.json";
    const nics = [...inventoryOf(name).nics.values()].map((one) => {
      const [configuration] = one.configurations;
      return {
        name: one.name,
        primary: one.primary,
        address: configuration?.cidr.replace("/32", ""),
        publicIpId: configuration?.publicIp ? nameOf(configuration.publicIp) : null,
        backendPools: configuration?.pools.map((pool) => `${nameOf(parentOf(pool))}/${nameOf(pool)}`),
      };
    });
    expect(nics).toEqual(expected(name).nics);
  });

  test("three NICs and nothing else: what they refer to is unknown, never absent", () => {
    const value = sample("nic-list-three-nics-founding-scenario4-constructed.json") as unknown[];
    const [host] = azure.compile(value.map((one) => documentOf(one))).value.hosts;
    if (host === undefined) throw new Error("no host");
    const destination = parseIp("192.0.2.50");
    if (destination === undefined) throw new Error("no destination");
    for (const one of host.interfaces) {
      const asked = {
        sender: { host, interface: one, source: null },
        guest: null,
        protocol: "tcp",
        port: 443,
      } as const;
      expect(outcomesAt(asked, destination).map(({ identity }) => identity.kind)).toEqual(["unknown"]);
    }
  });

  test.each([
    ["nic-effective-routes-default.json", "172.20.2.4"],
    ["nic-effective-routes-udr-constructed.json", "10.1.0.4"],
  ])("%s: every row, and the one that is selected", (name, address) => {
    const rows = inventoryOf(name).effective.flatMap(({ routes }) =>
      routes.flatMap((route) =>
        route.prefixes.map((prefix) => ({
          prefix,
          nextHopType: route.hopType,
          nextHop: route.hopAddresses[0] ?? null,
          source: route.source,
          state: route.active ? "active" : "invalid",
        })),
      ),
    );
    const lower = (row: Record<string, string | null>) => ({
      ...row,
      nextHopType: row.nextHopType?.toLowerCase(),
      source: row.source?.toLowerCase(),
      state: row.state?.toLowerCase(),
    });
    expect(rows).toEqual(expected(name).routes.map(lower));
    const estate = azure.compile([documentOf(nic("n", address, "v/s")), documentOf(sample(name), name)]).value;
    const stage = estate.hosts[0]?.interfaces[0]?.egress.routes.stages.at(-1);
    const chosen = stage?.routes.filter(({ prefix }) => prefix === "0.0.0.0/0").map(({ hop }) => hop);
    const [wanted] = Object.values(expected(name).selectedFor as Record<string, string>);
    expect(
      chosen?.map((hop) => (hop.kind === "appliance" ? `VirtualAppliance ${hop.appliances[0]?.name}` : hop.kind)),
    ).toEqual([wanted === "Internet" ? "internet" : wanted]);
  });
});
