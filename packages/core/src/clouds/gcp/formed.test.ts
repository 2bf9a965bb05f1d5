import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { company } from "../../../../../bench/company.mjs";
import { readJsonDocuments } from "../../documents/json.ts";
import { inPieces, textsOf } from "../../documents/testing.ts";
import { openList } from "../../intake/long-list.ts";
import type { Route } from "../../model/egress.ts";
import type { Estate, Host, Interface } from "../../model/estate.ts";
import { withMembers } from "../../model/with-members.ts";
import { address, INTERNET, nat, network, nic, P, route, router, subnet, vm } from "../../testing/gcp.ts";
import type { ConfigDocument } from "../document.ts";
import { readEstate } from "../read-estate.ts";

/** Some members are made when they are asked for: here all of them are. */
function routeIn({ prefix, hop, preference, usable, name, resource, rule, origin, match }: Route) {
  return { prefix, hop, preference, usable, name, resource, rule, origin, match };
}

function interfaceIn(one: Interface) {
  const { id, name, resource, network: at, mac, addresses, connected, foreignSources, origin, egress } = one;
  const stages = egress.routes.stages.map((stage) => ({ ...stage, routes: stage.routes.map(routeIn) }));
  const routes = { ...egress.routes, stages };
  return { id, name, resource, at, mac, addresses, connected, foreignSources, origin, egress: { ...egress, routes } };
}

function hostIn({ id, name, interfaces, defaultInterface, origin, madeAt }: Host) {
  return { id, name, interfaces: interfaces.map(interfaceIn), defaultInterface, origin, madeAt };
}

const estateIn = ({ hosts, groups }: Estate) => ({
  hosts: hosts.map(hostIn),
  groups: groups.map(({ id, name, kind, members }) => ({ id, name, kind, members })),
});

async function readIn(documents: readonly ConfigDocument[] | null) {
  const { value, problems } = await readEstate(documents ?? []);
  return { ...estateIn(value), problems };
}

const linesOf = (resources: readonly object[]) => `[\n${resources.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`;

/** As a whole, and while it arrives. */
async function bothOf(resources: readonly object[]) {
  const text = linesOf(resources);
  const whole = await readIn(readJsonDocuments(text, "list.json").value);
  const formed = inPieces(openList("list.json", textsOf), text, 5000);
  return { whole, formed: await readIn(formed), documents: formed ?? [] };
}

const BASE = [
  network(),
  network("net-b"),
  subnet(),
  subnet("sub-b", "10.30.0.0/16"),
  router("rtr-a", { nats: [nat()] }),
  address("nat-10", "203.0.113.10"),
  address("own-7", "203.0.113.7"),
  address("inside", "10.20.0.7", { addressType: "INTERNAL" }),
];

/** VMs of every kind that reads differently. */
const VMS: Readonly<Record<string, (name: string, ip: string) => object>> = {
  plain: (name, networkIP) => vm(name, [nic({ networkIP })]),
  tagged: (name, networkIP) => vm(name, [nic({ networkIP })], { tags: { items: ["edge"], fingerprint: name } }),
  "in another subnet": (name, networkIP) =>
    vm(name, [nic({ networkIP, subnetwork: `${P}/regions/r1/subnetworks/sub-b` })]),
  "with an external address": (name, networkIP) =>
    vm(name, [nic({ networkIP, accessConfigs: [{ natIP: networkIP.replace("10.20.0", "203.0.113"), name: "ext" }] })]),
  "with an alias": (name, networkIP) =>
    vm(name, [nic({ networkIP, aliasIpRanges: [{ ipCidrRange: "10.20.1.0/28" }] })]),
  "with two interfaces": (name, networkIP) =>
    vm(name, [
      nic({ networkIP }),
      nic({ name: "nic1", network: `${P}/global/networks/net-b`, subnetwork: null, networkIP: "10.99.0.4" }),
    ]),
  forwarding: (name, networkIP) => vm(name, [nic({ networkIP })], { canIpForward: true }),
  stopped: (name, networkIP) => vm(name, [nic({ networkIP })], { status: "TERMINATED" }),
  "made by a group": (name, networkIP) =>
    vm(name, [nic({ networkIP })], {
      creationTimestamp: `2026-01-02T03:04:05.${name.length}-07:00`,
      metadata: { items: [{ key: "created-by", value: "projects/1/zones/r1-b/instanceGroupManagers/g" }] },
    }),
  "a GKE node": (name, networkIP) => vm(`gke-${name}`, [nic({ networkIP })], { labels: { "goog-gke-node": "" } }),
  "of IPv6": (name, networkIP) =>
    vm(name, [nic({ networkIP, ipv6Address: `fd20::${name.length}`, stackType: "IPV4_IPV6" })]),
  "without an address": (name) => vm(name, [nic({ networkIP: "" })]),
  "with no address": (name) => vm(name, [nic({ networkIP: "10.20.0.300" })]),
  "of the wrong type": (name) => vm(name, [nic({ networkIP: 7 })]),
  "without interfaces": (name) => vm(name, []),
  "cut down": (name, networkIP) => ({ ...vm(name, [nic({ networkIP })]), networkInterfaces: undefined }),
  "a copy": (_, networkIP) => vm("twice", [nic({ networkIP })]),
  "linked otherwise": (name, networkIP) => ({
    ...vm(name, [nic({ networkIP })]),
    selfLink: `${P}/zones/r1-b/instances/x`,
  }),
  "linked to another": (name, networkIP) => ({
    ...vm(name, [nic({ networkIP })]),
    selfLink: `${P}/zones/r1-b/instances/${name.replace("n", "m")}`,
  }),
  "without a link": (name, networkIP) => ({ ...vm(name, [nic({ networkIP })]), selfLink: undefined }),
  "in another project": (name, networkIP) => ({
    ...vm(name, [nic({ networkIP })]),
    selfLink: `https://compute.googleapis.com/compute/v1/projects/q/zones/r1-b/instances/${name}`,
  }),
  "with an odd name": (name, networkIP) => vm(`${name}"\\é`, [nic({ networkIP })]),
};

const ROUTES: Readonly<Record<string, (name: string, prefix: string) => object>> = {
  "to the internet": (name, prefix) => route(name, prefix, INTERNET),
  "into a tunnel": (name, prefix) => route(name, prefix, { nextHopVpnTunnel: `${P}/regions/r1/vpnTunnels/t` }),
  "for tags": (name, prefix) => route(name, prefix, INTERNET, { tags: ["edge"], priority: 900 }),
  "to a VM": (name, prefix) => route(name, prefix, { nextHopInstance: `${P}/zones/r1-b/instances/twice` }),
  "to an address": (name, prefix) => route(name, prefix, { nextHopIp: "10.20.0.5" }),
  "of the subnet": (name, prefix) => route(name, prefix, { nextHopNetwork: `${P}/global/networks/net-a` }),
  "with host bits": (name) => route(name, "100.64.1.9/24", INTERNET),
  "with no prefix": (name) => route(name, "100.64.1.9/33", INTERNET),
  "of the wrong type": (name) => route(name, "100.64.0.0/10", INTERNET, { destRange: 7 }),
  "a copy": (_, prefix) => route("twice", prefix, INTERNET),
};

type Made = readonly [kind: string, count: number];

const resourcesOf = (made: readonly Made[]): readonly object[] => [
  ...BASE,
  ...made.flatMap(([kind, count], at) =>
    Array.from({ length: count }, (_, index) => {
      const name = `n${at}-${index}`;
      const makeVm = kind.startsWith("vm ") ? VMS[kind.slice(3)] : undefined;
      if (makeVm !== undefined) return makeVm(name, `10.20.0.${(at * 7 + index) % 200}`);
      return ROUTES[kind.slice(6)]?.(name, `198.${at % 256}.${index % 256}.0/24`) ?? {};
    }),
  ),
];

const KINDS = [...Object.keys(VMS).map((kind) => `vm ${kind}`), ...Object.keys(ROUTES).map((kind) => `route ${kind}`)];

describe("resources that are alike compile as each by itself", () => {
  test.each(KINDS)("%s", async (kind) => {
    const { whole, formed } = await bothOf(
      resourcesOf([
        ["vm plain", 2],
        [kind, 4],
        ["vm tagged", 2],
        ["route for tags", 3],
      ]),
    );
    expect(formed).toEqual(whole);
  });

  test("all of them in any order", async () => {
    const made = fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.integer({ min: 1, max: 3 })), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(made, async (all) => {
        const { whole, formed } = await bothOf(resourcesOf(all));
        expect(formed).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test("a company, of which nearly everything has a form", async () => {
    const resources = [...company({ vms: 300, subnets: 12, networks: 3, routes: 40, seed: 5 })];
    const { whole, formed, documents } = await bothOf(resources);
    expect(formed).toEqual(whole);
    expect(documents.filter(({ form }) => form !== undefined).length).toBeGreaterThan(resources.length * 0.8);
    expect(new Set(documents.map(({ form }) => form)).size).toBeLessThan(80);
  });
});

test("a copy with other members keeps those that are made when they are asked for", async () => {
  const documents = inPieces(openList("list.json", textsOf), linesOf(resourcesOf([["vm plain", 5]])), 5000);
  const { value } = await readEstate(documents ?? []);
  const host = value.hosts.at(-1);
  if (host === undefined) throw new Error("no host");
  const copy = withMembers(host, { madeAt: "2026-01-01T00:00:00Z" });
  expect(hostIn(copy)).toEqual({ ...hostIn(host), madeAt: "2026-01-01T00:00:00Z" });
});
