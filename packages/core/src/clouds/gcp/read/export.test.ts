import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  base,
  doc,
  docs,
  lists,
  nat,
  nic,
  P,
  problemsOf,
  route,
  router,
  seenBy,
  subnet,
  vm,
} from "../../../testing/gcp.ts";
import { compileGcp } from "../compile.ts";
import { gcpListKind, isGcp } from "../recognise.ts";
import { readExport } from "./export.ts";

const names = (...values: readonly unknown[]) => {
  const { value } = readExport(docs(...values));
  return [...value.instances, ...value.routers, ...value.routes, ...value.policyRoutes].map(({ path }) => path);
};

describe("shapes of exports", () => {
  const path = "projects/p/zones/r1-b/instances/vm1";
  test.each([
    ["an element of a gcloud list", vm()],
    ["a REST list", { kind: "compute#instanceList", items: [vm()] }],
    [
      "an aggregated list",
      {
        kind: "compute#instanceAggregatedList",
        items: { "zones/r1-b": { instances: [vm()] }, "zones/r1-c": { warning: {} } },
      },
    ],
    [
      "an asset",
      {
        name: `//compute.googleapis.com/${path}`,
        assetType: "compute.googleapis.com/Instance",
        resource: { data: vm() },
      },
    ],
    [
      "an asset in a feed",
      {
        asset: {
          name: `//compute.googleapis.com/${path}`,
          assetType: "compute.googleapis.com/Instance",
          resource: { data: vm() },
        },
      },
    ],
    [
      "a search result",
      {
        name: `//compute.googleapis.com/${path}`,
        assetType: "compute.googleapis.com/Instance",
        versionedResources: [{ version: "v1", resource: vm() }],
      },
    ],
    ["the newer host", vm("vm1", [nic()], { selfLink: `https://compute.googleapis.com/compute/v1/${path}` })],
    ["a partial link", vm("vm1", [nic()], { selfLink: path })],
    ["without selfLink", { name: "vm1", zone: `${P}/zones/r1-b`, networkInterfaces: [nic()] }],
    ["one list inside a list", [[vm()]]],
  ])("%s", (_, value) => {
    expect(isGcp(value)).toBe(true);
    expect(names(value)).toEqual([path]);
  });

  test("a policy-based route is named by its name", () => {
    const value = {
      name: "projects/p/locations/global/policyBasedRoutes/x",
      kind: "networkconnectivity#policyBasedRoute",
      network: "projects/p/global/networks/n",
      filter: { protocolVersion: "IPV4" },
      priority: "10",
    };
    expect(names(value)).toEqual(["projects/p/locations/global/policyBasedRoutes/x"]);
    expect(names({ policyBasedRoutes: [value] })).toHaveLength(1);
  });

  test.each([
    [
      "in its envelope",
      { kind: "compute#routerStatusResponse", result: { bestRoutes: [], natStatus: [{ name: "n" }] } },
    ],
    ["without kind", { result: { natStatus: [{ name: "n" }] } }],
    ["bare", { network: "x", natStatus: [{ name: "n" }] }],
  ])("a router status %s", (_, value) => {
    expect(isGcp(value)).toBe(true);
    expect(readExport(docs(value)).value.routerStatuses.map((found) => found.value.natStatus)).toEqual([
      [{ name: "n" }],
    ]);
  });

  const mapping = { instanceName: "vm1", interfaceNatMappings: [{ sourceVirtualIp: "10.20.0.5" }] };
  test.each([
    ["in result", { result: [mapping] }],
    ["in its list", { kind: "compute#vmEndpointNatMappingsList", result: [mapping] }],
    ["as an element", mapping],
  ])("mapping information %s", (_, value) => {
    expect(isGcp(value)).toBe(true);
    expect(readExport(docs(value)).value.natMappings).toHaveLength(1);
  });

  test.each([
    { properties: { networkInterfaces: [] }, type: "Microsoft.Compute/virtualMachines" },
    { NetworkInterfaces: [{ PrivateIpAddress: "10.0.0.1" }] },
    { networkInterfaces: [{ id: "/subscriptions/x" }] },
    { value: [{ addressPrefix: ["0.0.0.0/0"], nextHopType: "Internet" }] },
    {},
    [],
    null,
    "text",
    7,
  ])("not Google Cloud's: %j", (value) => expect(isGcp(value)).toBe(false));
});

test.each([
  ["routers.json", "router"],
  ["export/routers-list.json", "router"],
  ["p-routes.json", "route"],
  ["policy-based-routes.json", "policy-route"],
  ["firewall-rules.json", "firewall"],
  ["firewall-policies.json", "firewall-policy"],
  ["forwarding-rules.json", "forwarding-rule"],
  ["subnets.yaml", "subnetwork"],
  ["networks.json", "network"],
  ["vpn_tunnels.json", "vpn-tunnel"],
  ["nat-mapping-info-rtr.json", "nat-mapping"],
  ["instances-describe.json", undefined],
  ["something.json", undefined],
])("an empty %s is a list of %s", (file, kind) => expect(gcpListKind(file)).toBe(kind));

describe("input that is wrong", () => {
  test("a wrong type names the member and makes the resource unusable", () => {
    const problems = problemsOf(docs(vm("vm1", [nic({ networkIP: 7 })])));
    expect(problems).toMatchObject([{ level: "error", code: "gcp/wrong-type", line: 1 }]);
    expect(problems[0]?.text.en).toContain("networkInterfaces[0].networkIP");
    expect(compileGcp(docs(vm("vm1", [nic({ networkIP: 7 })]))).value.hosts).toEqual([]);
  });

  test("unknown members, unknown enum values, null and long numbers are fine", () => {
    const value = vm("vm1", [nic({ accessConfigs: null, stackType: "IPV9" })], {
      id: "4734315867648565453",
      status: "DREAMING",
      later: {},
    });
    expect(
      problemsOf(
        docs(value, route("r", "0.0.0.0/0", { nextHopGateway: "default-internet-gateway" }, { priority: "900" })),
      ),
    ).toEqual([]);
  });

  test.each([
    ["no interfaces", vm("vm1", [])],
    ["no name", { kind: "compute#instance", networkInterfaces: [nic()] }],
  ])("an instance with %s is left out, with a warning", (_, value) => {
    expect(problemsOf(docs(value))).toMatchObject([{ level: "warning", code: "gcp/no-interfaces" }]);
  });

  test("an address that is none is a problem, and the rest is used", () => {
    const { value, problems } = compileGcp(
      docs(vm("vm1", [nic({ aliasIpRanges: [{ ipCidrRange: "10.20.0.300/32" }] })])),
    );
    expect(problems).toMatchObject([{ level: "error", code: "gcp/not-an-address" }]);
    expect(value.hosts[0]?.interfaces[0].addresses.map(({ cidr }) => cidr)).toEqual(["10.20.0.5/32"]);
  });

  test("a router that cannot be read is never taken for absent", () => {
    const seen = seenBy(docs(...base, router("rtr-a", { nats: "none" })));
    expect(seen.map(({ kind }) => kind)).toEqual(["unknown", "unknown"]);
  });

  test("a route that cannot be read may take anything", () => {
    const seen = seenBy(
      docs(
        ...base,
        router("rtr-a", { nats: [nat("nat-a", { natIps: ["203.0.113.10"] })] }),
        route("r", "x", {}, { tags: 7 }),
      ),
    );
    expect(seen.map(({ kind }) => kind).sort()).toEqual(["translated", "unknown"]);
    expect(seen.every(({ assumptions }) => assumptions.some((one) => one.startsWith("open ")))).toBe(true);
  });

  test("a file that was cut short holds no whole list", () => {
    const documents = docs(...base, router("rtr-a"));
    const { value } = compileGcp(documents, new Set(["export.json"]));
    expect(value.hosts[0]?.interfaces[0].egress.internet.none[0]?.identity.kind).toBe("unknown");
  });

  test("a NAT without its router is named, not used", () => {
    expect(problemsOf(docs({ natIps: ["203.0.113.1", "203.0.113.2"] }))).toMatchObject([
      { code: "gcp/nat-without-router" },
    ]);
  });
});

describe("the same resource twice", () => {
  test("equal copies are one, whatever the order of their members", () => {
    const { selfLink: www, ...rest } = subnet();
    const selfLink = www.replace("www.googleapis.com", "compute.googleapis.com");
    expect(problemsOf(docs(subnet(), { ...rest, selfLink, fingerprint: "x" }))).toEqual([]);
  });

  test("different ones: the last wins, and both places are named", () => {
    const problems = problemsOf([
      doc(vm(), "a.json", 3),
      doc(vm("vm1", [nic({ networkIP: "10.20.0.6" })]), "b.json", 9),
    ]);
    expect(problems).toMatchObject([{ level: "warning", code: "gcp/differing-copies", file: "b.json", line: 9 }]);
    expect(problems[0]?.text.en).toMatch(/a\.json:3.*b\.json:9/);
  });

  test("different assets: the one seen later wins", () => {
    const asset = (updateTime: string, networkIP: string) => ({
      name: "//compute.googleapis.com/projects/p/zones/r1-b/instances/vm1",
      assetType: "compute.googleapis.com/Instance",
      updateTime,
      resource: { data: vm("vm1", [nic({ networkIP })]) },
    });
    const { value } = compileGcp(
      docs(asset("2026-02-01T00:00:00Z", "10.20.0.7"), asset("2026-01-01T00:00:00Z", "10.20.0.6")),
    );
    expect(value.hosts[0]?.interfaces[0].addresses[0]?.cidr).toBe("10.20.0.7/32");
  });
});

describe("empty lists", () => {
  test("the file's name tells what there is none of", () => {
    const seen = seenBy([...docs(...base.slice(0, 4)), doc([], "routers.json", 1), doc([], "routes.json", 1)]);
    expect(seen.map(({ kind }) => kind)).toEqual(["blocked"]);
  });

  test("of several projects, a folder or the start of the name tells whose list it is", () => {
    const other = vm("svc", [nic()], {
      selfLink: "https://www.googleapis.com/compute/v1/projects/svc/zones/r1-b/instances/svc",
      zone: null,
    });
    const without = [...docs(...base.slice(0, 4), other)];
    const kinds = (file: string) => seenBy([...without, doc([], file, 1)]).map(({ kind }) => kind);
    expect(kinds("p/routers.json")).toEqual(["blocked"]);
    expect(kinds("p-routers.json")).toEqual(["blocked"]);
    expect(new Set(kinds("routers.json"))).toEqual(new Set(["unknown"]));
    expect(problemsOf([...without, doc([], "routers.json", 1)])).toMatchObject([
      { code: "gcp/empty-list-of-unknown-project" },
    ]);
  });
});

describe("how much of a collection was exported", () => {
  test("a single described router leaves room for others", () => {
    const values = [
      subnet(),
      vm(),
      route("default-route", "0.0.0.0/0", { nextHopGateway: "x/default-internet-gateway" }),
    ];
    const seen = seenBy([...docs(...values), doc(router("other"), "router.json", 1)]);
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(["unknown"]));
  });

  test("an asset export holds every type", () => {
    const asset = (type: string, value: { readonly selfLink: string }) => ({
      name: value.selfLink.replace("https://www.googleapis.com/compute/v1", "//compute.googleapis.com"),
      assetType: `compute.googleapis.com/${type}`,
      resource: { data: value },
    });
    const all = [
      asset("Instance", vm()),
      asset("Subnetwork", subnet()),
      asset("Route", route("d", "0.0.0.0/0", { nextHopGateway: "x" })),
    ];
    expect(seenBy(docs(...all)).map(({ kind, assumptions }) => [kind, assumptions])).toEqual([
      ["blocked", ["default gcp/no-firewall-policies-above"]],
    ]);
  });
});

describe("nothing throws", () => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  test("any JSON", () => {
    fc.assert(
      fc.property(anything, (value) => {
        isGcp(value);
        compileGcp(docs(value));
      }),
    );
  });

  test("an export with any member replaced by anything", () => {
    const whole = [...base, router("rtr-a", { nats: [nat()], bgpPeers: [{ name: "x" }] }), ...lists("q")];
    const paths = pathsOf(whole);
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, (path, value) => {
        const { value: estate } = compileGcp(docs(...(replaced(whole, path, value) as readonly unknown[])));
        for (const host of estate.hosts) void host.interfaces[0].egress;
      }),
      { numRuns: 300 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...(path.length === 0 ? [] : [path]), ...entries.flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((member, index) => (index === key ? replaced(member, rest, by) : member));
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [key]: replaced(members[key], rest, by) };
}
