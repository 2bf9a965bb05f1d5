import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { seenFrom } from "../../testing/gcp.ts";
import type { ConfigDocument } from "../document.ts";
import { readEstate } from "../read-estate.ts";
import type { Fields } from "./read/instance.ts";

type State = { readonly values: { readonly root_module: { readonly resources: readonly Resource[] } } };
type Resource = Fields & { readonly address: string; readonly type: string; readonly name: string; values: Fields };

const stateOf = (cloud: string): readonly Resource[] =>
  (JSON.parse(readFileSync(fileURLToPath(new URL(`testdata/${cloud}/state.json`, import.meta.url)), "utf8")) as State)
    .values.root_module.resources;

const WRITTEN = { references: ["local.elsewhere"] };

/** A plan that makes what the state holds, of which one member comes from a local value that nobody can follow. */
function planWithout(cloud: string, more: readonly Resource[], address: string, member: string): ConfigDocument {
  const resources = [...stateOf(cloud), ...more].map((one) => {
    if (one.address !== address) return { ...one, later: {} };
    const { [member]: _, ...values } = one.values;
    return { ...one, values, later: { [member]: true } };
  });
  const value = {
    format_version: "1.2",
    planned_values: { root_module: { resources } },
    resource_changes: resources.map((one) => ({
      address: one.address,
      change: { actions: ["create"], before: null, after_unknown: one.later },
    })),
    configuration: {
      root_module: {
        resources: resources.map(({ address: own, type, name }) => ({
          ...{ mode: "managed", type, name },
          expressions: own.split("[")[0] === address.split("[")[0] ? { [member]: WRITTEN } : {},
        })),
      },
    },
  };
  return { origin: { file: "plan.json", line: null }, value, linesOf: () => [] };
}

const group: Resource = {
  ...{ mode: "managed", provider_name: "registry.terraform.io/hashicorp/aws", schema_version: 1 },
  ...{ address: "aws_security_group.app", type: "aws_security_group", name: "app" },
  values: { id: "sg-app", egress: [], vpc_id: "vpc-1", name: "app" },
};

// https://developer.hashicorp.com/terraform/internals/json-format: `after_unknown` names what is known only after apply.
describe.each([
  { cloud: "aws", address: 'aws_route_table_association.private["a"]', member: "route_table_id" },
  { cloud: "aws", address: 'aws_route_table_association.private["a"]', member: "subnet_id" },
  { cloud: "aws", address: 'aws_route.nat["a"]', member: "route_table_id" },
  { cloud: "aws", address: "aws_route_table.public", member: "route" },
  { cloud: "aws", address: "aws_vpc.main", member: "cidr_block" },
  { cloud: "aws", address: "aws_security_group.app", member: "egress" },
  { cloud: "azurerm", address: "azurerm_subnet_nat_gateway_association.app", member: "nat_gateway_id" },
  { cloud: "azurerm", address: "azurerm_subnet_nat_gateway_association.app", member: "subnet_id" },
  { cloud: "azurerm", address: "azurerm_lb_outbound_rule.out", member: "loadbalancer_id" },
  { cloud: "azurerm", address: "azurerm_network_interface.app", member: "ip_configuration" },
])("$address without $member", ({ cloud, address, member }) => {
  const plan = planWithout(cloud, cloud === "aws" ? [group] : [], address, member);

  test("the plan says what could not be placed", async () => {
    const { value, problems } = await readEstate([plan]);
    const told = problems.filter(
      ({ code, text }) => code === "terraform/known-after-apply" && text.en.includes(member),
    );
    expect(told.map(({ level }) => level)).toEqual(["error"]);
    expect(value.hosts.length).toBeGreaterThan(0);
  });
});

test("what is computed, and nobody wrote down, is no such thing", async () => {
  const resources = stateOf("aws").map((one) => {
    const { route: _, ...values } = one.values;
    return one.type === "aws_route_table" ? { ...one, values, later: { route: true } } : { ...one, later: {} };
  });
  const value = {
    format_version: "1.2",
    planned_values: { root_module: { resources } },
    resource_changes: resources.map((one) => ({
      address: one.address,
      change: { actions: ["create"], before: null, after_unknown: one.later },
    })),
    configuration: { root_module: { resources: [] } },
  };
  const { problems } = await readEstate([{ origin: { file: "plan.json", line: null }, value, linesOf: () => [] }]);
  expect(problems.filter(({ level }) => level === "error")).toEqual([]);
});

const aws = (type: string, values: Fields): Resource => ({
  ...{ mode: "managed", provider_name: "registry.terraform.io/hashicorp/aws", schema_version: 1 },
  ...{ address: `${type}.more`, type, name: "more", values },
});

const stateWith = (...more: readonly Resource[]): ConfigDocument => ({
  origin: { file: "state.json", line: null },
  value: { format_version: "1.0", values: { root_module: { resources: [...stateOf("aws"), ...more] } } },
  linesOf: () => [],
});

// https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html: by default each attachment propagates its routes.
describe("what a transit gateway learns while it runs", () => {
  const gateway = (propagation: string): Resource =>
    aws("aws_ec2_transit_gateway", {
      ...{ id: "tgw-1", default_route_table_association: "enable", default_route_table_propagation: propagation },
      ...{ association_default_route_table_id: "tgw-rtb-1", propagation_default_route_table_id: "tgw-rtb-1" },
    });
  const vpn = (only: boolean): Resource =>
    aws("aws_vpn_connection", {
      ...{ id: "vpn-1", vpn_gateway_id: "", transit_gateway_id: "tgw-1", static_routes_only: only },
    });
  const direct = aws("aws_dx_gateway_association", { id: "ga-1", associated_gateway_id: "tgw-1", dx_gateway_id: "dx" });

  test.each([
    { when: "a VPN with BGP", more: [gateway("enable"), vpn(false)], told: 1 },
    { when: "a VPN with static routes", more: [gateway("enable"), vpn(true)], told: 0 },
    { when: "Direct Connect", more: [gateway("enable"), direct], told: 1 },
    { when: "no propagation by itself", more: [gateway("disable"), vpn(false), direct], told: 0 },
  ])("$when", async ({ more, told }) => {
    const { problems } = await readEstate([stateWith(...more)]);
    expect(problems.filter(({ code }) => code === "terraform/learned-routes")).toHaveLength(told);
  });
});

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/networkfirewall_firewall#attribute-reference
test("an endpoint of AWS Network Firewall leads on by the routes of its subnet", async () => {
  const resources = stateOf("aws").map((one) =>
    one.address === 'aws_route.nat["a"]'
      ? { ...one, values: { ...one.values, nat_gateway_id: "", vpc_endpoint_id: "vpce-fw" } }
      : one,
  );
  const publicSubnet = resources.find(({ address }) => address === "aws_subnet.public")?.values["id"];
  const attachment = [{ endpoint_id: "vpce-fw", subnet_id: publicSubnet }];
  const firewall = aws("aws_networkfirewall_firewall", {
    ...{ id: "arn:aws:network-firewall:eu-west-1:111122223333:firewall/fw", vpc_id: "vpc-1" },
    firewall_status: [{ sync_states: [{ availability_zone: "eu-west-1a", attachment }] }],
  });
  const value = { format_version: "1.0", values: { root_module: { resources: [...resources, firewall] } } };
  const { value: estate } = await readEstate([
    { origin: { file: "state.json", line: null }, value, linesOf: () => [] },
  ]);
  const host = estate.hosts.find(({ name }) => name === "app-a");
  if (host === undefined) throw new Error("no app-a");
  // Its internet gateway has no public address for an instance of a private subnet.
  const rules = seenFrom(host, null, { to: "198.51.100.25" }).flatMap(({ assumptions }) => assumptions);
  expect(rules).toContain("default aws/inspection-returns:vpce-fw");
});

test("a rule whose ranges are known only after apply denies nothing for certain", async () => {
  const egress = [{ protocol: "-1", from_port: 0, to_port: 0, self: false }];
  const rules = aws("aws_security_group", { id: "sg-app", name: "app", vpc_id: "vpc-1", egress });
  const resources = [...stateOf("aws"), rules].map((one) =>
    one.type === "aws_instance" ? { ...one, values: { ...one.values, vpc_security_group_ids: ["sg-app"] } } : one,
  );
  const value = {
    format_version: "1.2",
    planned_values: { root_module: { resources } },
    resource_changes: resources.map(({ address, type }) => ({
      address,
      change: {
        ...{ actions: ["create"], before: null },
        after_unknown: type === "aws_security_group" ? { egress: [{ cidr_blocks: true }] } : {},
      },
    })),
    configuration: { root_module: { resources: [] } },
  };
  const { value: estate } = await readEstate([{ origin: { file: "plan.json", line: null }, value, linesOf: () => [] }]);
  const host = estate.hosts.find(({ name }) => name === "app-a");
  if (host === undefined) throw new Error("no app-a");
  const seen = seenFrom(host, null, { to: "198.51.100.25" });
  expect(seen.map(({ kind }) => kind).sort()).toEqual(["blocked", "translated"]);
  for (const { assumptions } of seen) expect(assumptions.join()).toContain("open aws/");
});

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/nat_gateway: each zone has addresses of its own
describe("a regional NAT gateway", () => {
  const gatewayWith = (values: Fields): Resource =>
    aws("aws_nat_gateway", {
      ...{ id: "nat-r", availability_mode: "regional", connectivity_type: "public", vpc_id: "vpc-1" },
      ...{ allocation_id: "", subnet_id: "", route_table_id: "rtb-r", ...values },
    });
  const eip = (letter: string) => stateOf("aws").find(({ address }) => address === `aws_eip.nat["${letter}"]`)?.values;
  const manual = {
    availability_zone_address: ["a", "b"].map((letter) => ({
      ...{ availability_zone: `eu-central-1${letter}`, availability_zone_id: "" },
      allocation_ids: [eip(letter)?.["id"]],
    })),
  };
  const automatic = {
    ...{ auto_scaling_ips: "enabled", auto_provision_zones: "enabled", availability_zone_address: [] },
    regional_nat_gateway_address: ["a", "b"].map((letter) => ({
      ...{ availability_zone: `eu-central-1${letter}`, availability_zone_id: "", status: "succeeded" },
      ...{ allocation_id: eip(letter)?.["id"], public_ip: eip(letter)?.["public_ip"] },
    })),
  };

  test.each([
    { when: "manual", values: manual, stability: "static" },
    { when: "automatic", values: automatic, stability: "changing" },
  ])("$when: the addresses of the sender's zone", async ({ values, stability }) => {
    const resources = [...stateOf("aws"), gatewayWith(values)].map((one) =>
      one.address.startsWith("aws_route.nat") ? { ...one, values: { ...one.values, nat_gateway_id: "nat-r" } } : one,
    );
    const value = { format_version: "1.0", values: { root_module: { resources } } };
    const { value: estate } = await readEstate([
      { origin: { file: "state.json", line: null }, value, linesOf: () => [] },
    ]);
    const seen = ["app-a", "app-b"].map((name) => {
      const host = estate.hosts.find((one) => one.name === name);
      const all = host === undefined ? [] : seenFrom(host, null, { to: "198.51.100.25" });
      const [first] = all.filter(({ kind }) => kind !== "blocked");
      return [first?.addresses, first?.stability];
    });
    expect(seen).toEqual([
      [["203.0.113.10"], stability],
      [["203.0.113.20"], stability],
    ]);
  });
});
