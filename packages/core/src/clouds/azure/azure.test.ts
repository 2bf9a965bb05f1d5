import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cidr } from "../../address/cidr.ts";
import type { Ip } from "../../address/ip.ts";
import { parseIp } from "../../address/ip.ts";
import type { Protocol } from "../../model/flow.ts";
import { outcomesAt } from "../../resolve/resolve.ts";
import { mappedAddress } from "./compile/gateway.ts";
import { azure } from "./index.ts";
import { azureListKind, isAzure } from "./recognise.ts";
import { documentOf, idOf, network, nic, refTo, resource, route, subnet } from "./testing.ts";

const compile = (...values: unknown[]) =>
  azure.compile(values.map((value, index) => documentOf(value, `f${index}.json`)));

function seen(
  values: readonly unknown[],
  to: string,
  options: { protocol?: Protocol; source?: string; port?: number } = {},
) {
  const [host] = compile(...values).value.hosts;
  const destination = parseIp(to);
  if (host === undefined || destination === undefined) throw new Error("nothing to ask");
  const source = options.source === undefined ? null : (parseIp(options.source) ?? null);
  const asked = {
    sender: { host, interface: null, source },
    guest: null,
    protocol: options.protocol ?? "tcp",
    port: options.port ?? 80,
  } as const;
  return outcomesAt(asked, destination).map(({ identity, assumptions }) => ({
    kind: identity.kind,
    addresses: identity.addresses.join(),
    open: assumptions.filter(({ basis }) => basis === "open").map(({ id }) => id),
  }));
}

const TO = "192.0.2.50";
const pip = (name: string, ipAddress: string | null, method = "Static", sku = "Standard") =>
  resource("Network/publicIPAddresses", name, { sku: { name: sku }, ipAddress, publicIPAllocationMethod: method });
const withPip = { publicIPAddress: refTo("Network/publicIPAddresses", "p1") };
const table = (...routes: object[]) =>
  resource("Network/routeTables", "rt", { routes: routes.map((one, index) => ({ name: `r${index}`, ...one })) });
const routed = { routeTable: refTo("Network/routeTables", "rt") };
const udr = (addressPrefix: string, nextHopType: string, nextHopIpAddress?: string) => ({
  addressPrefix,
  nextHopType,
  nextHopIpAddress: nextHopIpAddress ?? null,
});
const base = [network("v", "10.0.0.0/16"), subnet("v/s", "10.0.1.0/24")];

// https://learn.microsoft.com/azure/firewall/rule-processing: denied until a rule allows it
describe("what an Azure Firewall lets pass", () => {
  const whole = {
    protocols: ["TCP", "ICMP"],
    sourceAddresses: ["10.0.0.0/16"],
    destinationAddresses: ["192.0.2.0/24"],
    destinationPorts: ["443"],
  };
  const behind = (members: object) => [
    base[0],
    subnet("v/s", "10.0.1.0/24", routed),
    subnet("v/AzureFirewallSubnet", "10.0.9.0/26"),
    table(udr("0.0.0.0/0", "VirtualAppliance", "10.0.9.4")),
    nic("nic1", "10.0.1.4", "v/s"),
    pip("p1", "203.0.113.11"),
    resource("Network/azureFirewalls", "fw", {
      ipConfigurations: [
        {
          privateIPAddress: "10.0.9.4",
          subnet: { id: `${idOf("Network/virtualNetworks", "v")}/subnets/AzureFirewallSubnet` },
          ...withPip,
        },
      ],
      ...members,
    }),
  ];
  const rules = (...some: object[]) => ({
    networkRuleCollections: [{ action: { type: "Allow" }, rules: some }],
    applicationRuleCollections: [],
  });
  const kinds = (members: object, options: { protocol?: Protocol; port?: number }) =>
    seen(behind(members), TO, options).map(({ kind }) => kind);
  const without = (member: string) => Object.fromEntries(Object.entries(whole).filter(([name]) => name !== member));
  const web = { port: 443 };
  test.each([
    ["no rules at all", { networkRuleCollections: [], applicationRuleCollections: [] }, web, ["blocked"]],
    ["a rule that allows it", rules(whole), web, ["translated"]],
    ["a rule for another port", rules(whole), { port: 80 }, ["blocked"]],
    ["a rule for ICMP, which has no ports", rules(whole), { protocol: "icmp" }, ["translated"]],
    ["a rule for other protocols", rules(whole), { protocol: "udp", port: 443 }, ["blocked"]],
    ["rules that are not shown", {}, web, ["translated", "blocked"]],
    ["a rule that lacks its destinations", rules(without("destinationAddresses")), web, ["translated", "blocked"]],
    ["a rule that names a tag", rules({ ...whole, destinationAddresses: ["Storage"] }), web, ["translated", "blocked"]],
  ] as const)("%s", (_, members, options, expected) => {
    expect(kinds(members, options)).toEqual(expected);
  });
});

describe("routes of a subnet", () => {
  const one = nic("nic1", "10.0.1.4", "v/s", {}, withPip);
  const p1 = pip("p1", "203.0.113.11");
  test("private space that nobody uses is dropped", () => {
    expect(seen([...base, one, p1], "10.9.9.9")).toMatchObject([{ kind: "blocked" }]);
    expect(seen([...base, one, p1], "10.0.7.7")).toMatchObject([{ kind: "preserved", addresses: "10.0.1.4/32" }]);
  });
  test("a route to None", () => {
    const values = [base[0], subnet("v/s", "10.0.1.0/24", routed), table(udr("192.0.2.0/24", "None")), one, p1];
    expect(seen(values, TO)).toMatchObject([{ kind: "blocked" }]);
    expect(seen(values, "198.51.100.1")).toMatchObject([{ kind: "translated", addresses: "203.0.113.11/32" }]);
  });
  test("a route table that is not in the export", () => {
    const values = [base[0], subnet("v/s", "10.0.1.0/24", routed), one, p1];
    expect(seen(values, TO)).toEqual([{ kind: "unknown", addresses: "", open: ["azure/not-exported:rt"] }]);
  });
  test("a service tag without the list of tags stays open beside the default", () => {
    const values = [base[0], subnet("v/s", "10.0.1.0/24", routed), table(udr("Storage", "None")), one, p1];
    expect(seen(values, TO).map(({ kind }) => kind)).toEqual(["translated", "unknown"]);
  });
  test("a gateway in the network and no effective routes: either way", () => {
    const gateway = resource("Network/virtualNetworkGateways", "gw", {
      gatewayType: "ExpressRoute",
      ipConfigurations: [{ subnet: { id: `${idOf("Network/virtualNetworks", "v")}/subnets/GatewaySubnet` } }],
    });
    const outcomes = seen([...base, one, p1, gateway], TO);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["translated", "unpredictable"]);
    expect(outcomes.every(({ open }) => open.length > 0)).toBe(true);
    expect(seen([...base, one, p1, gateway], "10.0.7.7")).toMatchObject([{ kind: "preserved", open: [] }]);
  });
  test("a gateway in the gateway subnet, or a Route Server: an empty list of gateways does not deny it", () => {
    const none = documentOf({ value: [] }, "vnet-gateways.json");
    const opened = (...values: unknown[]) => {
      const documents = [...base, one, p1, ...values].map((value) => documentOf(value));
      const [host] = azure.compile([...documents, none]).value.hosts;
      return (host?.interfaces[0]?.egress.routes.stages ?? []).flatMap(({ gaps }) =>
        gaps.map(({ harmless }) => [harmless.basis, harmless.ask?.command?.split(" -o")[0]]),
      );
    };
    const effective = "az network nic show-effective-route-table -g rg -n nic1";
    const gateway = `${idOf("Network/virtualNetworkGateways", "gw")}/ipConfigurations/default`;
    const inSubnet = subnet("v/GatewaySubnet", "10.0.255.0/27", { ipConfigurations: [{ id: gateway }] });
    expect(opened()).toEqual([]);
    expect(opened(subnet("v/GatewaySubnet", "10.0.255.0/27"))).toEqual([]);
    expect(opened(inSubnet)).toEqual([
      ["open", "az network vnet-gateway list -g rg"],
      ["open", "az network vnet-gateway list -g rg"],
    ]);
    const server = resource("Network/virtualHubs", "rs", { kind: "RouteServer" });
    expect(opened(subnet("v/RouteServerSubnet", "10.0.254.0/26"))).toEqual([["open", effective]]);
    expect(opened(server)).toEqual([["open", effective]]);
    expect(opened(server, subnet("w/RouteServerSubnet", "10.1.254.0/26"))).toEqual([]);
  });
  test("a default site of the VPN gateway, with and without its connection", () => {
    const site = refTo("Network/localNetworkGateways", "site");
    const gatewayOf = (members: object) =>
      resource("Network/virtualNetworkGateways", "gw", {
        gatewayType: "Vpn",
        ipConfigurations: [{ subnet: { id: `${idOf("Network/virtualNetworks", "v")}/subnets/GatewaySubnet` } }],
        ...members,
      });
    const to = (name: string) => [
      resource("Network/localNetworkGateways", name, {
        localNetworkAddressSpace: { addressPrefixes: ["172.16.0.0/16"] },
      }),
      resource("Network/connections", `to-${name}`, {
        virtualNetworkGateway1: refTo("Network/virtualNetworkGateways", "gw"),
        localNetworkGateway2: refTo("Network/localNetworkGateways", name),
      }),
    ];
    const own = { kind: "translated", addresses: "203.0.113.11/32" };
    const edge = { kind: "unpredictable", addresses: "" };
    const forced = gatewayOf({ gatewayDefaultSite: site });
    expect(seen([...base, one, p1, gatewayOf({}), ...to("site")], TO)).toMatchObject([{ ...own, open: [] }]);
    expect(seen([...base, one, p1, forced, ...to("site")], TO)).toMatchObject([
      { ...edge, open: ["azure/on-premises-edge"] },
    ]);
    const other = seen([...base, one, p1, forced, ...to("branch")], TO);
    expect(other).toMatchObject([own, edge]);
    expect(other.every(({ open }) => open.length > 0)).toBe(true);
  });
  test("an ingress rule changes where a site is, and a missing one leaves it open", () => {
    const gw = idOf("Network/virtualNetworkGateways", "gw");
    const through = (internal: string, external: string, members: object = {}) => [
      resource("Network/virtualNetworkGateways", "gw", {
        gatewayType: "Vpn",
        ipConfigurations: [{ subnet: { id: `${idOf("Network/virtualNetworks", "v")}/subnets/GatewaySubnet` } }],
        natRules: [
          {
            name: "in",
            mode: "IngressSnat",
            typePropertiesType: "Static",
            internalMappings: [{ addressSpace: internal }],
            externalMappings: [{ addressSpace: external }],
            ...members,
          },
        ],
      }),
      resource("Network/localNetworkGateways", "site", {
        localNetworkAddressSpace: { addressPrefixes: ["172.16.4.0/24"] },
      }),
      resource("Network/connections", "to-site", {
        virtualNetworkGateway1: { id: gw },
        localNetworkGateway2: refTo("Network/localNetworkGateways", "site"),
        ingressNatRules: [{ id: `${gw}/natRules/in` }],
      }),
    ];
    const at = (to: string, values: readonly object[]) => seen([...base, one, p1, ...values], to);
    const kept = { kind: "preserved", addresses: "10.0.1.4/32", open: [] };
    const whole = through("172.16.4.0/24", "172.31.9.0/24");
    expect(at("172.31.9.7", whole)).toEqual([kept, expect.objectContaining({ kind: "unpredictable" })]);
    expect(at("172.16.4.7", whole)).toMatchObject([{ kind: "blocked", open: [] }]);
    const wider = through("172.16.0.0/16", "172.31.0.0/16");
    expect(at("172.31.4.7", wider)).toMatchObject([kept, {}]);
    expect(at("172.31.5.7", wider)).toMatchObject([{ kind: "blocked", open: [] }]);
    expect(at("172.16.4.7", through("192.168.1.0/24", "172.31.9.0/24"))).toMatchObject([kept, {}]);
    const unclear = [
      through("172.16.4.0/25", "172.31.9.0/25"),
      through("172.16.4.0/24", "172.31.9.0/24", { typePropertiesType: "Dynamic" }),
      through("172.16.4.0/24", "172.31.9.0/24", { name: "another" }),
    ];
    for (const values of unclear)
      for (const to of ["172.31.9.7", "172.16.4.7"])
        expect(at(to, values).every(({ open }) => open.length > 0)).toBe(true);
  });
  test("the address of a next hop is looked for in the network and its connected peers", () => {
    const peer = (from: string, to: string, peeringState: string) => ({
      id: `${idOf("Network/virtualNetworks", from)}/virtualNetworkPeerings/${to}`,
      name: to,
      peeringState,
      remoteVirtualNetwork: refTo("Network/virtualNetworks", to),
      remoteAddressSpace: { addressPrefixes: ["10.9.0.0/16"] },
    });
    const hub = { id: `${idOf("Network/virtualNetworks", "hub")}/subnets/a` };
    const firewall = resource("Network/azureFirewalls", "fw", {
      ipConfigurations: [{ privateIPAddress: "10.9.1.4", subnet: hub, publicIPAddress: withPip.publicIPAddress }],
      networkRuleCollections: [
        {
          action: { type: "Allow" },
          rules: [{ protocols: ["Any"], sourceAddresses: ["*"], destinationAddresses: ["*"], destinationPorts: ["*"] }],
        },
      ],
    });
    const balancer = (members: object) =>
      resource("Network/loadBalancers", "ilb", {
        frontendIPConfigurations: [{ name: "f", privateIPAddress: "10.9.1.4", ...members }],
      });
    const forwarder = nic("db", "10.9.1.4", "hub/a", { virtualMachine: null });
    const by = (found: object, peerings?: object[], back?: object[]) =>
      seen(
        [
          network("v", "10.0.0.0/16", { virtualNetworkPeerings: peerings }),
          subnet("v/s", "10.0.1.0/24", routed),
          table(udr("0.0.0.0/0", "VirtualAppliance", "10.9.1.4")),
          network("hub", "10.9.0.0/16", { virtualNetworkPeerings: back }),
          subnet("hub/a", "10.9.1.0/24"),
          nic("nic1", "10.0.1.4", "v/s"),
          p1,
          found,
        ],
        TO,
      );
    const nobody = { kind: "unpredictable", addresses: "", open: ["appliance-unknown:10.9.1.4"] };
    const through = { kind: "translated", addresses: "203.0.113.11/32", open: [] };
    expect(by(firewall, [peer("v", "hub", "Connected")], [])).toEqual([through]);
    expect(by(firewall, undefined, [peer("hub", "v", "Connected")])).toEqual([through]);
    for (const found of [firewall, balancer({ subnet: hub }), forwarder]) {
      expect(by(found, [], [])).toEqual([nobody]);
      expect(by(found, [peer("v", "other", "Connected")])).toEqual([nobody]);
      expect(by(found, [peer("v", "hub", "Disconnected")])).toEqual([nobody]);
    }
    for (const found of [firewall, forwarder])
      for (const { kind, open } of by(found)) {
        expect(kind).toBe("unpredictable");
        expect(open).toContain("appliance-unknown:10.9.1.4");
      }
  });
  test("peerings in a circle, and one with itself", () => {
    const peer = (from: string, to: string, prefix: string) => ({
      id: `${idOf("Network/virtualNetworks", from)}/virtualNetworkPeerings/${to}`,
      name: to,
      peeringState: "Connected",
      useRemoteGateways: true,
      remoteVirtualNetwork: refTo("Network/virtualNetworks", to),
      remoteAddressSpace: { addressPrefixes: [prefix] },
    });
    const circle = [
      network("w", "10.1.0.0/16"),
      peer("v", "w", "10.1.0.0/16"),
      peer("w", "v", "10.0.0.0/16"),
      peer("v", "v", "10.0.0.0/16"),
    ];
    expect(seen([...base, ...circle, one, p1], "10.1.2.3")).toMatchObject([{ kind: "preserved" }]);
  });
  test("a route to an appliance whose own subnet routes back to it ends", () => {
    const values = [
      base[0],
      subnet("v/s", "10.0.1.0/24", routed),
      table(udr("0.0.0.0/0", "VirtualAppliance", "10.0.1.9")),
      one,
      p1,
      nic("nva", "10.0.1.9", "v/s", {
        enableIPForwarding: true,
        virtualMachine: refTo("Compute/virtualMachines", "nva"),
      }),
    ];
    expect(
      seen(values, TO)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["blocked", "blocked", "unpredictable"]);
    const itself = [...values.slice(0, 2), table(udr("0.0.0.0/0", "VirtualAppliance", "10.0.1.4")), p1];
    const own = nic("nic1", "10.0.1.4", "v/s", { enableIPForwarding: true }, withPip);
    expect(seen([...itself, own], TO).length).toBeGreaterThan(0);
  });
  test("an internal load balancer as next hop: any of those behind it", () => {
    const pool = { id: `${idOf("Network/loadBalancers", "ilb")}/backendAddressPools/p`, name: "p" };
    const front = { id: `${idOf("Network/loadBalancers", "ilb")}/frontendIPConfigurations/f`, name: "f" };
    const lb = resource("Network/loadBalancers", "ilb", {
      sku: { name: "Standard" },
      frontendIPConfigurations: [{ ...front, privateIPAddress: "10.0.1.100" }],
      backendAddressPools: [pool],
      loadBalancingRules: [{ name: "ha", protocol: "All", frontendIPConfiguration: front, backendAddressPool: pool }],
    });
    const nva = (name: string, address: string, publicIp: string) =>
      nic(
        name,
        address,
        "v/t",
        { enableIPForwarding: true, virtualMachine: refTo("Compute/virtualMachines", name) },
        { loadBalancerBackendAddressPools: [pool], publicIPAddress: refTo("Network/publicIPAddresses", publicIp) },
      );
    const values = [
      base[0],
      subnet("v/s", "10.0.1.0/24", routed),
      subnet("v/t", "10.0.2.0/24"),
      table(udr("0.0.0.0/0", "VirtualAppliance", "10.0.1.100")),
      one,
      lb,
      nva("nva1", "10.0.2.4", "pa"),
      nva("nva2", "10.0.2.5", "pb"),
      pip("pa", "203.0.113.51"),
      pip("pb", "203.0.113.52"),
    ];
    const outcomes = seen(values, TO);
    expect(outcomes).toContainEqual(expect.objectContaining({ addresses: "203.0.113.51/32,203.0.113.52/32" }));
    expect(outcomes.every(({ open }) => open.length > 0)).toBe(true);
  });
  test("an appliance without IP forwarding drops", () => {
    const values = [
      base[0],
      subnet("v/s", "10.0.1.0/24", routed),
      table(udr("0.0.0.0/0", "VirtualAppliance", "10.0.1.9")),
      one,
      nic("nva", "10.0.1.9", "v/s", {
        enableIPForwarding: false,
        virtualMachine: refTo("Compute/virtualMachines", "nva"),
      }),
    ];
    expect(seen(values, TO)).toMatchObject([{ kind: "blocked" }]);
  });
});

describe("addresses", () => {
  test.each([
    [pip("p1", "203.0.113.11"), "static"],
    [pip("p1", "203.0.113.11", "Dynamic"), "ephemeral"],
  ])("how long one stays", (publicIp, stability) => {
    const [host] = compile(...base, nic("nic1", "10.0.1.4", "v/s", {}, withPip), publicIp).value.hosts;
    const destination = parseIp(TO);
    if (host === undefined || destination === undefined) throw new Error("nothing to ask");
    const asked = { sender: { host, interface: null, source: null }, guest: null, protocol: "tcp", port: 80 } as const;
    expect(outcomesAt(asked, destination)[0]?.identity.stability).toBe(stability);
  });
  test("a public IP that has none yet", () => {
    const values = [...base, nic("nic1", "10.0.1.4", "v/s", {}, withPip), pip("p1", null)];
    expect(seen(values, TO)).toMatchObject([{ kind: "unknown", open: ["azure/no-address-yet:p1"] }]);
  });
  test("ICMP: by a public IP; beside a NAT gateway nobody knows", () => {
    const values = [
      network("v", "10.0.0.0/16"),
      nic("nic1", "10.0.1.4", "v/s", {}, withPip),
      pip("p1", "203.0.113.11"),
    ];
    const nat = resource("Network/natGateways", "nat", {
      publicIpAddresses: [refTo("Network/publicIPAddresses", "p2")],
    });
    const icmp = { protocol: "icmp" } as const;
    expect(seen([...values, subnet("v/s", "10.0.1.0/24")], TO, icmp)).toMatchObject([{ addresses: "203.0.113.11/32" }]);
    const both = subnet("v/s", "10.0.1.0/24", { natGateway: refTo("Network/natGateways", "nat") });
    expect(seen([...values, both, nat, pip("p2", "198.51.100.7")], TO, icmp)).toMatchObject([{ kind: "unknown" }]);
  });
  test("a NAT gateway one of whose addresses is missing: the rest, and not complete", () => {
    const ids = ["p2", "gone"].map((name) => refTo("Network/publicIPAddresses", name));
    const nat = resource("Network/natGateways", "nat", { sku: { name: "Standard" }, publicIpAddresses: ids });
    const natted = subnet("v/s", "10.0.1.0/24", { natGateway: refTo("Network/natGateways", "nat") });
    const values = [
      network("v", "10.0.0.0/16"),
      natted,
      nat,
      pip("p2", "198.51.100.7"),
      nic("nic1", "10.0.1.4", "v/s"),
    ];
    expect(seen(values, TO)).toEqual([
      { kind: "translated", addresses: "198.51.100.7/32", open: ["azure/not-exported:gone"] },
    ]);
  });
  test.each([
    ["StandardV2 with IPv6 addresses", [refTo("Network/publicIPAddresses", "p6")], "translated", "2001:db8::7/128"],
    ["without", [], "blocked", ""],
  ])("IPv6 leaves only by what is set up for it: %s", (_name, publicIpAddressesV6, kind, addresses) => {
    const nat = resource("Network/natGateways", "nat", { sku: { name: "StandardV2" }, publicIpAddressesV6 });
    const natted = subnet("v/s", "10.0.1.0/24", { natGateway: refTo("Network/natGateways", "nat") });
    const both = nic("nic1", "10.0.1.4", "v/s");
    const v6 = {
      name: "v6",
      primary: false,
      privateIPAddress: "2001:db8:1::4",
      subnet: both.ipConfigurations[0]?.subnet,
    };
    const dual = { ...both, ipConfigurations: [...both.ipConfigurations, v6] };
    const values = [network("v", "10.0.0.0/16"), natted, nat, pip("p6", "2001:db8::7"), dual];
    expect(seen(values, "2001:db8:ffff::1")).toMatchObject([{ kind, addresses }]);
  });
});

describe("effective routes go to the NIC that the file names", () => {
  const values = [...base, nic("nic1", "10.0.1.4", "v/s"), nic("nic10", "10.0.1.5", "v/s", { primary: false })];
  const answer = { value: [route("10.0.0.0/16", "VnetLocal"), route("0.0.0.0/0", "None", "User")] };
  const tables = (file: string) =>
    azure.compile([...values.map((value) => documentOf(value)), documentOf(answer, file)]);
  test.each([
    ["out/nic1-routes.json", "nic1"],
    ["out/nic10.json", "nic10"],
  ])("%s", (file, name) => {
    const { value, problems } = tables(file);
    expect(problems).toEqual([]);
    const effective = value.hosts[0]?.interfaces.filter(({ egress }) => egress.routes.id.includes("effective"));
    expect(effective?.map((one) => one.name)).toEqual([name]);
  });
  test("no name, several fit: a problem, and not used", () => {
    expect(tables("routes.json").problems).toMatchObject([{ code: "azure/effective-routes-of-nobody" }]);
  });
});

test("NICs of one subnet share one table", () => {
  const values = [...base, nic("nic1", "10.0.1.4", "v/s"), nic("nic2", "10.0.1.5", "v/s", { primary: false })];
  const [first, second] = compile(...values).value.hosts[0]?.interfaces ?? [];
  expect(first?.egress.routes).toBe(second?.egress.routes);
});

test("a NIC of a VM that is not in the export is a problem with the command", () => {
  const vm = resource("Compute/virtualMachines", "vm1", {
    networkProfile: { networkInterfaces: [refTo("Network/networkInterfaces", "gone")] },
  });
  const { value, problems } = compile(vm);
  expect(value.hosts).toEqual([]);
  expect(problems[0]?.fix.en).toContain("az network nic show -n gone -g rg -o json");
});

test("a primary NIC that is not in the export leaves nothing certain", () => {
  const networkInterfaces = [
    { ...refTo("Network/networkInterfaces", "gone"), primary: true },
    { ...refTo("Network/networkInterfaces", "nic1"), primary: false },
  ];
  const vm = resource("Compute/virtualMachines", "vm1", { networkProfile: { networkInterfaces } });
  const other = nic("nic1", "10.0.1.4", "v/s", { primary: false }, withPip);
  const outcomes = seen([...base, vm, other, pip("p1", "203.0.113.11")], TO);
  expect(outcomes).toMatchObject([{ addresses: "203.0.113.11/32", open: ["guest-sends-by:nic1"] }]);
});

test("instances of a Uniform scale set are hosts and a group", () => {
  const set = idOf("Compute/virtualMachineScaleSets", "ss");
  const instance = {
    ...nic("nic", "10.0.1.4", "v/s", { virtualMachine: { id: `${set}/virtualMachines/3` } }),
    id: `${set}/virtualMachines/3/networkInterfaces/nic`,
  };
  const { hosts, groups } = compile(...base, instance).value;
  expect(hosts.map(({ name }) => name)).toEqual(["ss_3"]);
  expect(groups).toContainEqual({ id: set, name: "ss", kind: "scale-set", members: [instance.id] });
});

test("a static VPN mapping is by offset", () => {
  const rule = { internal: ["10.0.1.0/24" as Cidr], external: ["172.16.1.0/24" as Cidr] };
  expect(mappedAddress(rule, "10.0.1.9" as Ip)).toBe("172.16.1.9");
  expect(mappedAddress(rule, "10.0.2.9" as Ip)).toBeUndefined();
});

test("a sibling's load balancer, and the NIC surely holds no platform address", () => {
  const pool = { id: `${idOf("Network/loadBalancers", "lb")}/backendAddressPools/p`, name: "p" };
  const front = { id: `${idOf("Network/loadBalancers", "lb")}/frontendIPConfigurations/f`, name: "f" };
  const lb = resource("Network/loadBalancers", "lb", {
    sku: { name: "Standard" },
    frontendIPConfigurations: [{ ...front, publicIPAddress: refTo("Network/publicIPAddresses", "p1") }],
    backendAddressPools: [pool],
    loadBalancingRules: [{ name: "r", protocol: "Tcp", frontendIPConfiguration: front, backendAddressPool: pool }],
  });
  const values = [
    ...base,
    nic("nic1", "10.0.1.4", "v/s", { defaultOutboundConnectivityEnabled: false }),
    nic("nic2", "10.0.1.5", "v/s", { primary: false }, { loadBalancerBackendAddressPools: [pool] }),
    lb,
    pip("p1", "203.0.113.21"),
  ];
  const own = seen(values, TO, { source: "10.0.1.4" });
  expect(own.map(({ kind, addresses }) => [kind, addresses])).toEqual([
    ["blocked", ""],
    ["translated", "203.0.113.21/32"],
  ]);
  expect(own.every(({ open }) => open.length === 1)).toBe(true);
});

test("mail: an Enterprise Agreement turns the default round", () => {
  const values = [...base, nic("nic1", "10.0.1.4", "v/s", {}, withPip), pip("p1", "203.0.113.11")];
  const subscription = { id: "/subscriptions/s", subscriptionPolicies: { quotaId: "EnterpriseAgreement_2014-09-01" } };
  const openOf = (list: readonly unknown[]) =>
    seen(list, TO, { port: 25 }).map(({ kind, open }) => [kind, open.length]);
  expect(openOf(values)).toEqual([
    ["blocked", 0],
    ["translated", 1],
  ]);
  expect(openOf([...values, subscription])).toEqual([
    ["blocked", 1],
    ["translated", 0],
  ]);
});

describe("recognised by content", () => {
  test.each([
    [nic("n", "10.0.1.4", "v/s"), true],
    [{ value: [nic("n", "10.0.1.4", "v/s")] }, true],
    [{ data: [{ type: "microsoft.network/natgateways" }], count: 1 }, true],
    [{ value: [route("0.0.0.0/0", "Internet")] }, true],
    [route("0.0.0.0/0", "Internet"), true],
    [{ cloud: "Public", values: [] }, true],
    [{ kind: "compute#instance", id: "123", name: "vm" }, false],
    [{ Vpcs: [] }, false],
    [[], false],
    [null, false],
    ["text", false],
  ])("%j", (value, expected) => expect(isAzure(value)).toBe(expected));
  test("an empty list by its file's name", () => {
    expect(azureListKind("a/vnet-gateways.json")).toBe("gateways");
    expect(azureListKind("a/routers.json")).toBeUndefined();
  });
});

describe("whatever the export lacks or holds, nothing throws", () => {
  const whole: readonly object[] = [
    ...base,
    subnet("v/s", "10.0.1.0/24", { ...routed, natGateway: refTo("Network/natGateways", "nat") }),
    table(udr("0.0.0.0/0", "VirtualAppliance", "10.0.1.9"), udr("Storage", "Internet")),
    nic("nic1", "10.0.1.4", "v/s", {}, withPip),
    nic("nva", "10.0.1.9", "v/s", { primary: false }),
    resource("Network/natGateways", "nat", { publicIpAddresses: [refTo("Network/publicIPAddresses", "p1")] }),
    pip("p1", "203.0.113.11"),
  ];
  const ask = (values: readonly unknown[]) => {
    const { hosts } = compile(...values).value;
    for (const host of hosts)
      for (const to of ["192.0.2.50", "10.0.1.1", "2001:db8::1"])
        outcomesAt(
          { sender: { host, interface: null, source: null }, guest: null, protocol: "tcp", port: null },
          to as Ip,
        );
  };
  test("any JSON for a member of a resource", () => {
    const spoiled = fc.tuple(fc.nat(whole.length - 1), fc.nat(12), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(fc.array(spoiled, { maxLength: 4 }), (changes) => {
        const values = whole.map((one) => ({ ...one })) as Record<string, unknown>[];
        for (const [index, member, value] of changes) {
          const target = values[index];
          const name = Object.keys(target ?? {})[member];
          if (target !== undefined && name !== undefined) target[name] = value;
        }
        ask(values);
      }),
    );
  });
  test("any part left out", () => {
    fc.assert(fc.property(fc.subarray([...whole]), (values) => ask(values)));
  });
});

describe("private endpoints", () => {
  const service = refTo("Network/privateLinkServices", "pls").id;
  const endpoint = (privateLinkServiceId: string) =>
    resource("Network/privateEndpoints", "pe", {
      subnet: { id: `${idOf("Network/virtualNetworks", "v")}/subnets/s` },
      ipConfigurations: [{ privateIPAddress: "10.0.1.7" }],
      privateLinkServiceConnections: [{ privateLinkServiceId }],
    });
  const itsNic = nic("penic", "10.0.1.7", "v/s", {
    virtualMachine: null,
    privateEndpoint: refTo("Network/privateEndpoints", "pe"),
  });
  const provider = resource("Network/privateLinkServices", "pls", {
    ipConfigurations: [{ privateIPAddress: "10.70.7.5", privateIPAllocationMethod: "Dynamic" }],
  });
  const one = nic("nic1", "10.0.1.4", "v/s");
  const computed = [...base, one, itsNic];
  // The local route holds the VM's NIC alone, which tells whose table it is.
  const effective = [
    ...computed,
    { value: [route("10.0.1.4/31", "VnetLocal"), route("10.0.1.7/32", "InterfaceEndpoint")] },
  ];
  test.each([
    ["by configuration", computed],
    ["by effective routes", effective],
  ])("the service behind it decides: %s", (_, values) => {
    const kept = { kind: "preserved", addresses: "10.0.1.4/32", open: [] };
    const sqlServer = idOf("Sql/servers", "sql");
    expect(seen([...values, endpoint(sqlServer)], "10.0.1.7")).toEqual([kept]);
    expect(seen([...values, endpoint(service)], "10.0.1.7")).toEqual([
      { kind: "unknown", addresses: "", open: ["azure/not-exported:pls"] },
    ]);
    const alias = "pls.8b1f0a52-0000-0000-0000-000000000001.westeurope.azure.privatelinkservice";
    expect(seen([...values, endpoint(alias)], "10.0.1.7")).toMatchObject([{ kind: "unknown", addresses: "" }]);
    expect(seen([...values, endpoint(service), provider], "10.0.1.7")).toEqual([
      { kind: "translated", addresses: "10.70.7.5/32", open: [] },
    ]);
    expect(seen(values, "10.0.1.7")).toEqual([kept, expect.objectContaining({ kind: "unknown" })]);
  });
});

test("a unique local destination is shown no public address", () => {
  const six = {
    name: "six",
    primary: false,
    privateIPAddress: "fd00:1::4",
    subnet: { id: `${idOf("Network/virtualNetworks", "v")}/subnets/s` },
    publicIPAddress: refTo("Network/publicIPAddresses", "p6"),
  };
  const four = nic("nic1", "10.0.1.4", "v/s");
  const one = { ...four, ipConfigurations: [...four.ipConfigurations, six] };
  const twoFamilies = resource("Network/virtualNetworks", "v", {
    addressSpace: { addressPrefixes: ["10.0.0.0/16", "fd00:1::/48"] },
  });
  const values = [subnet("v/s", "10.0.1.0/24"), one, pip("p6", "2001:db8:1::4")];
  expect(seen([twoFamilies, ...values], "2001:db8:9::1")).toMatchObject([{ addresses: "2001:db8:1::4/128" }]);
  expect(seen([twoFamilies, ...values], "fd99::1")).toMatchObject([{ kind: "blocked" }]);
  expect(seen(values, "fd99::1")).toMatchObject([{ kind: "unknown" }]);
});
