import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentOf, idOf, network, nic, refTo, resource, route, subnet } from "../testing.ts";
import { readInventory } from "./inventory.ts";

const read = (...values: unknown[]) => readInventory(values.map((value, index) => documentOf(value, `f${index}.json`)));
const codes = (...values: unknown[]) => read(...values).problems.map(({ code }) => code);

const id = idOf("Network/networkInterfaces", "nic1");
const lifted = nic("nic1", "10.0.1.4", "v/s", { enableIPForwarding: true, macAddress: "00-0D-3A-00-00-01" });
const { ipConfigurations: _, ...outer } = { ...lifted, ipConfigurations: null };
const arm = {
  id,
  name: "nic1",
  type: "Microsoft.Network/networkInterfaces",
  location: "westeurope",
  properties: {
    primary: true,
    enableIPForwarding: true,
    macAddress: "00-0D-3A-00-00-01",
    virtualMachine: refTo("Compute/virtualMachines", "vm1"),
    ipConfigurations: [
      {
        name: "ipconfig1",
        properties: {
          primary: true,
          privateIPAddress: "10.0.1.4",
          subnet: { id: `${idOf("Network/virtualNetworks", "v")}/subnets/s` },
        },
      },
    ],
  },
};

describe("one NIC in every shape that Azure's tools write", () => {
  const older = JSON.parse(
    JSON.stringify(lifted)
      .replace("privateIPAddress", "privateIpAddress")
      .replace("enableIPForwarding", "enableIpForwarding")
      .replace("Microsoft.Network/networkInterfaces", "microsoft.network/networkinterfaces"),
  );
  test.each([
    ["az network nic show", lifted],
    ["an older az, other casing", older],
    ["REST", arm],
    ["a list of REST", { value: [arm] }],
    ["Resource Graph", { data: [arm], count: 1, total_records: 1, skip_token: null }],
    ["a plain list", [arm]],
  ])("%s", (_name, value) => {
    const { inventory, problems } = read(value);
    expect(problems).toEqual([]);
    expect([...inventory.nics.values()]).toEqual([
      expect.objectContaining({
        name: "nic1",
        primary: true,
        mac: "00:0d:3a:00:00:01",
        ipForwarding: true,
        defaultOutbound: null,
        configurations: [expect.objectContaining({ cidr: "10.0.1.4/32", primary: true, publicIp: null })],
      }),
    ]);
  });

  test("the line of an element of a list", () => {
    const { inventory } = read({ value: [arm] });
    expect(inventory.nics.get(id.toLowerCase())?.origin).toEqual({ file: "f0.json", line: 10 });
  });
});

describe("absent, null and false are three things", () => {
  test.each([
    [{}, null],
    [{ defaultOutboundAccess: null }, null],
    [{ defaultOutboundAccess: false }, false],
    [{ defaultOutboundAccess: true }, true],
  ])("%j", (members, expected) => {
    const { inventory } = read(subnet("v/s", "10.0.1.0/24", members));
    expect([...inventory.subnets.values()][0]?.defaultOutboundAccess).toBe(expected);
  });
});

describe("what is not there, or not right", () => {
  test("nothing", () => expect(read().problems).toEqual([]));
  test("of no interest", () => expect(codes(resource("Compute/disks", "d", {}))).toEqual([]));
  test("an empty list of gateways is told by the file's name", () => {
    expect(readInventory([documentOf([], "export/vnet-gateways.json")]).inventory.noGateways).toBe(true);
    expect(readInventory([documentOf([], "export/nat-gateways.json")]).inventory.noGateways).toBe(false);
  });
  test("a reference is no resource", () => {
    const { inventory, problems } = read({ id: idOf("Network/networkInterfaces", "n"), resourceGroup: "rg" });
    expect([inventory.nics.size, problems.length]).toEqual([0, 0]);
  });
  test.each([
    ["cut down by a query", { id, name: "nic1", location: "x" }, "ipconfigurations"],
    ["a wrong type", { ...outer, ipConfigurations: "10.0.1.4" }, "ipconfigurations"],
    ["a wrong type inside", nic("nic1", "10.0.1.4", "v/s", {}, { subnet: "s" }), "ipconfigurations.0.subnet"],
    ["no address", nic("nic1", "10.0.1.400", "v/s"), "ipconfigurations.0.privateipaddress"],
    ["a text for a flag", nic("nic1", "10.0.1.4", "v/s", { enableIPForwarding: "no" }), "enableipforwarding"],
  ])("%s: a problem that says where, and the resource counts as not exported", (_name, value, path) => {
    const { inventory, problems } = read(value);
    expect(inventory.nics.size).toBe(0);
    expect(problems).toMatchObject([{ level: "error", code: "azure/unreadable-resource", file: "f0.json", line: 1 }]);
    expect(problems[0]?.text.en).toContain(path);
  });
  test("without an id", () =>
    expect(codes({ type: "Microsoft.Network/natGateways", name: "n" })).toEqual(["azure/no-id"]));
  test("one page of a list", () => {
    expect(codes({ value: [arm], nextLink: "https://management.example/next" })).toEqual(["azure/list-goes-on"]);
    expect(codes({ data: [arm], count: 1, skip_token: "abc" })).toEqual(["azure/list-goes-on"]);
  });
  test("a part that cannot be read makes the whole unknown, never smaller", () => {
    const rule = { name: "r", frontendIPConfigurations: 5 };
    const lb = resource("Network/loadBalancers", "lb", { frontendIPConfigurations: [], outboundRules: [rule] });
    const { inventory, problems } = read(lb);
    expect(inventory.loadBalancers.size).toBe(0);
    expect(problems).toHaveLength(1);
  });
  test("a part whose id belongs to another resource, as when ids were replaced unevenly", () => {
    const pool = { id: `${idOf("Network/loadBalancers", "lbX")}/backendAddressPools/p`, name: "p" };
    const balancer = resource("Network/loadBalancers", "lb1", {
      sku: { name: "Standard" },
      frontendIPConfigurations: [],
      loadBalancingRules: [],
      backendAddressPools: [pool],
    });
    expect(codes(balancer)).toContain("azure/part-of-other");
  });
  test("a prefix that is neither prefix nor service tag", () => {
    const table = resource("Network/routeTables", "t", {
      routes: [{ name: "r", addressPrefix: "10.0.0.0/33", nextHopType: "None" }],
    });
    const { inventory, problems } = read(table);
    expect([inventory.routeTables.size, problems.length]).toEqual([0, 1]);
  });
});

describe("the same resource twice", () => {
  const inside = network("v", "10.0.0.0/16", { subnets: [subnet("v/s", "10.0.1.0/24")] });
  test("nested and alone, alike: one, without a word", () => {
    const { inventory, problems } = read(inside, subnet("v/s", "10.0.1.0/24", { etag: "other", type: "x" }));
    expect([inventory.subnets.size, problems.length]).toEqual([1, 0]);
  });
  test("different: the last counts, and both places are named", () => {
    const nat = refTo("Network/natGateways", "nat");
    const { inventory, problems } = read(inside, subnet("v/s", "10.0.1.0/24", { natGateway: nat }));
    expect([...inventory.subnets.values()][0]?.natGateway).toBe(nat.id);
    expect(problems).toMatchObject([{ level: "warning", code: "azure/given-twice", file: "f1.json" }]);
    expect(problems[0]?.text.en).toContain("f0.json:1 and f1.json:1");
  });
  test("a later copy without one of its parts", () => {
    const { inventory, problems } = read(inside, network("v", "10.0.0.0/16", { subnets: [] }));
    expect([inventory.subnets.size, problems.map(({ code }) => code)]).toEqual([0, ["azure/given-twice"]]);
  });
});

describe("effective routes", () => {
  const rows = [route("10.0.0.0/16", "VnetLocal"), route("0.0.0.0/0", "Internet", "Default", "Invalid")];
  test.each([
    ["an answer of az", [{ value: rows, nextLink: null }]],
    ["bare elements of one file", rows],
    ["the older sample", [{ value: rows.map((row) => ({ additionalProperties: { x: 1 }, ...row })) }]],
    ["prefixes as text", [{ value: rows.map((row) => ({ ...row, addressPrefix: row.addressPrefix[0] })) }]],
  ])("%s", (_name, values) => {
    const { inventory } = readInventory(values.map((value) => documentOf(value, "nic1.json")));
    expect(inventory.effective).toHaveLength(1);
    expect(inventory.effective[0]?.routes.map(({ hopType, active }) => [hopType, active])).toEqual([
      ["vnetlocal", true],
      ["internet", false],
    ]);
  });
  test("a row that cannot be read leaves the table in doubt", () => {
    const { inventory, problems } = read({ value: [...rows, { ...route("10.0.0.0/8", "None"), addressPrefix: 7 }] });
    expect(inventory.effective[0]?.complete).toBe(false);
    expect(problems).toMatchObject([{ level: "error", code: "azure/unreadable-effective-route" }]);
  });
});

describe("no input throws", () => {
  test("any JSON", () => {
    fc.assert(fc.property(fc.array(fc.jsonValue({ maxDepth: 6 })), (values) => void read(...values)));
  });
  test("a hundred thousand levels", () => {
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level += 1) deep = { properties: deep };
    expect(() => read({ id, properties: deep })).not.toThrow();
  });
  test("members named like those of every object", () => {
    const odd = JSON.parse(`{"id":"${id}","__proto__":{"x":1},"constructor":1,"ipConfigurations":[]}`);
    expect(read(odd).problems).toEqual([]);
  });
});
