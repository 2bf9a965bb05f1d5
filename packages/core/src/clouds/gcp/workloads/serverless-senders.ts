import { type Cidr, cidrs, EVERY_IPV4, EVERY_IPV6, parseCidr } from "../../../address/cidr.ts";
import type { Appliance, Egress, Filter, Gap } from "../../../model/egress.ts";
import type { Estate, Group, Host } from "../../../model/estate.ts";
import type { Problem } from "../../../problem.ts";
import { assumed, blocked, stepOf, unknown } from "../alternatives.ts";
import { type Facts, type Nic, networkPath } from "../facts.ts";
import { nameOf, projectOf, resourcePath, UNKNOWN_PROJECT } from "../links.ts";
import { askConnectors, askReceiver, askRevisions } from "./asks.ts";
import { answering, EVERYTHING, fromGooglePool, INSIDE, outside, stageOf } from "./pool-egress.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import { notARange } from "./read/problems.ts";
import type { RawConnector } from "./read/raw.ts";
import * as rule from "./rules/serverless.ts";
import { type Access, type Serverless, serverlessOf } from "./serverless.ts";
import { splitGaps } from "./split.ts";
import { senderOf, standIn } from "./stand-in.ts";

/** Serverless workloads and the connectors they use. */
export function serverlessSenders(
  read: WorkloadExport,
  facts: Facts,
  problems: Problem[],
  egressOf: (nic: Nic) => Egress,
): Estate {
  const alone = aloneOf(facts);
  const { workloads, sameAs } = serverlessOf(read, alone);
  const connectors = new Map(
    read.connectors.map((seen) => connectorOf(seen, facts, problems)).map((nic) => [nic.instance.path, nic]),
  );
  const context: Context = { facts, connectors, egressOf };
  const hosts = workloads.map((one) => hostOf(one, context));
  return {
    hosts: [...hosts, ...[...connectors.values()].map((nic) => ofNic(nic, nic.instance, egressOf(nic)))],
    groups: [
      ...appEngineServices(workloads),
      ...sameAs.map(({ path, name, service }) => ({
        id: path,
        name,
        kind: "function",
        members: [`${service}/egress`],
      })),
    ],
  };
}

interface Context {
  readonly facts: Facts;
  readonly connectors: ReadonlyMap<string, Nic>;
  readonly egressOf: (nic: Nic) => Egress;
}

/** The only project of the export; many resources do not name theirs. */
function aloneOf({ exported, networks, subnetByPath }: Facts): string {
  const projects = new Set(
    [...networks.keys(), ...subnetByPath.keys(), ...exported.routers.map(({ path }) => path)].map((path) =>
      projectOf(path),
    ),
  );
  const [only, ...others] = projects;
  return others.length === 0 ? (only ?? UNKNOWN_PROJECT) : UNKNOWN_PROJECT;
}

/** Each version by itself, and the service as their union. */
function appEngineServices(workloads: readonly Serverless[]): readonly Group[] {
  const byService = new Map<string, string[]>();
  for (const { path, platform } of workloads) {
    if (!platform.startsWith("app-engine")) continue;
    const service = path.replace(/\/versions\/[^/]+$/, "");
    byService.set(service, [...(byService.get(service) ?? []), `${path}/egress`]);
  }
  return [...byService].map(([id, members]) => ({ id, name: nameOf(id), kind: "app-engine-service", members }));
}

/** https://docs.cloud.google.com/vpc/docs/serverless-vpc-access */
function connectorOf({ value, origin }: Seen<RawConnector>, facts: Facts, problems: Problem[]): Nic {
  const path = value.name;
  const project = projectOf(path) ?? UNKNOWN_PROJECT;
  const region = regionIn(path);
  const home = {
    project: value.subnet?.projectId || project,
    location: `regions/${region ?? "-"}`,
    collection: "subnetworks",
  };
  const subnet = value.subnet?.name ? resourcePath(value.subnet.name, home) : null;
  const known = subnet === null ? undefined : facts.subnetByPath.get(subnet);
  const range = value.ipCidrRange ? parseCidr(value.ipCidrRange, true) : undefined;
  if (value.ipCidrRange && range === undefined)
    problems.push(notARange(`connector ${nameOf(path)}`, value.ipCidrRange, origin));
  const name = nameOf(path);
  return standIn({
    path,
    name,
    origin,
    network: known?.network ?? networkPath(value.network, home.project),
    subnet,
    region,
    pool: known?.primary ?? (range === undefined ? [EVERY_IPV4] : [range]),
    tags: ["vpc-connector", `vpc-connector-${region ?? ""}-${name}`],
  });
}

const regionIn = (path: string): string | null => /\/locations\/([^/]+)/.exec(path)?.[1] ?? null;

/** `0.0.0.0/0` stands for ranges that are not known. */
const rangesOf = ({ pool }: Nic): readonly Cidr[] => (pool.includes(EVERY_IPV4) ? [] : pool);

const ofNic = (nic: Nic, who: Parameters<typeof senderOf>[0], egress: Egress): Host =>
  senderOf(who, {
    network: nic.network,
    egress: { ...egress, routes: withGaps(egress.routes, splitGaps(nic, egress)) },
    sendsFromAny: rangesOf(nic),
  });

function withGaps(routes: Egress["routes"], gaps: readonly Gap[]): Egress["routes"] {
  const [first, ...others] = routes.stages;
  if (first === undefined || gaps.length === 0) return routes;
  return { ...routes, id: `${routes.id}|gaps`, stages: [{ ...first, gaps: [...first.gaps, ...gaps] }, ...others] };
}

function hostOf(workload: Serverless, context: Context): Host {
  const { access } = workload;
  const revisions = workload.otherRevisions ? [otherRevisions(workload)] : [];
  if (workload.platform === "app-engine-flexible")
    return senderOf(workload, { network: "", egress: flexible(workload), sendsFromAny: [] });
  const nic =
    access.kind === "direct" ? directNic(workload, access, context.facts) : connectorNic(workload, access, context);
  if (nic !== null && (access.kind === "direct" || access.kind === "connector")) {
    const inside = context.egressOf(nic);
    const gaps = [
      ...revisions,
      ...splitGaps(nic, inside),
      ...tagGaps(workload, access, context.facts, nic),
      ...ipv6Gaps(workload, nic, context.facts),
    ];
    if (access.egress === "all")
      return senderOf(workload, {
        network: nic.network,
        egress: { ...inside, routes: withGaps(inside.routes, gaps) },
        sendsFromAny: rangesOf(nic),
      });
    const egress = privateOnly(workload, inside, gaps);
    return senderOf(workload, { network: nic.network, egress, sendsFromAny: rangesOf(nic) });
  }
  return senderOf(workload, { network: "", egress: withoutNetwork(workload, revisions), sendsFromAny: [] });
}

/** https://github.com/googleapis/googleapis/blob/master/google/cloud/run/v2/vendor_settings.proto: without one, a subnet named like the network. */
function directNic(workload: Serverless, access: Access & { readonly kind: "direct" }, facts: Facts): Nic {
  const { project, region, path, name, origin } = workload;
  const home = { project, location: `regions/${region ?? "-"}`, collection: "subnetworks" };
  const named = access.subnetwork ?? access.network ?? "-";
  const subnet = access.subnetwork === null ? resourcePath(nameOf(named), home) : resourcePath(named, home);
  const known = facts.subnetByPath.get(subnet);
  return standIn({
    path,
    name,
    origin,
    network: known?.network ?? networkPath(access.network, projectOf(subnet) ?? project),
    subnet,
    region,
    pool: known === undefined ? [EVERY_IPV4] : known.primary,
    // Firewall rules take them; whether routes do is not published.
    tags: access.tags,
  });
}

function connectorNic({ project, region }: Serverless, access: Access, { connectors }: Context): Nic | null {
  if (access.kind !== "connector") return null;
  return connectors.get(connectorPath(access.connector, project, region)) ?? null;
}

const connectorPath = (link: string, project: string, region: string | null): string =>
  link.startsWith("projects/") ? link : `projects/${project}/locations/${region ?? "-"}/connectors/${nameOf(link)}`;

/** What a platform counts as private beyond RFC 1918 and RFC 6598 differs between pages. */
const PERHAPS_PRIVATE = cidrs("199.36.153.4/30", "199.36.153.8/30", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4");

function privateOnly(workload: Serverless, inside: Egress, gaps: readonly Gap[]): Egress {
  const { path, name, origin } = workload;
  const by = rule.privateRangesByDefault;
  const text = { en: "Google's shared addresses", zh: "Google 的共享地址" };
  const step = stepOf(
    by,
    {
      en: `${name} sends private destinations through its VPC network`,
      zh: `${name} 经其 VPC 网络发送私有目的地的流量`,
    },
    path,
    origin,
  );
  const enters: Appliance = {
    id: `${path}/vpc-access`,
    name: `VPC access of ${name}`,
    resource: path,
    behaviours: [{ match: {}, step, does: [{ kind: "forwards", assumptions: [], steps: [] }] }],
    egress: inside,
  };
  const stage = stageOf(
    [
      { prefixes: INSIDE, hop: { kind: "appliance", appliances: [enters] }, name: "private ranges only", rule: by },
      {
        prefixes: EVERYTHING,
        hop: answering(text, fromGooglePool(by, workload)),
        name: "private ranges only",
        rule: by,
      },
    ],
    [...gaps, perhapsPrivate(workload)],
    origin,
  );
  const none = stepOf(by, { en: `${name} has no way there`, zh: `${name} 没有去往该处的路径` }, path, origin);
  return { ...outside(path, stage, none), filters: mailFilters(name) };
}

const perhapsPrivate = ({ name, path, origin }: Serverless): Gap => ({
  destinations: PERHAPS_PRIVATE,
  harmless: assumed(
    "open",
    `not-private-for:${name}`,
    `${name} does not count the destination among the private ranges`,
    `${name} 不把该目的地算作私有地址段`,
  ),
  otherwise: [
    unknown(
      stepOf(
        rule.privateRangesByDefault,
        { en: "the destination may count as private", zh: "该目的地可能被算作私有" },
        path,
        origin,
      ),
      assumed(
        "open",
        `private-for:${name}`,
        `${name} sends the destination through its VPC network, as a private one`,
        `${name} 把该目的地当作私有地址，经其 VPC 网络发送`,
      ),
    ),
  ],
});

/** Nothing of it enters a network that is known here. */
function withoutNetwork(workload: Serverless, gaps: readonly Gap[]): Egress {
  const { path, name, origin, access, platform } = workload;
  const pool = platform === "app-engine" ? rule.appEnginePool : rule.googlePool;
  const none = stepOf(pool, { en: `${name} has no way there`, zh: `${name} 没有去往该处的路径` }, path, origin);
  const text = { en: "Google's shared addresses", zh: "Google 的共享地址" };
  const outsideHop = answering(text, fromGooglePool(pool, workload));
  if (access.kind === "none") {
    const noWay = stepOf(
      rule.noConnectorToPrivate,
      { en: `${name} has neither a connector nor Direct VPC egress`, zh: `${name} 既没有连接器也没有直接 VPC 出站` },
      path,
      origin,
    );
    const stage = stageOf(
      [
        {
          prefixes: INSIDE,
          hop: answering(noWay.text, blocked(noWay)),
          name: "no VPC access",
          rule: rule.noConnectorToPrivate,
        },
        { prefixes: EVERYTHING, hop: outsideHop, name: "no VPC access", rule: pool },
      ],
      gaps,
      origin,
    );
    return { ...outside(path, stage, none), filters: mailFilters(name) };
  }
  const [missing, step] = notShown(workload);
  const hop = answering(step.text, unknown(step, missing, path));
  const all = access.kind === "unreadable" || access.kind === "direct" || access.egress === "all";
  const by = rule.connectorRange;
  const stage = stageOf(
    [
      { prefixes: INSIDE, hop, name: "through its VPC access", rule: by },
      all
        ? { prefixes: EVERYTHING, hop, name: "through its VPC access", rule: by }
        : { prefixes: EVERYTHING, hop: outsideHop, name: "private ranges only", rule: rule.privateRangesByDefault },
    ],
    gaps,
    origin,
  );
  return { ...outside(path, stage, none), filters: all ? [] : mailFilters(name) };
}

function notShown({ access, name, path, project, region, origin }: Serverless) {
  const connector = access.kind === "connector" ? connectorPath(access.connector, project, region) : null;
  const what = connector === null ? "its VPC access setting" : `connector ${nameOf(connector)}`;
  const step = stepOf(
    rule.connectorRange,
    connector === null
      ? { en: `the VPC access setting of ${name} is not understood`, zh: `无法理解 ${name} 的 VPC 访问设置` }
      : {
          en: `${name} sends through ${what}, which is not in the export`,
          zh: `${name} 经连接器 ${nameOf(connector)} 发送，导出中没有该连接器`,
        },
    path,
    origin,
  );
  const missing = assumed(
    "open",
    `vpc-access-unseen:${name}`,
    `where ${what} of ${name} leads is not known`,
    `${name} 的 VPC 访问通向何处未知`,
    connector === null ? null : askConnectors(connector),
  );
  return [missing, step] as const;
}

/** It runs on VMs that Google keeps; their addresses are in no export. */
function flexible({ path, name, origin }: Serverless): Egress {
  const step = stepOf(
    rule.appEnginePool,
    {
      en: `${name} runs in the flexible environment, on VMs that the export does not show`,
      zh: `${name} 运行于柔性环境，其虚拟机不在导出中`,
    },
    path,
    origin,
  );
  const doubt = assumed(
    "open",
    `flexible-vms:${name}`,
    `which addresses the VMs of ${name} have is not known`,
    `${name} 的虚拟机拥有哪些地址未知`,
    askReceiver,
  );
  const hop = answering(step.text, unknown(step, doubt, path));
  return outside(
    path,
    stageOf([{ prefixes: EVERYTHING, hop, name: "flexible", rule: rule.appEnginePool }], [], origin),
    step,
  );
}

const otherRevisions = ({ name, path, origin }: Serverless): Gap => ({
  harmless: assumed(
    "open",
    `revision-latest:${name}`,
    `the revision of ${name} that serves has the settings of the latest one`,
    `${name} 中承载流量的修订版本与最新修订版本的设置相同`,
    askRevisions({ name, path }),
  ),
  otherwise: [
    unknown(
      stepOf(
        rule.senderIsOne,
        {
          en: `traffic of ${name} is pinned to a revision that the export does not show`,
          zh: `${name} 的流量固定在导出中没有的修订版本`,
        },
        path,
        origin,
      ),
      assumed(
        "open",
        `revision-other:${name}`,
        `the revision of ${name} that serves has settings of its own`,
        `${name} 中承载流量的修订版本另有设置`,
        askRevisions({ name, path }),
      ),
    ),
  ],
});

/** Whether an instance takes an IPv6 address too is in no field that is read here. */
function ipv6Gaps({ name, path, origin }: Serverless, { subnet }: Nic, facts: Facts): readonly Gap[] {
  const known = subnet === null ? undefined : facts.subnetByPath.get(subnet);
  if (known === undefined || known.v6.length === 0) return [];
  const text = { en: `${known.name} has IPv6 ranges`, zh: `${known.name} 有 IPv6 地址段` };
  return [
    {
      destinations: [EVERY_IPV6],
      harmless: assumed("open", `ipv4-alone:${name}`, `${name} sends IPv4 alone`, `${name} 只发送 IPv4`),
      otherwise: [
        unknown(
          stepOf(rule.directVpcEgress, text, path, origin),
          assumed(
            "open",
            `ipv6-too:${name}`,
            `${name} has an IPv6 address of the subnet`,
            `${name} 拥有该子网的 IPv6 地址`,
          ),
        ),
      ],
    },
  ];
}

/** A tagged route that may or may not be selected leaves both ways open. */
function tagGaps(workload: Serverless, access: Access, facts: Facts, nic: Nic): readonly Gap[] {
  if (access.kind !== "direct" || access.tags.length === 0) return [];
  const tagged = (facts.routes.get(nic.network) ?? []).filter(({ value }) =>
    value.tags?.some((tag) => access.tags.includes(tag)),
  );
  const destinations = tagged.flatMap(({ value }) => parseCidr(value.destRange ?? "", true) ?? []);
  if (destinations.length === 0) return [];
  const { name, path, origin } = workload;
  const names = tagged.map((one) => one.name).join(", ");
  return [
    {
      destinations,
      harmless: assumed(
        "open",
        `tags-select-routes:${name}`,
        `the network tags of ${name} select static routes as those of a VM do (${names})`,
        `${name} 的网络标记像虚拟机的标记一样选中静态路由（${names}）`,
        askReceiver,
      ),
      otherwise: [
        unknown(
          stepOf(
            rule.tagsMaySelectRoutes,
            { en: `routes with tags of ${name}: ${names}`, zh: `带有 ${name} 标记的路由：${names}` },
            path,
            origin,
          ),
          assumed(
            "open",
            `tags-do-not-select-routes:${name}`,
            `the network tags of ${name} select no static route`,
            `${name} 的网络标记不选中静态路由`,
            askReceiver,
          ),
        ),
      ],
    },
  ];
}

/** https://docs.cloud.google.com/compute/docs/tutorials/sending-mail is about VMs; for the shared pool no page was read. */
const mailFilters = (name: string): readonly Filter[] => [
  {
    match: { protocols: ["tcp"], ports: [{ first: 25, last: 25 }], exceptDestinations: INSIDE },
    action: "deny",
    rule: rule.serverlessMail,
    resource: null,
    origin: null,
    text: { en: "the platform may block TCP port 25", zh: "平台可能封锁 TCP 25 端口" },
    unless: {
      holds: assumed(
        "open",
        `port-25-blocked-for:${name}`,
        `${name} may not connect to port 25`,
        `${name} 不能连接 25 端口`,
        askReceiver,
      ),
      lifted: assumed(
        "open",
        `port-25-open-for:${name}`,
        `${name} may connect to port 25`,
        `${name} 可以连接 25 端口`,
        askReceiver,
      ),
    },
  },
];
