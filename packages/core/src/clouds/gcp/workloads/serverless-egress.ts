import { cidrs } from "../../../address/cidr.ts";
import type { Appliance, Egress, Filter, Gap } from "../../../model/egress.ts";
import { assumed, blocked, stepOf, unknown } from "../alternatives.ts";
import { nameOf } from "../links.ts";
import { askConnectors, askReceiver } from "./asks.ts";
import { answering, EVERYTHING, fromGooglePool, INSIDE, outside, stageOf } from "./pool-egress.ts";
import * as rule from "./rules/serverless.ts";
import type { Serverless } from "./serverless.ts";
import { connectorPath } from "./vpc-access.ts";

/** What a platform counts as private beyond RFC 1918 and RFC 6598 differs between pages. */
const PERHAPS_PRIVATE = cidrs("199.36.153.4/30", "199.36.153.8/30", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4");

/** Private destinations enter its network; everything else leaves from the shared pool. */
export function privateOnly(workload: Serverless, inside: Egress, gaps: readonly Gap[]): Egress {
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
export function withoutNetwork(workload: Serverless, gaps: readonly Gap[]): Egress {
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
export function flexible({ path, name, origin }: Serverless): Egress {
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
