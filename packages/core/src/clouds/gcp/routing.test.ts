import { describe, expect, test } from "vitest";
import {
  address,
  base,
  defaultRoute,
  doc,
  docs,
  INTERNET,
  lists,
  nat,
  network,
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

const NAT10 = [router("rtr-a", { nats: [nat()] }), address("nat-10", "203.0.113.10")];
const kinds = (values: readonly unknown[], flow = {}) => seenBy(docs(...values), flow).map(({ kind }) => kind);
const tunnelRoute = (more: object = {}) => ({ nextHopVpnTunnel: `${P}/regions/r1/vpnTunnels/t1`, ...more });

// https://docs.cloud.google.com/vpc/docs/vpc-peering
describe("peering", () => {
  const peered = (name: string, other: string, more: object = {}) =>
    network(name, {
      peerings: [{ name: `to-${other}`, network: `${P}/global/networks/${other}`, state: "ACTIVE", ...more }],
    });
  const subB = (range: string) => subnet("sub-b", range, { network: `${P}/global/networks/net-b` });

  test("subnets of a peer are reached with the internal source", () => {
    const values = [...base, peered("net-a", "net-b"), peered("net-b", "net-a"), subB("10.30.0.0/24"), ...NAT10];
    expect(seenBy(docs(...values), { to: "10.30.0.9" })).toMatchObject([
      { kind: "preserved", addresses: ["10.20.0.5"] },
    ]);
  });

  // https://docs.cloud.google.com/vpc/docs/about-accessing-vpc-hosted-services-endpoints: peering access differs by target
  test("an endpoint of a published service in a peer is no subnet that keeps the source", () => {
    const endpoint = {
      kind: "compute#forwardingRule",
      name: "endpoint-1",
      selfLink: `${P}/regions/r1/forwardingRules/endpoint-1`,
      region: `${P}/regions/r1`,
      network: `${P}/global/networks/net-b`,
      IPAddress: "10.30.0.9",
      target: `${P}/regions/r1/serviceAttachments/svc-1`,
    };
    const values = [...base, peered("net-a", "net-b"), peered("net-b", "net-a"), subB("10.30.0.0/24"), endpoint];
    expect(kinds(values, { to: "10.30.0.9" })).toEqual(["unknown"]);
    expect(kinds(values, { to: "10.30.0.10" })).toEqual(["preserved"]);
  });

  test("a peering that is not active carries nothing", () => {
    const values = [...base, peered("net-a", "net-b", { state: "INACTIVE" }), subB("10.30.0.0/24")];
    expect(kinds(values, { to: "10.30.0.9" })).toEqual(["blocked"]);
  });

  test.each([
    [{}, "translated"],
    [{ importSubnetRoutesWithPublicIp: true }, "preserved"],
  ])("subnets on public ranges are imported only on demand: %j", (more, kind) => {
    const values = [...base, peered("net-a", "net-b", more), peered("net-b", "net-a"), subB("8.34.208.0/24"), ...NAT10];
    expect(kinds(values, { to: "8.34.208.9" })).toEqual([kind]);
  });

  // https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto (NetworkPeering.stack_type)
  test.each([
    ["IPV4_IPV6", "IPV4_IPV6", ["preserved"]],
    ["IPV4_ONLY", "IPV4_IPV6", ["blocked"]],
    ["IPV4_IPV6", "IPV4_ONLY", ["blocked"]],
    [undefined, "IPV4_ONLY", ["blocked"]],
    [undefined, undefined, ["blocked", "unknown"]],
    ["IPV4_IPV6", undefined, ["blocked", "unknown"]],
  ])("IPv6 ranges between stack types %s and %s", (own, back, expected) => {
    const dual = { stackType: "IPV4_IPV6", internalIpv6Prefix: "fd20:2::/64" };
    const values = [
      ...base.filter((value) => value !== base[2]),
      vm("vm1", [nic({ ipv6Address: "fd20:1::5", stackType: "IPV4_IPV6" })]),
      peered("net-a", "net-b", { stackType: own }),
      peered("net-b", "net-a", { stackType: back }),
      subnet("sub-b", "10.30.0.0/24", { network: `${P}/global/networks/net-b`, ...dual }),
    ];
    expect(kinds(values, { to: "fd20:2::9" })).toEqual(expected);
    expect(kinds(values, { to: "10.30.0.9" })).toEqual(["preserved"]);
  });

  // https://docs.cloud.google.com/vpc/docs/subnets#valid-ranges
  test.each([
    ["100.64.0.0/24", "100.64.0.9"],
    ["192.0.0.0/25", "192.0.0.9"],
    ["192.0.2.0/24", "192.0.2.9"],
    ["192.88.99.0/24", "192.88.99.9"],
    ["198.18.4.0/24", "198.18.4.9"],
    ["198.51.100.0/24", "198.51.100.9"],
    ["203.0.113.128/25", "203.0.113.200"],
    ["240.1.0.0/24", "240.1.0.9"],
  ])("a subnet on %s is private, and always exchanged", (range, to) => {
    const values = [...base, peered("net-a", "net-b"), peered("net-b", "net-a"), subB(range), ...NAT10];
    expect(kinds(values, { to })).toEqual(["preserved"]);
  });

  test.each(["240.1.0.9", "198.18.4.9"])("%s may be in a subnet that was not exported", (to) => {
    const [net, , sender, internet] = base;
    const [routes, , ...others] = lists();
    const values = [net, sender, internet, routes, ...others, ...NAT10];
    expect(kinds(values, { to })).toContain("unknown");
    expect(kinds(values, { to: "198.51.100.25" })).not.toContain("unknown");
  });

  test.each([
    [{ importCustomRoutes: true }, { exportCustomRoutes: true }, ["preserved", "unpredictable"]],
    [{ importCustomRoutes: true }, {}, ["translated"]],
    [{}, { exportCustomRoutes: true }, ["translated"]],
  ])("custom routes need both sides: %j %j", (own, back, expected) => {
    const net = { network: `${P}/global/networks/net-b` };
    const tunnel = {
      kind: "compute#vpnTunnel",
      name: "t1",
      selfLink: `${P}/regions/r1/vpnTunnels/t1`,
      status: "ESTABLISHED",
    };
    const values = [
      ...base,
      peered("net-a", "net-b", own),
      peered("net-b", "net-a", back),
      ...NAT10,
      tunnel,
      route("b", "198.51.100.0/24", tunnelRoute(), net),
    ];
    expect(kinds(values)).toEqual(expected);
  });

  test("what is imported from a peer outside the export is asked for", () => {
    const values = [...base, peered("net-a", "net-z", { importCustomRoutes: true }), ...NAT10];
    const seen = seenBy(docs(...values));
    expect(seen.map(({ kind }) => kind)).toEqual(["translated", "unknown"]);
    expect(seen[1]?.commands).toEqual([
      "gcloud compute networks peerings list-routes to-net-z --network=net-a --direction=INCOMING --region=r1 --project=p --format=json",
    ]);
  });

  describe("what a peer's router learned", () => {
    const inB = { network: `${P}/global/networks/net-b` };
    const peers = { bgpPeers: [{ name: "peer-1", peerIpAddress: "169.254.20.2" }] };
    const hub = (region: string) =>
      router("hub", {
        ...inB,
        ...peers,
        selfLink: `${P}/regions/${region}/routers/hub`,
        region: `${P}/regions/${region}`,
      });
    const told = (more: object) => ({ kind: "compute#routerStatusResponse", result: { ...inB, ...more } });
    const learned = { bestRoutes: [{ destRange: "10.90.0.0/16", priority: 100, ...tunnelRoute(), routeType: "BGP" }] };
    const values = (mode: string, exported: boolean, ...more: readonly object[]) => [
      ...base,
      peered("net-a", "net-b", { importCustomRoutes: true }),
      { ...peered("net-b", "net-a", { exportCustomRoutes: exported }), routingConfig: { routingMode: mode } },
      ...NAT10,
      ...more,
    ];

    test.each([
      ["REGIONAL", true, [hub("r1")], ["blocked", "unknown"]],
      ["REGIONAL", false, [hub("r1")], ["blocked"]],
      ["REGIONAL", true, [hub("r2")], ["blocked"]],
      ["GLOBAL", true, [hub("r2")], ["blocked", "unknown"]],
      ["GLOBAL", true, [hub("r2"), told(learned)], ["blocked", "unknown"]],
      ["GLOBAL", true, [hub("r2"), told({ bestRoutes: [] })], ["blocked"]],
      ["REGIONAL", true, [hub("r1"), told({ bestRoutes: [] })], ["blocked"]],
    ])("%s, exported %j", (mode, exported, more, expected) => {
      expect(kinds(values(mode, exported, ...more), { to: "10.90.0.4" })).toEqual(expected);
    });

    test("is used where the status of its region tells it", () => {
      const seen = kinds(values("REGIONAL", true, hub("r1"), told(learned)), { to: "10.90.0.4" });
      expect(seen[0]).toBe("preserved");
      expect(seen).not.toContain("blocked");
    });

    test("its routers must have been exported", () => {
      const net = { project: "https://www.googleapis.com/compute/v1/projects/hub" };
      const other = {
        kind: "compute#network",
        name: "net-b",
        selfLink: `${net.project}/global/networks/net-b`,
        peerings: [{ name: "to-a", network: `${P}/global/networks/net-a`, exportCustomRoutes: true }],
      };
      const own = network("net-a", {
        peerings: [{ name: "to-b", network: `${net.project}/global/networks/net-b`, importCustomRoutes: true }],
      });
      const shown = [...base, own, other, ...NAT10, { kind: "compute#routeList", id: "projects/hub/global/routes" }];
      expect(kinds(shown)).toEqual(["translated", "unknown"]);
      expect(kinds([...shown, ...lists("hub")])).toEqual(["translated"]);
    });
  });

  test("listed imported routes", () => {
    const listed = { destRange: "198.51.100.0/24", imported: true, priority: 100, type: "STATIC_PEERING_ROUTE" };
    const values = [...base, peered("net-a", "net-z", { importCustomRoutes: true }), ...NAT10, listed];
    expect(kinds(values)).toEqual(["unpredictable"]);
  });

  // https://cloud.google.com/sdk/gcloud/reference/compute/networks/peerings/list-routes: one peering, region and direction.
  describe("a list of routes counts for one peering, region and direction", () => {
    const row = (destRange: string, type = "DYNAMIC_PEERING_ROUTE") => ({
      destRange,
      imported: true,
      priority: 100,
      type,
    });
    const importing = (...names: readonly string[]) =>
      network("net-a", {
        peerings: names.map((name) => ({
          name,
          network: `${P}/global/networks/of-${name}`,
          state: "ACTIVE",
          importCustomRoutes: true,
        })),
      });
    const seen = (file: string, peerings: readonly string[], rows: readonly object[], more: readonly object[] = []) =>
      seenBy(
        [...docs(...base, importing(...peerings), ...NAT10, ...more), ...rows.map((value) => doc(value, file))],
        {},
      ).flatMap(({ kind, assumptions }) => (kind === "unknown" ? assumptions : []));
    const other = [row("10.90.0.0/16")];
    const own = [row("10.20.0.0/24", "SUBNET_PEERING_ROUTE")];
    const farSubnet = subnet("sub-r2", "10.21.0.0/24", {
      region: `${P}/regions/r2`,
      selfLink: `${P}/regions/r2/subnetworks/sub-r2`,
    });
    const AB = "open gcp/imported-route:p-ab";
    const AC = "open gcp/imported-route:p-ac";

    test.each([
      ["p-ab-routes.json", ["p-ab"], other, []],
      ["routes.json", ["p-ab"], other, []],
      ["p-ab-routes.json", ["p-ab", "p-ac"], other, [AC]],
      ["p-ac-routes.json", ["p-ab", "p-ac"], other, [AB]],
      ["p-ab-c-routes.json", ["p-ab", "p-ab-c"], other, [AB]],
      ["routes.json", ["p-ab", "p-ac"], other, [AB, AC]],
      ["p-ab-outgoing.json", ["p-ab"], other, [AB]],
      ["p-ab.json", ["p-ab"], own, [AB]],
      ["p-ab.json", ["p-ab"], [...own, ...other], []],
    ])("%s, peerings %j", (file, peerings, rows, expected) => {
      expect(seen(file, peerings, rows)).toEqual(expect.arrayContaining(expected));
      for (const one of [AB, AC].filter((gap) => !expected.includes(gap)))
        expect(seen(file, peerings, rows)).not.toContain(one);
    });

    test.each([
      ["p-ab.json", true],
      ["p-ab-r2-incoming.json", true],
      ["p-ab-r1-incoming.json", false],
    ])("with subnets in two regions: %s", (file, open) => {
      expect(seen(file, ["p-ab"], other, [farSubnet]).includes(AB)).toBe(open);
    });

    test("what a router of this network learned may be what it exports", () => {
      const speaker = router("rtr-b", { bgpPeers: [{ name: "peer-1", peerIpAddress: "169.254.10.2" }] });
      const status = { kind: "compute#routerStatusResponse", result: { bgpPeerStatus: [{ name: "peer-1" }] } };
      expect(seen("p-ab.json", ["p-ab"], other, [speaker, status])).toContain(AB);
    });

    test("routes of an outgoing list are not imported", () => {
      const values = [...docs(...base, importing("p-ab"), ...NAT10), doc(row("198.51.100.0/24"), "p-ab-outgoing.json")];
      expect(seenBy(values).map(({ kind }) => kind)).toEqual(["translated", "unknown"]);
    });
  });

  test("a cycle of peerings ends", () => {
    const ring = ["net-a", "net-b", "net-c"].map((name, index, all) =>
      network(name, {
        peerings: [...all.filter((other) => other !== name), name].map((other) => ({
          name: `p${index}-${other}`,
          network: `${P}/global/networks/${other}`,
          state: "ACTIVE",
          importCustomRoutes: true,
          exportCustomRoutes: true,
        })),
      }),
    );
    expect(kinds([...base, ...ring, ...NAT10])).toContain("translated");
  });
});

// https://docs.cloud.google.com/vpc/docs/configure-private-service-connect-apis
describe("an endpoint for Google APIs", () => {
  const endpoint = (more: object = {}) => ({
    kind: "compute#forwardingRule",
    name: "apis",
    selfLink: `${P}/global/forwardingRules/apis`,
    network: `${P}/global/networks/net-a`,
    IPAddress: "10.255.0.1",
    target: "all-apis",
    ...more,
  });
  const to = { to: "10.255.0.1" };
  const access = subnet("sub-a", "10.20.0.0/24", { privateIpGoogleAccess: true });

  test.each([
    ["behind a NAT", [endpoint(), ...NAT10], ["preserved"]],
    ["of the vpc-sc bundle", [endpoint({ target: `${P}/global/vpc-sc` }), ...NAT10], ["preserved"]],
    ["with Private Google Access", [endpoint(), access], ["preserved"]],
    [
      "with an external address",
      [endpoint(), vm("vm1", [nic({ accessConfigs: [{ natIP: "203.0.113.5" }] })])],
      ["preserved"],
    ],
    ["without any of them", [endpoint()], ["blocked"]],
    ["of another network", [endpoint({ network: `${P}/global/networks/net-b` }), ...NAT10], ["blocked"]],
  ])("%s", (_, more, expected) => {
    expect(kinds([...base, ...more], to)).toEqual(expected);
  });

  test("whether a NAT serves the subnet is open while no routers were exported", () => {
    const values = [...base.filter((value) => value !== base[6]), endpoint()];
    expect(kinds(values, to)).toEqual(["preserved", "blocked"]);
  });
});

// https://docs.cloud.google.com/vpc/docs/static-routes
describe("next hops", () => {
  test("a VM that is its own next hop is no crash, and not certain", () => {
    const self = vm("vm1", [nic()], { canIpForward: true });
    const values = [
      ...base,
      self,
      ...NAT10,
      route("self", "198.51.100.0/24", { nextHopInstance: `${P}/zones/r1-b/instances/vm1` }),
    ];
    expect(kinds(values.filter((value) => value !== base[2]))).toEqual(["unpredictable"]);
  });

  test("an appliance that may not forward drops", () => {
    const values = [
      ...base,
      ...NAT10,
      vm("nva", [nic({ networkIP: "10.20.0.8" })]),
      route("r", "198.51.100.0/24", { nextHopIp: "10.20.0.8" }),
    ];
    expect(kinds(values)).toEqual(["blocked"]);
  });

  test("an address that nobody in the export has may be there or not", () => {
    const values = [...base, ...NAT10, route("r", "198.51.100.0/24", { nextHopIp: "10.20.0.77" })];
    const seen = seenBy(docs(...values));
    expect(seen.map(({ kind }) => kind).sort()).toEqual(["blocked", "unpredictable"]);
    expect(seen.every(({ assumptions }) => assumptions.some((one) => one.startsWith("open ")))).toBe(true);
  });

  test.each([
    [true, "unpredictable"],
    [false, "blocked"],
  ])("a load balancer of another region, global access %s", (allowGlobalAccess, kind) => {
    const ilb = {
      kind: "compute#forwardingRule",
      name: "ilb",
      selfLink: `${P}/regions/r2/forwardingRules/ilb`,
      region: `${P}/regions/r2`,
      IPAddress: "10.21.0.100",
      loadBalancingScheme: "INTERNAL",
      network: `${P}/global/networks/net-a`,
      allowGlobalAccess,
    };
    for (const nextHopIlb of [ilb.selfLink, ilb.IPAddress])
      expect(kinds([...base, ...NAT10, ilb, route("r", "198.51.100.0/24", { nextHopIlb })])).toEqual([kind]);
  });

  test("a tunnel whose state was not exported is assumed up, and says so", () => {
    const values = [...base, ...NAT10, route("r", "198.51.100.0/24", tunnelRoute())];
    const [first] = seenBy(docs(...values));
    expect(first?.kind).toBe("preserved");
    expect(first?.assumptions).toContain("default gcp/tunnel-established:t1");
  });

  test("a classic tunnel drops what is outside its selectors", () => {
    const tunnel = {
      kind: "compute#vpnTunnel",
      name: "t1",
      selfLink: `${P}/regions/r1/vpnTunnels/t1`,
      status: "ESTABLISHED",
      targetVpnGateway: "g",
      localTrafficSelector: ["10.20.0.0/24"],
      remoteTrafficSelector: ["198.51.100.0/28"],
    };
    const values = [...base, tunnel, route("r", "198.51.100.0/24", tunnelRoute())];
    expect(kinds(values, { to: "198.51.100.5" })).toContain("preserved");
    expect(kinds(values, { to: "198.51.100.25" })).toContain("blocked");
  });

  test("a prefix that is none is a problem and no route", () => {
    expect(problemsOf(docs(...base, route("r", "198.51.100.0/99", INTERNET)))).toMatchObject([
      { code: "gcp/not-an-address" },
    ]);
  });
});

// https://docs.cloud.google.com/vpc/docs/routes
describe("dynamic routes", () => {
  const peers = {
    bgpPeers: [{ name: "peer-1", interfaceName: "if-1", peerIpAddress: "169.254.1.2" }],
    interfaces: [{ name: "if-1", linkedVpnTunnel: `${P}/regions/r1/vpnTunnels/t1` }],
  };
  const status = (destRange: string, more: object = {}) => ({
    kind: "compute#routerStatusResponse",
    result: {
      network: `${P}/global/networks/net-a`,
      bestRoutes: [{ destRange, priority: 100, nextHopIp: "169.254.1.2", routeType: "BGP", ...more }],
      bgpPeerStatus: [{ name: "peer-1", status: "UP" }],
    },
  });
  const speaker = router("rtr-a", { ...peers, nats: [nat()] });

  test("a learned next hop is the link of its BGP peer", () => {
    const values = [...base, speaker, NAT10[1], status("198.51.100.0/24")];
    expect(kinds(values)).toEqual(["preserved", "unpredictable"]);
  });

  test("what is not active is not used", () => {
    const values = [...base, speaker, NAT10[1], status("198.51.100.0/24", { routeStatus: "DROPPED" })];
    expect(kinds(values)).toEqual(["translated"]);
  });

  const far = router("far", { ...peers, selfLink: `${P}/regions/r2/routers/far`, region: `${P}/regions/r2` });
  test.each([
    ["REGIONAL", ["translated"]],
    ["GLOBAL", ["translated", "unknown"]],
  ])("a router of another region counts with %s routing", (routingMode, expected) => {
    const values = [...base.slice(1), network("net-a", { routingConfig: { routingMode } }), ...NAT10, far];
    expect(kinds(values)).toEqual(expected);
  });

  test("with global routing and the other region's status only its ranges are in doubt", () => {
    const values = [
      ...base.slice(1),
      network("net-a", { routingConfig: { routingMode: "GLOBAL" } }),
      ...NAT10,
      far,
      status("10.90.0.0/16"),
    ];
    expect(kinds(values)).toEqual(["translated"]);
    expect(kinds(values, { to: "10.90.0.1" })).toContain("unknown");
  });

  test("ranges entered by hand act as learned ones while no status was given", () => {
    const learned = {
      bgpPeers: [{ ...peers.bgpPeers[0], customLearnedIpRanges: [{ range: "198.51.100.0/24" }] }],
      interfaces: peers.interfaces,
    };
    expect(kinds([...base, router("rtr-a", { ...learned, nats: [nat()] }), NAT10[1]])).toContain("preserved");
  });

  test("a status that was cut down to its NATs says nothing of routes", () => {
    const cut = { result: { natStatus: [{ name: "nat-a", userAllocatedNatIps: ["203.0.113.10"] }] } };
    expect(kinds([...base, speaker, NAT10[1], cut])).toEqual(["translated", "unknown"]);
  });

  test("a status that fits no router is named", () => {
    expect(problemsOf(docs(...base, status("10.0.0.0/8")))).toMatchObject([{ code: "gcp/status-of-unknown-router" }]);
  });

  // https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto: a status is one router's
  test("a status that fits no router shows that the routers are not all there", () => {
    expect(kinds([...base])).toEqual(["blocked"]);
    expect(kinds([...base, status("10.0.0.0/8")])).toContain("unknown");
  });

  test("of two routers, the file's name tells whose status it is", () => {
    const twin = router("rtr-b", peers);
    const values = docs(...base, router("rtr-a", peers), twin);
    const one = { ...docs(status("198.51.100.0/24"))[0], origin: { file: "status/rtr-b.json", line: 1 } };
    expect(seenBy([...values, one as (typeof values)[number]]).map(({ kind }) => kind)).toEqual([
      "preserved",
      "unpredictable",
    ]);
  });
});

describe("what was not exported", () => {
  test("an interface in a subnet that the list lacks shows that the list is not whole", () => {
    const values = base.filter((value) => value !== base[1]);
    expect(kinds(values, { to: "10.20.0.9" })).toContain("unknown");
    expect(kinds([...values, ...NAT10], { to: "198.51.100.25" })).toEqual(["translated"]);
  });

  test("only defaults are printed for lists that seldom matter", () => {
    const some = lists().filter((list) => !/firewall|policyBased/.test(JSON.stringify(list)));
    const [only] = seenBy(docs(network(), subnet(), vm(), defaultRoute, ...some, ...NAT10));
    expect(only).toMatchObject({
      kind: "translated",
      assumptions: ["default gcp/no-policy-based-routes", "default gcp/no-egress-firewall-rules"],
    });
  });

  test("without routes nothing is certain, and the command names the project", () => {
    const [only] = seenBy(docs(vm("vm1", [nic({ accessConfigs: [{ natIP: "203.0.113.5" }] })])));
    expect(only).toMatchObject({ kind: "unknown" });
    expect(only?.commands.some((command) => command.startsWith("gcloud compute routes list --project=p"))).toBe(true);
  });

  test("without subnets a private destination may be inside", () => {
    const few = lists().filter((list) => !JSON.stringify(list).includes("subnetwork"));
    expect(kinds([network(), vm(), defaultRoute, ...few], { to: "10.99.0.1" }).sort()).toEqual(["blocked", "unknown"]);
  });
});

test("interfaces of one network, region and choice of routes share one table", () => {
  const tagged = route("t", "198.51.100.0/24", INTERNET, { tags: ["x"] });
  const { value } = compileGcp(
    docs(
      ...base,
      vm("vm2", [nic({ networkIP: "10.20.0.6" })], { tags: { items: ["y"] } }),
      vm("vm3", [nic({ networkIP: "10.20.0.7" })], { tags: { items: ["x"] } }),
      tagged,
    ),
  );
  const [one, two, three] = value.hosts.map((host) => host.interfaces[0].egress.routes);
  expect(one).toBe(two);
  expect(three).not.toBe(one);
});

test("subnets and managed instance groups are groups", () => {
  const mig = vm("mig-1", [nic({ networkIP: "10.20.0.9" })], {
    metadata: {
      items: [
        { key: "ssh-keys", value: "secret" },
        { key: "created-by", value: "projects/1/zones/r1-b/instanceGroupManagers/mig" },
      ],
    },
  });
  const { value } = compileGcp(docs(...base, mig));
  expect(value.groups.map(({ name, kind, members }) => [name, kind, members.length])).toEqual([
    ["sub-a", "subnet", 2],
    ["mig", "instance-group", 1],
  ]);
  expect(JSON.stringify(value)).not.toContain("secret");
});

describe("destinations that never leave the network", () => {
  const v6Routes = [route("default-v6", "::/0", INTERNET), subnet("sub-6", "10.21.0.0/24", { stackType: "IPV4_IPV6" })];
  const dual = vm("vm6", [nic({ networkIP: "10.20.0.6", ipv6AccessConfigs: [{ externalIpv6: "2600:1900::1" }] })]);
  const values = [...base, ...NAT10, ...v6Routes, dual];
  const seen = (from: string, to: string) => seenBy(docs(...values), { from, to });
  const v6 = { source: "2600:1900::1" };

  // https://docs.cloud.google.com/vpc/docs/vpc and https://docs.cloud.google.com/compute/docs/metadata/querying-metadata
  test.each([
    ["vm1", "224.0.0.251"],
    ["vm1", "239.255.255.250"],
    ["vm1", "255.255.255.255"],
    ["vm1", "0.0.0.1"],
    ["vm6", "ff02::fb"],
    ["vm6", "fd20:ce::254"],
  ])("gcp/nowhere: %s to %s", (from, to) => {
    const flow = from === "vm6" ? { from, to, ...v6 } : { from, to };
    expect(seenBy(docs(...values), flow)).toMatchObject([{ kind: "blocked", assumptions: [] }]);
  });

  // https://docs.cloud.google.com/vpc/docs/subnets
  test("gcp/not-to-internet: class E and unique local are dropped, shared space is open", () => {
    expect(seen("vm1", "240.0.0.1").map(({ kind }) => kind)).toEqual(["blocked"]);
    expect(seenBy(docs(...values), { from: "vm6", to: "fd00::1", ...v6 }).map(({ kind }) => kind)).toEqual(["blocked"]);
    expect(seen("vm1", "100.64.0.1")).toMatchObject([
      { kind: "blocked", assumptions: ["open gcp/shared-space-dropped"] },
      { kind: "translated", assumptions: ["open gcp/shared-space-passes"] },
    ]);
  });

  // https://docs.cloud.google.com/vpc/docs/routes (special routing paths)
  test("gcp/cloud-dns-range: whether it is a reply decides", () => {
    expect(seen("vm1", "35.199.192.7")).toMatchObject([
      { kind: "translated", assumptions: ["open gcp/not-a-reply-to-cloud-dns"] },
      { kind: "preserved", assumptions: ["open gcp/reply-to-cloud-dns"] },
    ]);
  });
});

// https://docs.cloud.google.com/vpc/docs/about-private-service-connect-interfaces
describe("an interface whose network the export does not tell", () => {
  const seen = (more: object) => {
    const second = { name: "nic1", networkIP: "10.40.0.7", ...more };
    const { value } = compileGcp(docs(...base.filter((one) => one !== base[2]), ...NAT10, vm("vm1", [nic(), second])));
    const host = value.hosts.find(({ name }) => name === "vm1");
    if (host === undefined) throw new Error("no such host");
    return seenFrom(host, host.interfaces[1] ?? null, {});
  };

  test("gcp/network-attachment: the consumer's network decides", () => {
    expect(seen({ networkAttachment: "projects/consumer/regions/r1/networkAttachments/na" })).toMatchObject([
      {
        kind: "unknown",
        assumptions: ["open gcp/network-unseen:vm1/nic1"],
        commands: ["gcloud compute network-attachments describe na --region=r1 --project=consumer --format=json"],
      },
    ]);
  });

  test("neither a network nor a subnet that was exported", () => {
    expect(seen({})).toMatchObject([{ kind: "unknown" }]);
    expect(seen({ subnetwork: `${P}/regions/r1/subnetworks/sub-z` })).toMatchObject([
      { kind: "unknown", commands: ["gcloud compute networks subnets list --project=p --format=json"] },
    ]);
  });
});
