import { describe, expect, test } from "vitest";
import {
  address,
  base,
  doc,
  docs,
  nat,
  nic,
  P,
  problemsOf,
  route,
  router,
  seenBy,
  seenFrom,
  subnet,
  vm,
} from "../../testing/gcp.ts";
import { compileGcp } from "./compile.ts";

const answer = (...values: readonly unknown[]) =>
  seenBy(docs(...base, ...values)).map(({ kind, addresses, complete, stability }) => ({
    kind,
    addresses,
    complete,
    stability,
  }));
const auto = router("rtr-a", { nats: [nat("nat-a", { natIpAllocateOption: "AUTO_ONLY", natIps: [] })] });

// https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto
describe("where the addresses of a gateway come from", () => {
  const changing = [{ kind: "translated", addresses: ["203.0.113.20"], complete: true, stability: "changing" }];
  test.each([
    [
      "the status",
      {
        kind: "compute#routerStatusResponse",
        result: {
          natStatus: [
            {
              name: "nat-a",
              autoAllocatedNatIps: ["203.0.113.20", "203.0.113.21"],
              drainAutoAllocatedNatIps: ["203.0.113.21"],
            },
          ],
        },
      },
    ],
    [
      "get-nat-ip-info",
      { result: [{ natName: "nat-a", natIpInfoMappings: [{ natIp: "203.0.113.20", mode: "AUTO", usage: "IN_USE" }] }] },
    ],
    ["reserved addresses", address("nat-auto-1", "203.0.113.20", { purpose: "NAT_AUTO", region: `${P}/regions/r1` })],
  ])("automatic: %s", (_, value) => expect(answer(auto, value)).toEqual(changing));

  const reserved = (name: string, ip: string, more: object = {}) =>
    address(name, ip, { purpose: "NAT_AUTO", region: `${P}/regions/r1`, ...more });
  const usedBy = (name: string) => ({ users: [`${P}/regions/r1/routers/${name}`] });

  test.each([["one-describe.json"], ["addresses.json"]])(
    "automatic: a single reserved address is not all: %s",
    (file) => {
      const noAddressList = base.filter((one) => (one as { kind?: string }).kind !== "compute#addressList");
      const [only] = seenBy([
        ...docs(...noAddressList, auto),
        doc(reserved("nat-auto-1", "203.0.113.20", usedBy("rtr-a")), file, 1),
      ]);
      expect(only).toMatchObject({
        kind: "translated",
        addresses: ["203.0.113.20"],
        complete: false,
        assumptions: ["open gcp/auto-ips-partly:nat-a"],
        commands: ["gcloud compute routers get-nat-ip-info rtr-a --region=r1 --project=p --format=json"],
      });
    },
  );

  // https://docs.cloud.google.com/compute/docs/reference/rest/v1/addresses (users[])
  test("automatic: an address that another router uses is not this gateway's", () => {
    expect(answer(auto, reserved("nat-auto-1", "203.0.113.20", usedBy("other")))).toMatchObject([{ kind: "unknown" }]);
    expect(
      answer(
        auto,
        reserved("nat-auto-1", "203.0.113.20", usedBy("other")),
        reserved("nat-auto-2", "203.0.113.21", usedBy("rtr-a")),
      ),
    ).toEqual([{ ...changing[0], addresses: ["203.0.113.21"] }]);
  });

  test("automatic and nothing else: unknown, with the command that tells", () => {
    const [only] = seenBy(docs(...base, auto));
    expect(only).toMatchObject({
      kind: "unknown",
      commands: ["gcloud compute routers get-nat-ip-info rtr-a --region=r1 --project=p --format=json"],
    });
  });

  test("manual, with one address resource missing: what is known is not all", () => {
    const two = router("rtr-a", {
      nats: [nat("nat-a", { natIps: [`${P}/regions/r1/addresses/nat-10`, `${P}/regions/r1/addresses/nat-11`] })],
    });
    const [only] = seenBy(docs(...base, two, address("nat-10", "203.0.113.10")));
    expect(only).toMatchObject({ kind: "translated", addresses: ["203.0.113.10"], complete: false });
    expect(only?.commands).toEqual(["gcloud compute addresses describe nat-11 --region=r1 --project=p --format=json"]);
  });

  test("manual, with none of them: unknown, never blocked", () => {
    expect(answer(router("rtr-a", { nats: [nat()] }))).toMatchObject([{ kind: "unknown" }]);
  });

  test("manual, named by the status alone", () => {
    const status = {
      result: { natStatus: [{ name: "nat-a", userAllocatedNatIps: ["203.0.113.10"], minExtraNatIpsNeeded: 2 }] },
    };
    expect(answer(router("rtr-a", { nats: [nat()] }), status)).toMatchObject([
      { kind: "translated", addresses: ["203.0.113.10"], complete: true },
    ]);
    expect(problemsOf(docs(...base, router("rtr-a", { nats: [nat()] }), status))).toMatchObject([
      { code: "gcp/too-few-nat-addresses" },
    ]);
  });

  test("manual, status and NAT addresses both naming the same one: the other name stays open", () => {
    const two = router("rtr-a", {
      nats: [nat("nat-a", { natIps: [`${P}/regions/r1/addresses/nat-10`, `${P}/regions/r1/addresses/nat-11`] })],
    });
    const status = { result: { natStatus: [{ name: "nat-a", userAllocatedNatIps: ["203.0.113.10"] }] } };
    const info = {
      result: [{ natName: "nat-a", natIpInfoMappings: [{ natIp: "203.0.113.10", mode: "MANUAL", usage: "IN_USE" }] }],
    };
    const expected = [{ kind: "translated", addresses: ["203.0.113.10"], complete: false, stability: "static" }];
    expect(answer(two, status, info)).toEqual(expected);
    expect(answer(two, status, info, address("nat-10", "203.0.113.10"))).toEqual(expected);
    const both = { result: { natStatus: [{ name: "nat-a", userAllocatedNatIps: ["203.0.113.10", "203.0.113.11"] }] } };
    expect(answer(two, both, info)).toMatchObject([{ addresses: ["203.0.113.10", "203.0.113.11"], complete: true }]);
  });

  test.each([
    ["projects/p/regions/r1/addresses/nat-10"],
    ["https://compute.googleapis.com/compute/v1/projects/p/regions/r1/addresses/nat-10"],
    ["regions/r1/addresses/nat-10"],
    ["nat-10"],
    ["203.0.113.10"],
  ])("manual, linked as %s", (link) =>
    expect(
      answer(router("rtr-a", { nats: [nat("nat-a", { natIps: [link] })] }), address("nat-10", "203.0.113.10")),
    ).toMatchObject([{ kind: "translated", addresses: ["203.0.113.10"] }]),
  );

  test("no address left: dropped", () => {
    const empty = router("rtr-a", { nats: [nat("nat-a", { natIps: [], natIpAllocateOption: "MANUAL_ONLY" })] });
    expect(answer(empty)).toMatchObject([{ kind: "blocked" }]);
  });
});

describe("mapping information", () => {
  const two = [router("rtr-a", { nats: [nat("nat-a", { natIps: ["203.0.113.10", "203.0.113.11"] })] })];
  const mapping = (natIpPortRanges: readonly string[], more: object = {}) => ({
    instanceName: "vm1",
    interfaceNatMappings: [{ sourceVirtualIp: "10.20.0.5", sourceAliasIpRange: "", natIpPortRanges, ...more }],
  });

  test("names an automatic address that no status gives", () => {
    const [first] = seenBy(docs(...base, auto, mapping(["203.0.113.20:1024-1087"])));
    expect(first).toMatchObject({
      kind: "translated",
      addresses: ["203.0.113.20"],
      assumptions: ["default gcp/nat-mapping-snapshot"],
    });
  });

  test("against the configuration: both are possible, neither is certain", () => {
    const seen = seenBy(docs(...base, ...two, mapping(["203.0.113.99:1-2"])));
    expect(seen.map(({ addresses }) => addresses)).toEqual([["203.0.113.99"], ["203.0.113.10", "203.0.113.11"]]);
    expect(seen.every(({ assumptions }) => assumptions.some((one) => one.startsWith("open ")))).toBe(true);
  });

  test("of a rule narrows that rule alone", () => {
    const rules = [
      {
        ruleNumber: 100,
        match: "inIpRange(destination.ip, '198.51.100.0/24')",
        action: { sourceNatActiveIps: ["203.0.113.30", "203.0.113.31"] },
      },
    ];
    const ruled = router("rtr-a", { nats: [nat("nat-a", { natIps: ["203.0.113.10"], rules })] });
    const seen = seenBy(
      docs(
        ...base,
        ruled,
        mapping(["203.0.113.10:1-2"], { ruleMappings: [{ ruleNumber: 100, natIpPortRanges: ["203.0.113.31:1-2"] }] }),
      ),
    );
    expect(seen[0]).toMatchObject({ addresses: ["203.0.113.31"] });
  });

  test("of a VM of the same name and address elsewhere is not used", () => {
    const twin = vm("vm1", [nic({ network: `${P}/global/networks/net-b`, subnetwork: null })], {
      selfLink: `${P}/zones/r2-b/instances/vm1`,
    });
    const { value } = compileGcp(docs(...base, ...two, twin, mapping(["203.0.113.11:1024-1087"])));
    const [host] = value.hosts;
    if (host === undefined) throw new Error("no host");
    expect(seenFrom(host, null, {}).map(({ addresses }) => addresses)).toEqual([["203.0.113.10", "203.0.113.11"]]);
  });
});

describe("coverage", () => {
  const withAlias = (alias: object) => vm("vm1", [nic({ aliasIpRanges: [alias] })]);
  const others = base.filter((value) => value !== base[1] && value !== base[2]);
  const pods = subnet("sub-a", "10.20.0.0/24", {
    secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.60.0.0/16" }],
  });
  const listed = (entry: object) =>
    router("rtr-a", {
      nats: [
        nat("nat-a", {
          natIps: ["203.0.113.10"],
          sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
          subnetworks: [{ name: `${P}/regions/r1/subnetworks/sub-a`, ...entry }],
        }),
      ],
    });
  const primaries = router("rtr-a", {
    nats: [
      nat("nat-a", {
        natIps: ["203.0.113.10"],
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES",
      }),
    ],
  });

  test.each([
    ["all ranges by default", listed({}), "10.60.1.7", ["translated"]],
    ["the primary range", listed({ sourceIpRangesToNat: ["PRIMARY_IP_RANGE"] }), "10.60.1.7", ["blocked"]],
    [
      "the named secondary",
      listed({
        sourceIpRangesToNat: ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"],
        secondaryIpRangeNames: ["pods"],
      }),
      "10.60.1.7",
      ["translated"],
    ],
    [
      "names without the list",
      listed({ sourceIpRangesToNat: ["PRIMARY_IP_RANGE"], secondaryIpRangeNames: ["pods"] }),
      "10.60.1.7",
      ["blocked"],
    ],
  ])("%s", (_, gateway, source, expected) => {
    const values = [...others, pods, withAlias({ ipCidrRange: "10.60.1.0/24", subnetworkRangeName: "pods" }), gateway];
    expect(seenBy(docs(...values), { source }).map(({ kind }) => kind)).toEqual(expected);
  });

  test("an alias from the primary range under a gateway for primary ranges: nobody says", () => {
    const values = [...others, pods, withAlias({ ipCidrRange: "10.20.0.64/28" }), primaries];
    const seen = seenBy(docs(...values), { source: "10.20.0.65" });
    expect(seen.map(({ kind }) => kind)).toEqual(["translated", "blocked"]);
    expect(seen.every(({ assumptions }) => assumptions.some((one) => one.startsWith("open ")))).toBe(true);
  });

  test("a range set that was added later is neither covered nor not", () => {
    const later = router("rtr-a", {
      nats: [nat("nat-a", { natIps: ["203.0.113.10"], sourceSubnetworkIpRangesToNat: "SOMETHING_NEW" })],
    });
    expect(answer(later).map(({ kind }) => kind)).toEqual(["translated", "blocked"]);
  });

  test("two public gateways for one range contradict each other", () => {
    const both = [primaries, router("rtr-b", { nats: [nat("nat-b", { natIps: ["203.0.113.11"] })] })];
    expect(answer(...both)).toMatchObject([{ kind: "unknown" }]);
    expect(problemsOf(docs(...base, ...both))).toMatchObject([{ code: "gcp/two-gateways-for-one-range" }]);
  });

  test("a gateway of the network's name in another project does not serve", () => {
    const elsewhere = {
      ...primaries,
      selfLink: "https://www.googleapis.com/compute/v1/projects/q/regions/r1/routers/rtr-a",
      network: "https://www.googleapis.com/compute/v1/projects/q/global/networks/net-a",
    };
    expect(answer(elsewhere)).toMatchObject([{ kind: "blocked" }]);
  });
});

test("an address nobody offered is never the answer, and every offer names its gateway", () => {
  const { value } = compileGcp(docs(...base, router("rtr-a", { nats: [nat("nat-a", { natIps: ["203.0.113.10"] })] })));
  const offers = value.hosts
    .flatMap(({ interfaces }) => interfaces.flatMap(({ egress }) => egress.internet.offers))
    .filter(({ translator }) => translator === "nat-gateway");
  expect(offers.map(({ resource }) => resource)).toEqual(["projects/p/regions/r1/routers/rtr-a/nats/nat-a"]);
  expect(offers[0]?.step.origin).toMatchObject({ file: "export.json" });
});

// https://docs.cloud.google.com/nat/docs/private-nat
test("Private NAT answers with its whole range, for TCP and UDP", () => {
  const range = subnet("pnat", "172.16.1.0/24", { purpose: "PRIVATE_NAT" });
  const rules = [
    {
      ruleNumber: 1,
      match: "nexthop.is_hybrid",
      action: { sourceNatActiveRanges: [`${P}/regions/r1/subnetworks/pnat`] },
    },
  ];
  const gateway = router("rtr-a", {
    bgpPeers: [{ name: "x" }],
    nats: [
      {
        name: "pn",
        type: "PRIVATE",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: `${P}/regions/r1/subnetworks/sub-a` }],
        rules,
      },
    ],
  });
  const status = {
    result: {
      network: `${P}/global/networks/net-a`,
      bestRoutes: [{ destRange: "10.90.0.0/16", nextHopVpnTunnel: `${P}/regions/r1/vpnTunnels/t`, routeType: "BGP" }],
    },
  };
  const { value } = compileGcp(docs(...base, range, gateway, status));
  const hop = value.hosts[0]?.interfaces[0].egress.routes.stages[3]?.routes.find(
    ({ prefix }) => prefix === "10.90.0.0/16",
  )?.hop;
  expect(hop).toMatchObject({
    kind: "link",
    link: {
      offers: [
        {
          match: { protocols: ["tcp", "udp"] },
          alternatives: [{ identity: { kind: "translated", addresses: ["172.16.1.0/24"] } }],
        },
        {},
      ],
    },
  });
  expect(seenBy(docs(...base, range, gateway, status), { to: "172.16.1.9" })).toMatchObject([{ kind: "blocked" }]);
});

// https://docs.cloud.google.com/nat/docs/private-nat
test.each([
  ["LIST_OF_SUBNETWORKS", `${P}/regions/r1/subnetworks/sub-a`, "unknown"],
  ["LIST_OF_SUBNETWORKS", `${P}/regions/r1/subnetworks/sub-b`, "preserved"],
  ["ALL_SUBNETWORKS_ALL_IP_RANGES", null, "unknown"],
])("Private NAT covers a subnet that was not exported: %s %s", (ranges, listed, kind) => {
  const rules = [
    {
      ruleNumber: 1,
      match: "nexthop.is_hybrid",
      action: { sourceNatActiveRanges: [`${P}/regions/r1/subnetworks/pnat`] },
    },
  ];
  const subnetworks = listed === null ? [] : [{ name: listed }];
  const gateway = router("rtr-a", {
    bgpPeers: [{ name: "x" }],
    nats: [{ name: "pn", type: "PRIVATE", sourceSubnetworkIpRangesToNat: ranges, subnetworks, rules }],
  });
  const status = {
    result: {
      network: `${P}/global/networks/net-a`,
      bestRoutes: [{ destRange: "10.90.0.0/16", nextHopVpnTunnel: `${P}/regions/r1/vpnTunnels/t`, routeType: "BGP" }],
    },
  };
  const noSubnets = base.filter((one) => !(one as { kind: string }).kind.startsWith("compute#subnetwork"));
  const kinds = seenBy(docs(...noSubnets, gateway, status), { to: "10.90.0.4" }).map((one) => one.kind);
  expect(kinds).toContain(kind);
  expect(kinds.includes("preserved")).toBe(kind === "preserved");
});

// https://docs.cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent
describe("gcp/gke-pod: the node may rewrite the source of its Pods", () => {
  const pods = subnet("sub-a", "10.20.0.0/24", {
    secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.60.0.0/16" }],
  });
  const alias = nic({
    aliasIpRanges: [{ ipCidrRange: "10.60.1.0/24", subnetworkRangeName: "pods" }],
    accessConfigs: [{ natIP: "203.0.113.50" }],
  });
  const gateway = router("rtr-a", { nats: [nat("nat-a", { natIps: ["203.0.113.10"] })] });
  const others = base.filter((one) => one !== base[1] && one !== base[2]);
  const seen = (name: string, more: object, source: string, to = "198.51.100.25") =>
    seenBy(docs(...others, pods, vm(name, [alias], more), gateway), { from: name, source, to }).map((one) => [
      one.addresses.join(),
      ...one.assumptions.map((id) => id.replace(name, "n")),
    ]);
  const rewritten = "open gcp/gke-masquerades:n";

  test.each([
    ["vm1", { labels: { "goog-gke-node": "" } }],
    ["vm1", { labels: { "goog-k8s-cluster-name": "c1" } }],
    [
      "vm1",
      { metadata: { items: [{ key: "created-by", value: "projects/1/zones/z/instanceGroupManagers/gke-c1-grp" }] } },
    ],
    ["gke-c1-pool-1", {}],
  ])("%s %j", (name, more) => {
    expect(seen(name, more, "10.60.1.7")).toEqual([
      ["203.0.113.50", rewritten],
      ["203.0.113.10", "open gcp/gke-keeps-pod:n"],
    ]);
    expect(seen(name, more, "10.20.0.5")).toEqual([["203.0.113.50"]]);
  });

  test("inside RFC 1918 the Pod's address is kept by default", () => {
    expect(seen("vm1", { labels: { "goog-gke-node": "" } }, "10.60.1.7", "10.20.0.9")).toEqual([
      ["10.60.1.7", "default gcp/gke-keeps-pod:n"],
      ["10.20.0.5", rewritten],
    ]);
  });

  test("another VM's alias is left alone", () => {
    expect(seen("vm1", { labels: { team: "a" } }, "10.60.1.7")).toEqual([["203.0.113.10"]]);
  });
});

// https://docs.cloud.google.com/vpc/docs/configure-private-google-access
test.each([
  [true, "2600:2d00:2:2000::1", "preserved"],
  [true, "2600:2d00:2:1000::1", "preserved"],
  [false, "2600:2d00:2:2000::1", "blocked"],
  [true, "2600:2d00:2:3000::1", "blocked"],
])("gcp/special-vips-ipv6: Private Google Access %s, to %s", (privateIpGoogleAccess, to, kind) => {
  const inside = { stackType: "IPV4_IPV6", internalIpv6Prefix: "fd20:1::/64", privateIpGoogleAccess };
  const others = base.filter((one) => one !== base[1] && one !== base[2]);
  const v6 = route("default-v6", "::/0", { nextHopGateway: `${P}/global/gateways/default-internet-gateway` });
  const values = [
    ...others,
    subnet("sub-a", "10.20.0.0/24", inside),
    vm("vm1", [nic({ ipv6Address: "fd20:1::5" })]),
    v6,
  ];
  expect(seenBy(docs(...values), { to }).map((one) => one.kind)).toEqual([kind]);
});

// https://docs.cloud.google.com/nat/docs/nat-rules-overview
test("a rule for some sources tells VMs of one subnet apart, whichever is read first", () => {
  const rules = [
    {
      ruleNumber: 100,
      match: "inIpRange(source.ip, '10.10.0.7/32')",
      action: { sourceNatActiveIps: ["203.0.113.30"] },
    },
  ];
  const ruled = router("rtr-a", { nats: [nat("nat-a", { natIps: ["203.0.113.10"], rules })] });
  const meant = vm("meant", [nic({ networkIP: "10.10.0.7" })]);
  const other = vm("other", [nic({ networkIP: "10.10.0.8" })]);
  const networks = base.filter((one) => !("networkInterfaces" in one));
  for (const vms of [
    [meant, other],
    [other, meant],
  ]) {
    const documents = docs(...networks, ...vms, ruled);
    expect(seenBy(documents, { from: "meant" }).map(({ addresses }) => addresses)).toEqual([["203.0.113.30"]]);
    expect(seenBy(documents, { from: "other" }).map(({ addresses }) => addresses)).toEqual([["203.0.113.10"]]);
  }
});
