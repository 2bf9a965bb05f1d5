import { describe, expect, test } from "vitest";
import { documentOf, idOf, network, refTo, resource } from "../testing.ts";
import { readInventory } from "./inventory.ts";

const codes = (value: unknown): readonly string[] =>
  readInventory([documentOf(value)]).problems.map(({ code }) => code);

const inSubnet = { id: `${idOf("Network/virtualNetworks", "v")}/subnets/s` };
const front = { id: `${idOf("Network/loadBalancers", "lb")}/frontendIPConfigurations/f` };
const pool = { id: `${idOf("Network/loadBalancers", "lb")}/backendAddressPools/p` };
const outbound = { name: "o", frontendIPConfigurations: [front], backendAddressPool: pool, protocol: "All" };
const ipConfiguration = { name: "c", privateIPAddress: "10.0.1.4", subnet: inSubnet };
const rule = {
  name: "r",
  direction: "Outbound",
  access: "Deny",
  priority: 100,
  protocol: "*",
  sourceAddressPrefix: "*",
  sourcePortRange: "*",
  destinationAddressPrefix: "Internet",
  destinationPortRange: "25",
};
const balancer = (members: object) =>
  resource("Network/loadBalancers", "lb", {
    sku: { name: "Standard" },
    frontendIPConfigurations: [{ ...front, name: "f", publicIPAddress: refTo("Network/publicIPAddresses", "p") }],
    backendAddressPools: [{ ...pool, name: "p" }],
    loadBalancingRules: [],
    outboundRules: [outbound],
    ...members,
  });
const nicOf = (configuration: object) =>
  resource("Network/networkInterfaces", "n", { ipConfigurations: [configuration] });
const firewall = (configurations: readonly object[], members: object = {}) =>
  resource("Network/azureFirewalls", "fw", { ipConfigurations: configurations, ...members });
const data = { privateIPAddress: "10.0.9.4", subnet: inSubnet };
const publicIp = { publicIPAddress: refTo("Network/publicIPAddresses", "p") };

const without = (value: object, member: string): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== member));

// https://learn.microsoft.com/azure/templates/microsoft.network/allversions: what each resource always holds
describe("a resource that a query cut down", () => {
  test.each([
    ["network interface", nicOf(ipConfiguration)],
    ["load balancer", balancer({})],
    ["NAT gateway", resource("Network/natGateways", "g", { sku: { name: "Standard" } })],
    ["security group", resource("Network/networkSecurityGroups", "g", { securityRules: [rule] })],
    ["firewall", firewall([{ ...data, ...publicIp }, publicIp])],
    ["firewall that is forced through a tunnel", firewall([data], { managementIpConfiguration: publicIp })],
    ["network", network("v", "10.0.0.0/16")],
  ])("%s: whole, it is read without a problem", (_, value) => {
    expect(codes(value)).toEqual([]);
  });

  test.each<readonly [string, object]>([
    ["an address of an interface", nicOf(without(ipConfiguration, "privateIPAddress"))],
    ["the subnet of an interface", nicOf(without(ipConfiguration, "subnet"))],
    ["the rules of a load balancer", without(balancer({}), "loadBalancingRules")],
    ["the pool of an outbound rule", balancer({ outboundRules: [without(outbound, "backendAddressPool")] })],
    ["the kind of a NAT gateway", resource("Network/natGateways", "g", {})],
    ["the public address of a firewall", firewall([data])],
    ["the prefixes of a network", resource("Network/virtualNetworks", "v", { addressSpace: {} })],
    ...["sourceAddressPrefix", "sourcePortRange", "destinationAddressPrefix", "destinationPortRange", "protocol"].map(
      (member) =>
        [
          `${member} of a security rule`,
          resource("Network/networkSecurityGroups", "g", { securityRules: [without(rule, member)] }),
        ] as const,
    ),
  ])("without %s it is no whole resource, and says so", (_, value) => {
    expect(codes(value)).toContain("azure/unreadable-resource");
  });
});
