import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIp } from "../../../address/ip.ts";
import type { Estate } from "../../../model/estate.ts";
import { parseTarget } from "../../../model/target.ts";
import { type Explained, explain } from "../../../verdict/explain.ts";
import { azure } from "../index.ts";
import { isAzure } from "../recognise.ts";
import { documentOf, idOf, network, nic, refTo, resource, subnet } from "../testing.ts";

const compile = (...values: unknown[]) =>
  azure.compile(values.map((value, index) => documentOf(value, `f${index}.json`)));

const ask = (estate: Estate, from: string, to = "192.0.2.50:443"): Explained =>
  explain({
    estate,
    guests: [],
    evidence: [],
    from,
    source: null,
    to: parseTarget(to) ?? null,
    at: null,
    resolved: [],
    problems: [],
  });

const answer = (explained: Explained) => {
  if (explained.kind === "refused") throw new Error(JSON.stringify(explained.problems));
  const { kind, addresses, complete } = explained.verdict.answer;
  return { kind, addresses, complete };
};

const ADDRESSES = "203.0.113.41,203.0.113.42";
const seen = { kind: "translated", addresses: ["203.0.113.41/32", "203.0.113.42/32"], complete: true };

const settings = {
  siteConfig: {
    appSettings: [{ name: "KEY", value: "hunter2" }],
    connectionStrings: [{ connectionString: "hunter2" }],
  },
};
const app = (members: object = {}) =>
  resource("Web/sites", "shop", {
    location: "West Europe",
    kind: "app",
    sku: "PremiumV3",
    outboundIpAddresses: ADDRESSES,
    possibleOutboundIpAddresses: ADDRESSES,
    ...settings,
    ...members,
  });

describe("an app in every shape that the tools write", () => {
  const { id, name, type, ...properties } = app();
  const row = { id, name, type, properties };
  test.each([
    ["az webapp show", app()],
    ["az webapp list", [app()]],
    ["a REST resource", row],
    ["a REST list", { value: [row], nextLink: null }],
    ["Resource Graph", { data: [row], count: 1, skip_token: null }],
    ["names in lower case", { id: id.toLowerCase(), name, type, properties: { outboundipaddresses: ADDRESSES } }],
  ])("%s", (_shape, value) => {
    expect(isAzure(value)).toBe(true);
    const { value: estate, problems } = compile(...(Array.isArray(value) ? value : [value]));
    expect(problems).toEqual([]);
    expect(answer(ask(estate, "shop"))).toEqual(seen);
  });
});

test("an allowlist holds what another tier may use too: possibleOutboundIpAddresses", () => {
  const explained = ask(compile(app({ possibleOutboundIpAddresses: `${ADDRESSES},203.0.113.61` })).value, "shop");
  if (explained.kind !== "verdict") throw new Error(explained.kind);
  expect(explained.verdict.answer.addresses).toEqual(seen.addresses);
  expect(explained.verdict.allowlist.map(({ cidr }) => cidr)).toEqual([...seen.addresses, "203.0.113.61/32"]);
});

describe("what is not there, or not readable", () => {
  test("no addresses in the export: unknown, and which command gives them", () => {
    const explained = ask(compile(app({ outboundIpAddresses: undefined })).value, "shop");
    expect(answer(explained)).toMatchObject({ kind: "unknown", complete: false });
    expect(JSON.stringify(explained)).toContain("az webapp show -n shop -g rg -o json");
  });
  test("an address list that is none: an error, and no app", () => {
    const { value, problems } = compile(app({ outboundIpAddresses: "203.0.113.41,203.0.113.999" }));
    expect([value.hosts.length, problems.map(({ level }) => level)]).toEqual([0, ["error"]]);
  });
  test("a cluster without its network profile: an error, and no cluster", () => {
    const { value, problems } = compile(resource("ContainerService/managedClusters", "k8s", { agentPoolProfiles: [] }));
    expect([value.groups.length, problems.map(({ level }) => level)]).toEqual([0, ["error"]]);
  });
  test("a gateway whose prefix is not yet given", () => {
    const gateway = {
      apiVersion: "egressgateway.kubernetes.azure.com/v1alpha1",
      kind: "StaticGatewayConfiguration",
      metadata: { name: "egress-a", namespace: "team-a" },
      spec: { gatewayNodepoolName: "gw" },
    };
    const list = { apiVersion: "v1", kind: "List", items: [gateway] };
    expect([isAzure(gateway), isAzure(list)]).toEqual([true, true]);
    expect(answer(ask(compile(list).value, "egress-a"))).toMatchObject({ kind: "unknown" });
  });
});

test("settings, connection strings and keys are in nothing that is kept or told", () => {
  const variables = [{ name: "c", environmentVariables: [{ name: "TOKEN", secureValue: "hunter2" }] }];
  const secrets = { configuration: { secrets: [{ name: "s", value: "hunter2" }] } };
  const { value: estate, problems } = compile(
    app(),
    resource("ContainerInstance/containerGroups", "batch", { containers: variables }),
    resource("App/managedEnvironments", "env", { appLogsConfiguration: { sharedKey: "hunter2" } }),
    resource("App/containerApps", "orders", {
      managedEnvironmentId: idOf("App/managedEnvironments", "env"),
      ...secrets,
    }),
    resource("Sql/servers", "db", { administratorLoginPassword: "hunter2" }),
  );
  const told = ["shop", "batch", "orders", "db"].map((from) => JSON.stringify(ask(estate, from)));
  expect([JSON.stringify(estate), JSON.stringify(problems), ...told].join()).not.toContain("hunter2");
  expect(told.join()).toContain("verdict");
});

describe("--from", () => {
  const inside = "v/s";
  const estate = compile(
    network("v", "10.0.0.0/16", {
      subnets: [subnet(inside, "10.0.1.0/24", { natGateway: refTo("Network/natGateways", "n") })],
    }),
    resource("Network/natGateways", "n", {
      sku: { name: "Standard" },
      publicIpAddresses: [refTo("Network/publicIPAddresses", "p")],
    }),
    resource("Network/publicIPAddresses", "p", { ipAddress: "198.51.100.7", publicIPAllocationMethod: "Static" }),
    nic("nic1", "10.0.1.4", inside),
    resource("Web/serverfarms", "plan", { sku: { name: "P1v3", tier: "PremiumV3" } }),
    app({
      serverFarmId: idOf("Web/serverfarms", "plan"),
      virtualNetworkSubnetId: subnet(inside, "").id,
      vnetRouteAllEnabled: false,
    }),
    resource("Web/sites/slots", "shop/slots/next", { outboundIpAddresses: "203.0.113.43" }),
  ).value;

  test("a subnet is its machines and its apps, and says who has which", () => {
    const explained = ask(estate, "s");
    if (explained.kind !== "group") throw new Error(explained.kind);
    const who = explained.verdict.members.map(({ flow, answer: one }) => [flow.from.host, one.addresses]);
    expect(who).toEqual([
      ["vm1", ["198.51.100.7/32"]],
      ["shop", ["203.0.113.41/32", "203.0.113.42/32"]],
    ]);
  });
  test("a plan is its apps; a resource id names one", () => {
    expect(answer(ask(estate, "plan"))).toEqual(seen);
    expect(answer(ask(estate, idOf("Web/sites", "shop")))).toEqual(seen);
  });
  test("no address is claimed for what the platform places", () => {
    const explained = ask(estate, "shop", "10.0.9.9:443");
    if (explained.kind !== "verdict") throw new Error(explained.kind);
    expect(explained.verdict.flow.from.address).toBeNull();
    expect(explained.verdict.answer).toMatchObject({ kind: "preserved", addresses: ["10.0.1.0/24"], complete: true });
  });
});

describe("no input throws, and no address is made up", () => {
  const TYPES = [
    "Web/sites",
    "Web/serverfarms",
    "Web/hostingEnvironments",
    "ContainerService/managedClusters",
    "App/managedEnvironments",
    "App/containerApps",
    "ContainerInstance/containerGroups",
    "Compute/virtualMachineScaleSets",
    "Sql/servers",
  ];
  const NAMES = [
    "outboundIpAddresses",
    "possibleOutboundIpAddresses",
    "virtualNetworkSubnetId",
    "vnetRouteAllEnabled",
    "serverFarmId",
    "hostingEnvironmentProfile",
    "networkProfile",
    "agentPoolProfiles",
    "nodeResourceGroup",
    "managedEnvironmentId",
    "vnetConfiguration",
    "workloadProfiles",
    "subnetIds",
    "ipAddress",
    "virtualMachineProfile",
    "virtualNetwork",
    "sku",
    "kind",
    "tags",
  ];
  const SENSIBLE = [
    ADDRESSES,
    "",
    subnet("v/s", "").id,
    idOf("Web/sites", "x"),
    { id: idOf("Web/serverfarms", "x") },
    {
      outboundType: "loadBalancer",
      loadBalancerProfile: { effectiveOutboundIPs: [refTo("Network/publicIPAddresses", "p")] },
    },
    [{ name: "a", vnetSubnetID: null, enableNodePublicIP: true }],
    { infrastructureSubnetId: subnet("v/s", "").id },
    { ip: "10.0.1.9", type: "Private" },
    { networkProfile: { networkInterfaceConfigurations: [{ ipConfigurations: [{ subnet: { id: "" } }] }] } },
  ];
  const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SENSIBLE) }, fc.jsonValue({ maxDepth: 4 }));
  const one = fc.tuple(fc.constantFrom(...TYPES), fc.dictionary(fc.constantFrom(...NAMES), value));
  const known = new Set(["203.0.113.41", "203.0.113.42", "10.0.1.9"]);

  test("resources with any members, asked for any destination", () => {
    const destinations = fc.constantFrom("192.0.2.50:443", "10.0.1.4:25", "2001:db8::1", "192.0.2.50/icmp");
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), destinations, (made, to) => {
        const values = made.map(([type, members], index) => resource(type, `x${index % 3}`, members));
        const { value: estate } = compile(
          network("v", "10.0.0.0/16", { subnets: [subnet("v/s", "10.0.1.0/24")] }),
          ...values,
        );
        for (const { name } of [...estate.hosts, ...estate.groups]) {
          const explained = ask(estate, name, to);
          if (explained.kind === "refused") continue;
          const own = explained.verdict.answer.addresses.filter(
            (cidr) => parseIp(cidr.replace("/32", "")) !== undefined,
          );
          for (const cidr of own) expect(known).toContain(cidr.replace("/32", ""));
        }
      }),
      { numRuns: 200 },
    );
  });
  test("static gateways with any members", () => {
    const any = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(any, any, any, (metadata, spec, status) => {
        const apiVersion = "egressgateway.kubernetes.azure.com/v1alpha1";
        compile({ apiVersion, kind: "StaticGatewayConfiguration", metadata, spec, status });
      }),
    );
  });
});
