import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findSender } from "../../../resolve/find-sender.ts";
import { outcomesAt } from "../../../resolve/resolve.ts";
import { address, base, doc, docs, ip, nat, nic, P, router, vm } from "../../../testing/gcp.ts";
import type { ConfigDocument } from "../../document.ts";
import { readEstate } from "../../read-estate.ts";
import { isGcp } from "../recognise.ts";
import { holdsWorkloads, workloadKindOf } from "../workload-kind.ts";
import { gcpWithWorkloads } from "./index.ts";
import { readWorkloads } from "./read/export.ts";

const cluster = {
  name: "c1",
  selfLink: "https://container.googleapis.com/v1/projects/p/zones/r1-b/clusters/c1",
  location: "r1-b",
  network: "net-a",
  subnetwork: "sub-a",
  clusterIpv4Cidr: "10.60.0.0/16",
  nodePools: [{ name: "pool-1" }],
};
const node = vm(
  "gke-c1-pool-1-aaaa",
  [nic({ networkIP: "10.20.0.21", aliasIpRanges: [{ ipCidrRange: "10.60.1.0/24" }] })],
  {
    labels: { "goog-gke-node": "", "goog-k8s-cluster-name": "c1", "goog-k8s-node-pool-name": "pool-1" },
  },
);
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-0", namespace: "shop" },
  spec: { nodeName: "gke-c1-pool-1-aaaa", containers: [{ env: [{ name: "TOKEN", value: "not-to-be-kept" }] }] },
  status: { podIP: "10.60.1.7" },
};
const run = {
  name: "projects/p/locations/r1/services/api",
  template: {
    containers: [{ env: [{ name: "TOKEN", value: "not-to-be-kept" }] }],
    vpcAccess: { egress: "ALL_TRAFFIC", networkInterfaces: [{ network: "net-a", subnetwork: "sub-a" }] },
  },
};
const connector = { name: "projects/p/locations/r1/connectors/con", network: "net-a", ipCidrRange: "10.8.0.0/28" };
const sql = {
  kind: "sql#instance",
  name: "db",
  project: "p",
  ipAddresses: [{ type: "OUTGOING", ipAddress: "203.0.113.61" }],
};
const hook = { name: "projects/p/locations/r1/functions/hook", vpcConnector: connector.name };
const version = { name: "apps/p/services/default/versions/v1", env: "standard" };
const proxy = { name: "projects/p/locations/r1/gateways/g", type: "SECURE_WEB_GATEWAY", addresses: ["10.20.0.9"] };
const policy = {
  apiVersion: "networking.gke.io/v1",
  kind: "EgressNATPolicy",
  metadata: { name: "default" },
  spec: { action: "NoSNAT", destinations: [{ cidr: "10.0.0.0/8" }] },
};
const config = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "ip-masq-agent", namespace: "kube-system" },
  data: { config: "nonMasqueradeCIDRs:\n  - 10.0.0.0/8\n" },
};
const all: readonly object[] = [cluster, pod, run, connector, sql, hook, version, proxy, policy, config];

describe("recognised by content", () => {
  test.each([
    ["cluster", cluster],
    ["pod", pod],
    ["run", run],
    ["connector", connector],
    ["sql", sql],
    ["function", hook],
    ["app-engine", version],
    ["app-engine", { id: "v1", service: "default", version }],
    ["web-proxy", proxy],
    ["egress-nat-policy", policy],
    ["masquerade-config", config],
  ] as const)("%s", (kind, value) => {
    expect(workloadKindOf(value as never)).toBe(kind);
    expect(isGcp(value)).toBe(true);
    expect(isGcp({ items: [value] })).toBe(true);
    expect(holdsWorkloads([doc([value])])).toBe(true);
  });

  test.each([
    ["a VM", node],
    ["a Pod of nobody knows which cloud", { ...pod, spec: { nodeName: "aks-pool-1" } }],
    ["a ConfigMap of another name", { ...config, metadata: { name: "coredns" } }],
    ["a Service of Kubernetes", { apiVersion: "v1", kind: "Service", metadata: { name: "web" } }],
    ["a node of another cloud", { apiVersion: "v1", kind: "Node", spec: { providerID: "azure:///x" } }],
    ["a gateway of another type", { ...proxy, type: "OPEN_MESH" }],
  ])("%s is none", (_, value) => expect(workloadKindOf(value as never)).toBeUndefined());
});

describe("read", () => {
  test("nothing but what decides is kept: no environment variable", () => {
    const { value } = readWorkloads(docs(...all));
    expect(JSON.stringify(value)).not.toContain("not-to-be-kept");
  });

  test("lists of kubectl, of the APIs and of the asset inventory", () => {
    const documents = docs(
      { apiVersion: "v1", kind: "List", items: [pod, config] },
      { clusters: [cluster] },
      { assetType: "sqladmin.googleapis.com/Instance", name: "//x", resource: { data: sql } },
    );
    const { value, problems } = readWorkloads(documents);
    expect(problems).toEqual([]);
    expect(
      [value.pods, value.masqueradeConfigs, value.clusters, value.sqlInstances].map(({ length }) => length),
    ).toEqual([1, 1, 1, 1]);
  });

  test("a member of the wrong type is a problem, and the rest is read", () => {
    const { value, problems } = readWorkloads(docs({ ...cluster, nodePools: 7 }, sql));
    expect(problems).toMatchObject([{ level: "error", code: "gcp/wrong-type" }]);
    expect([value.clusters.length, value.sqlInstances.length]).toEqual([0, 1]);
  });

  test("a list that cannot be read leaves both ways open", async () => {
    const broken = { ...config, data: { config: "nonMasqueradeCIDRs: *all\n" } };
    const seen = await seenFrom([...base, node, cluster, pod, broken], "web-0", "198.51.100.25");
    const assumed = seen.flatMap(({ assumptions }) => assumptions);
    expect(assumed).toContain("open gcp/gke-keeps-pod:c1");
    expect(assumed).toContain("open gcp/gke-masquerades:c1");
    expect(seen.every(({ assumptions }) => assumptions.some((one) => one.includes("/gke-")))).toBe(true);
  });

  test("a gateway for private nodes that leaves their Pods out is worth a warning", async () => {
    const gateway = router("rtr-a", {
      nats: [nat("nat-a", { sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES" })],
    });
    const hidden = {
      privateClusterConfig: { enablePrivateNodes: true },
      ipAllocationPolicy: { clusterSecondaryRangeName: "pods" },
    };
    const { problems } = await readEstate(
      docs(...base, gateway, address("nat-10", "203.0.113.10"), { ...cluster, ...hidden }),
    );
    expect(problems).toMatchObject([{ level: "warning", code: "gcp/nat-without-pod-range" }]);
  });

  test("a network that was not exported leaves a service unknown, never blocked", async () => {
    const seen = await seenFrom([run], "api", "198.51.100.25");
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(["unknown"]));
  });

  test("a Pod on a node that was not given is masqueraded like the others of its cluster", async () => {
    const elsewhere = {
      ...pod,
      metadata: { name: "web-9" },
      spec: { nodeName: "gke-c1-pool-1-zzzz" },
      status: { podIP: "10.60.9.7" },
    };
    const seen = await seenFrom([...base, node, cluster, elsewhere, config], "web-9", "198.51.100.25");
    expect(seen.every(({ assumptions }) => assumptions.some((one) => one.includes("/gke-")))).toBe(true);
  });

  test("a node that routes its Pods by static routes: no gateway covers a Pod that keeps its address", async () => {
    const routed = vm("gke-c1-pool-1-bbbb", [nic({ networkIP: "10.20.0.22" })], {
      canIpForward: true,
      labels: { "goog-k8s-cluster-name": "c1" },
    });
    const gateway = router("rtr-a", { nats: [nat()] });
    const all4 = { ...config, data: { config: "nonMasqueradeCIDRs: [0.0.0.0/0]" } };
    const far = { ...cluster, clusterIpv4Cidr: "10.61.0.0/16" };
    const values = [...base, gateway, address("nat-10", "203.0.113.10"), routed, far, all4];
    const kinds = (await seenFrom(values, "gke-c1-pool-1-bbbb/pods", "198.51.100.25")).filter(({ assumptions }) =>
      assumptions.every((one) => one.startsWith("default ")),
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(["blocked"]);
  });

  test("a cluster without anything else is unknown, never blocked", async () => {
    const { value } = await readEstate(docs(cluster));
    const found = findSender(value, "c1");
    if (found.kind !== "group") throw new Error(found.kind);
    for (const sender of found.members) {
      const kinds = outcomesAt({ sender, protocol: "tcp", port: 5432, guest: null }, ip("198.51.100.25")).map(
        ({ identity }) => identity.kind,
      );
      expect(kinds).not.toContain("blocked");
    }
  });

  test("with several clusters kubectl's output is used only where its file says of which", async () => {
    const other = { ...cluster, name: "c2", selfLink: cluster.selfLink.replace("c1", "c2") };
    const { problems } = await readEstate([...docs(...base, node, cluster, other), doc(config, "kubectl.yaml")]);
    expect(problems.map(({ code }) => code)).toContain("gcp/of-no-cluster");
    const told = await readEstate([...docs(...base, node, cluster, other), doc(config, "c1/kubectl.yaml")]);
    expect(told.problems).toEqual([]);
  });
});

async function seenFrom(values: readonly object[], from: string, to: string) {
  const { value } = await readEstate(docs(...values));
  const found = findSender(value, from);
  if (found.kind !== "sender") throw new Error(found.kind);
  return outcomesAt({ sender: found.sender, protocol: "tcp", port: 5432, guest: null }, ip(to)).map((outcome) => ({
    kind: outcome.identity.kind,
    addresses: outcome.identity.addresses,
    assumptions: outcome.assumptions.map(({ basis, id }) => `${basis} ${id}`),
  }));
}

describe("what --from names", () => {
  const values = [...base, node, ...all];
  test.each([
    ["c1", "cluster"],
    ["pool-1", "node-pool"],
    ["projects/p/zones/r1-b/clusters/c1/nodePools/pool-1", "node-pool"],
    ["default", "app-engine-service"],
  ])("%s is a %s", async (name, kind) => {
    const { value } = await readEstate(docs(...values));
    const found = findSender(value, name);
    expect(found).toMatchObject({ kind: "group", group: { kind } });
    if (found.kind === "group") expect(found.members.length).toBeGreaterThan(0);
  });

  test.each([
    ["web-0", "web-0"],
    ["namespaces/shop/pods/web-0", "web-0"],
    ["10.60.1.7", "web-0"],
    ["10.60.1.8", "gke-c1-pool-1-aaaa"],
    ["10.20.0.21", "gke-c1-pool-1-aaaa"],
    ["10.20.0.5", "vm1"],
    ["api", "api"],
    ["services/api", "api"],
    ["hook", "hook"],
    ["con", "con"],
    ["db", "db"],
    ["default/v1", "default/v1"],
  ])("%s is %s", async (name, host) => {
    const { value } = await readEstate(docs(...values));
    const found = findSender(value, name);
    expect(found).toMatchObject({ kind: "sender", sender: { host: { name: host } } });
  });

  test("a function of the second generation is its Cloud Run service", async () => {
    const second = { name: hook.name, serviceConfig: { service: run.name } };
    const { value } = await readEstate(docs(...base, run, second));
    expect(findSender(value, "hook")).toMatchObject({ kind: "group", members: [{ host: { name: "api" } }] });
  });
});

describe("where part of the addresses is treated differently", () => {
  test("neither way is certain", async () => {
    const gateway = router("rtr-a", { nats: [nat()] });
    const split = {
      kind: "networkconnectivity#policyBasedRoute",
      name: "projects/p/locations/global/policyBasedRoutes/half",
      network: `${P}/global/networks/net-a`,
      priority: 10,
      filter: { protocolVersion: "IPV4", srcRange: "10.20.0.128/25", destRange: "0.0.0.0/0" },
      nextHopIlbIp: "10.20.0.99",
    };
    const seen = await seenFrom(
      [...base, run, gateway, address("nat-10", "203.0.113.10"), split],
      "api",
      "198.51.100.25",
    );
    expect(seen.every(({ assumptions }) => assumptions.some((one) => one.startsWith("open ")))).toBe(true);
  });
});

/** Members that decide, with values that no API gives. */
const damaged = (value: unknown): fc.Arbitrary<unknown> => {
  const junk = fc.oneof(
    fc.constant(null),
    fc.string(),
    fc.integer(),
    fc.constant([]),
    fc.constant({}),
    fc.constant("10.0.0.0/99"),
  );
  if (Array.isArray(value))
    return fc.oneof({ weight: 8, arbitrary: fc.tuple(...value.map(damaged)) }, { weight: 1, arbitrary: junk });
  if (typeof value !== "object" || value === null)
    return fc.oneof({ weight: 12, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: junk });
  const members = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, damaged(one)]));
  return fc.oneof({ weight: 12, arbitrary: fc.record(members, { requiredKeys: [] }) }, { weight: 1, arbitrary: junk });
};

describe("hostile input", () => {
  test("nothing throws, whatever a member holds, and every sender can be asked", () => {
    fc.assert(
      fc.property(damaged([node, ...all]), (values) => {
        const list: readonly unknown[] = Array.isArray(values) ? values : [values];
        const documents = [...base, ...list].map(
          (value, index): ConfigDocument => doc(value, "export.json", index + 1),
        );
        const { value } = gcpWithWorkloads.compile(documents);
        for (const host of value.hosts)
          for (const to of ["198.51.100.25", "10.20.0.9", "2001:db8::1"])
            expect(
              outcomesAt(
                { sender: { host, interface: null, source: null }, protocol: "tcp", port: 443, guest: null },
                ip(to),
              ).length,
            ).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  test("no value at all throws", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        isGcp(value);
        holdsWorkloads([doc(value)]);
        gcpWithWorkloads.compile([doc(value)]);
      }),
    );
  });
});
