import type { Alternative, Appliance, Egress, Gap, NextHop, RouteTable } from "../../../model/egress.ts";
import { withMembers } from "../../../model/with-members.ts";
import { assumed, stepOf, unknown } from "../alternatives.ts";
import { askRouters } from "../asks.ts";
import { type Facts, type Nic, networkPath } from "../facts.ts";
import { nameOf, projectOf, UNKNOWN_PROJECT } from "../links.ts";
import { alternativesOf, poolOf } from "../nat-pool.ts";
import { askProxySetting } from "./asks.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import type { RawWebProxy } from "./read/raw.ts";
import { webProxyModes, webProxySource } from "./rules/serverless.ts";

interface Proxy {
  readonly name: string;
  readonly path: string;
  readonly network: string;
  readonly region: string | null;
  readonly addresses: readonly string[];
  readonly byRoute: boolean;
  /** What a destination sees of it. */
  readonly seen: readonly Alternative[];
}

/** What Secure Web Proxy changes for an interface: routes that lead to one, and programs that may be told to use one. */
export function throughProxies(read: WorkloadExport, facts: Facts): (nic: Nic, alone: Egress) => Egress {
  const proxies = read.webProxies.map((seen) => proxyOf(seen, facts));
  if (proxies.length === 0) return (_, alone) => alone;
  const tables = new Map<string, RouteTable>();
  return (nic, alone) => {
    const near = proxies.filter(
      ({ network, region }) => network === nic.network && (region === null || region === nic.region),
    );
    if (near.length === 0) return alone;
    const key = `${alone.routes.id}|${nic.region}`;
    const routes = tables.get(key) ?? tableThrough(alone.routes, near);
    tables.set(key, routes);
    return { ...alone, routes };
  };
}

function proxyOf({ value, origin }: Seen<RawWebProxy>, facts: Facts): Proxy {
  const path = value.name;
  const name = nameOf(path);
  const project = projectOf(path) ?? UNKNOWN_PROJECT;
  const network = networkPath(value.network, project);
  const region = /\/locations\/([^/]+)/.exec(path)?.[1] ?? null;
  const text = {
    en: `Secure Web Proxy ${name} opens a connection of its own`,
    zh: `安全 Web 代理 ${name} 另行建立连接`,
  };
  const step = stepOf(webProxySource, text, path, origin);
  const gateways = facts.routers
    .flatMap((router) => router.gateways)
    .filter(
      (one) => one.network === network && one.region === region && one.raw.endpointTypes?.includes("ENDPOINT_TYPE_SWG"),
    );
  const plain = gateways.filter(({ raw }) => (raw.rules ?? []).length === 0);
  const missing = assumed(
    "open",
    `web-proxy-nat:${name}`,
    `which NAT gateway serves Secure Web Proxy ${name} is not known`,
    `哪个 NAT 网关服务于安全 Web 代理 ${name} 未知`,
    askRouters(projectOf(network) ?? project),
  );
  const known = plain.flatMap((gateway) => alternativesOf(poolOf(gateway, null, facts)));
  const seen = known.length > 0 && plain.length === gateways.length ? known : [unknown(step, missing, path)];
  return {
    name,
    path,
    network,
    region,
    addresses: value.addresses ?? [],
    byRoute: value.routingMode === "NEXT_HOP_ROUTING_MODE",
    seen: seen.map((one) => ({ ...one, steps: one.steps.includes(step) ? one.steps : [step, ...one.steps] })),
  };
}

function tableThrough(table: RouteTable, proxies: readonly Proxy[]): RouteTable {
  const [first, ...others] = table.stages.map((stage) => ({
    ...stage,
    routes: stage.routes.map((route) => withMembers(route, { hop: hopThrough(route.hop, proxies) })),
  }));
  const [second, ...rest] = others;
  if (first === undefined || second === undefined) return table;
  const gaps = proxies.filter(({ byRoute }) => !byRoute).map(explicitly);
  const id = `${table.id}|${proxies.map(({ name }) => name).join()}`;
  return { ...table, id, stages: [first, { ...second, gaps: [...second.gaps, ...gaps] }, ...rest] };
}

/** A next hop is the proxy where its address is: https://docs.cloud.google.com/secure-web-proxy/docs/deploy-next-hop */
function hopThrough(hop: NextHop, proxies: readonly Proxy[]): NextHop {
  if (hop.kind !== "appliance") return hop;
  return { ...hop, appliances: hop.appliances.map((appliance) => described(appliance, proxies)) };
}

function described(appliance: Appliance, proxies: readonly Proxy[]): Appliance {
  const proxy = proxies.find(({ addresses, byRoute }) => byRoute && addresses.includes(appliance.name));
  if (proxy === undefined || appliance.behaviours.length > 0) return appliance;
  const { name, path, seen } = proxy;
  const text = { en: `the next hop is Secure Web Proxy ${name}`, zh: `下一跳是安全 Web 代理 ${name}` };
  return {
    ...appliance,
    name,
    resource: path,
    behaviours: [
      {
        match: { protocols: ["tcp"] },
        step: stepOf(webProxyModes, text, path),
        does: seen.map((alternative) => ({ kind: "answers", alternative })),
      },
    ],
  };
}

/** Which programs name it as their proxy is in no export. */
const explicitly = ({ name, seen }: Proxy): Gap => ({
  harmless: assumed(
    "default",
    `no-web-proxy:${name}`,
    `the program does not name Secure Web Proxy ${name} as its proxy`,
    `该程序未将安全 Web 代理 ${name} 设为代理`,
    askProxySetting,
  ),
  otherwise: seen.map((one) => ({
    ...one,
    assumptions: [
      assumed(
        "open",
        `web-proxy:${name}`,
        `the program goes through Secure Web Proxy ${name}`,
        `该程序经过安全 Web 代理 ${name}`,
        askProxySetting,
      ),
      ...one.assumptions,
    ],
  })),
});
