import { type Cidr, EVERY_IPV4, EVERY_IPV6, parseCidr } from "../../address/cidr.ts";
import type { Gap, Route, RouteStage } from "../../model/egress.ts";
import type { Ask, Step } from "../../model/outcome.ts";
import type { Text } from "../../problem.ts";
import { assumed, blocked, stepOf, unknown } from "./alternatives.ts";
import { askHostProject, askPeeringRoutes, askRouterStatus, askRouters, askRoutes } from "./asks.ts";
import type { Facts } from "./facts.ts";
import { nameOf, projectOf, projectText, UNKNOWN_PROJECT } from "./links.ts";
import { hasImportedList, peeringsOf } from "./peerings.ts";
import type { Router } from "./routers.ts";
import {
  bestRoutesAreTheSelection,
  equalRoutesShare,
  hybridSubnetHandsOn,
  peeringCustomRoutes,
} from "./rules/routing.ts";
import { sharedVpcHostProject } from "./rules/vm.ts";

/** The place from which routes are looked at. */
interface Place {
  readonly network: string;
  readonly region: string | null;
}

/**
 * Everything that the export cannot show of the static and dynamic routes of one network and region.
 *
 * @param regions where the next hops of its static routes are
 */
export function customGaps(
  facts: Facts,
  place: Place,
  regions: ReadonlySet<string | null>,
  exported: boolean,
): readonly Gap[] {
  const { network } = place;
  const project = projectOf(network) ?? UNKNOWN_PROJECT;
  const gaps = [
    ...(exported ? partGaps(facts, network, project) : [unexportedGap(facts, network, project)]),
    ...dynamicGaps(facts, place, project, exported),
    ...peeringGaps(facts, place),
    ...hybridGaps(facts, place, regions),
  ];
  // Peers share a project, and so what is not shown of it.
  return [...new Map(gaps.map((gap) => [gap.harmless.id, gap])).values()];
}

interface Claim extends Text {
  readonly key: string;
}

/** What is not exported takes nothing (the gap's default), or it takes the packet to where nobody knows. */
function openGap(step: Step, ask: Ask | null, harmless: Claim, harmful: Claim): Gap {
  const claim = ({ key, en, zh }: Claim) => assumed("open", key, en, zh, ask);
  return { harmless: claim(harmless), otherwise: [unknown(step, claim(harmful))] };
}

/** The routes were not exported at all. With Shared VPC they are in the host project, which then is to be asked. */
export function unexportedStage(facts: Facts, network: string, project: string): RouteStage | null {
  if (facts.exported.coverage.seen(project, "route") !== "none") return null;
  const alternative = unknown(unexportedStep(network, project), unexportedRoutes(facts, network, project));
  const text = { en: "routes that the export does not show", zh: "导出中没有的路由" };
  const routes = [EVERY_IPV4, EVERY_IPV6].map(
    (prefix): Route => ({
      prefix,
      hop: { kind: "alternatives", text, alternatives: [alternative] },
      preference: [],
      usable: { kind: "yes" },
      name: `not exported, of ${nameOf(network)}`,
      resource: network,
      rule: sharedVpcHostProject,
      origin: null,
    }),
  );
  return { kind: "longest-prefix", routes, orders: [[]], ties: { kind: "together", rule: equalRoutesShare }, gaps: [] };
}

const unexportedStep = (network: string, project: string) =>
  stepOf(
    sharedVpcHostProject,
    {
      en: `network ${nameOf(network)} belongs to ${projectText(project).en}, whose routes are not in the export`,
      zh: `网络 ${nameOf(network)} 属于${projectText(project).zh}，导出中没有该项目的路由`,
    },
    network,
  );

function unexportedRoutes(facts: Facts, network: string, project: string) {
  const hostAbsent = !facts.exported.coverage.projects.has(project);
  return assumed(
    "open",
    hostAbsent ? `no-host-access:${project}` : `routes-missing:${nameOf(network)}`,
    hostAbsent
      ? `nothing of ${projectText(project).en}, which owns network ${nameOf(network)}, is in the export`
      : `the routes of network ${nameOf(network)} in ${projectText(project).en} are not in the export`,
    hostAbsent
      ? `导出中没有网络 ${nameOf(network)} 所属${projectText(project).zh}的任何内容`
      : `导出中没有${projectText(project).zh}中网络 ${nameOf(network)} 的路由`,
    hostAbsent ? askHostProject(project) : askRoutes(project),
  );
}

/** What was learned is known, but a static route may be more specific. */
const unexportedGap = (facts: Facts, network: string, project: string): Gap => ({
  harmless: assumed(
    "open",
    `no-longer-static-route:${nameOf(network)}`,
    `no static route of ${nameOf(network)} takes it`,
    `${nameOf(network)} 没有静态路由命中`,
    askRoutes(project),
  ),
  otherwise: [unknown(unexportedStep(network, project), unexportedRoutes(facts, network, project))],
});

/** Single routes, or a list with an error: others may exist. */
function partGaps(facts: Facts, network: string, project: string): readonly Gap[] {
  if (facts.exported.coverage.seen(project, "route") !== "part") return [];
  const ask = askRoutes(project);
  const name = nameOf(network);
  const step = stepOf(
    sharedVpcHostProject,
    { en: `only some routes of ${name} are in the export`, zh: `导出中只有 ${name} 的部分路由` },
    network,
  );
  return [
    openGap(
      step,
      ask,
      { key: `routes-complete:${name}`, en: `no other route of ${name} takes it`, zh: `${name} 没有其他路由命中` },
      {
        key: `routes-incomplete:${name}`,
        en: `a route of ${name} that the export does not show takes it`,
        zh: `导出中没有的 ${name} 的某条路由命中`,
      },
    ),
  ];
}

/** Learned routes are in no configuration: without a router's status they may take anything. */
function dynamicGaps(facts: Facts, { network, region }: Place, project: string, exported: boolean): readonly Gap[] {
  const { coverage } = facts.exported;
  const routers = facts.routers.filter((router) => router.network === network);
  const here = routers.filter((router) => router.region === region);
  if (here.some(tellsLearnedRoutes)) return [];
  const speaking = routers.filter(({ hasPeers }) => hasPeers);
  const localSpeakers = speaking.filter((router) => router.region === region);
  const mode = facts.networks.get(network)?.value.routingConfig?.routingMode;
  if (localSpeakers.length > 0) return [missingGap(localSpeakers)];
  const remote = mode === "REGIONAL" ? [] : speaking;
  const gaps = remote.length > 0 ? remoteGaps(remote) : [];
  const unread = coverage.damaged(project, "router");
  if (unread) return [...gaps, unreadRouterGap(project)];
  // Without the static routes nothing is predicted that could be doubted.
  const regions = mode === "GLOBAL" ? undefined : (region ?? undefined);
  const silent = !exported || coverage.seen(project, "router", regions) === "whole";
  return silent ? gaps : [...gaps, noRoutersGap(project)];
}

/** A status that was cut down to its NATs says nothing of routes; a full one names its network even without any. */
const tellsLearnedRoutes = ({ status }: Router): boolean =>
  status !== null && Boolean(status.value.network ?? status.value.bestRoutes ?? status.value.bgpPeerStatus);

function missingGap(routers: readonly Router[], destinations?: readonly Cidr[]): Gap {
  const names = routers.map(({ found }) => found.name).join(", ");
  const [first] = routers;
  const ask = first === undefined ? null : askRouterStatus(first.found.path);
  const step = stepOf(
    bestRoutesAreTheSelection,
    {
      en: `router ${names} has BGP peers, and its learned routes are not in the export`,
      zh: `路由器 ${names} 有 BGP 对等端，但导出中没有其学到的路由`,
    },
    first?.found.path ?? null,
    first?.found.origin ?? null,
  );
  const gap = openGap(
    step,
    ask,
    {
      key: `no-learned-route:${names}`,
      en: `no route learned by ${names} takes it`,
      zh: `${names} 学到的路由都不命中`,
    },
    { key: `learned-route:${names}`, en: `a route learned by ${names} takes it`, zh: `${names} 学到的某条路由命中` },
  );
  return destinations === undefined ? gap : { ...gap, destinations };
}

/** With global routing, what other regions learned counts here too; their statuses then tell which ranges those are. */
function remoteGaps(routers: readonly Router[]): readonly Gap[] {
  const silent = routers.filter((router) => !tellsLearnedRoutes(router));
  if (silent.length > 0) return [missingGap(silent)];
  const ranges = routers.flatMap(({ status }) =>
    (status?.value.bestRoutes ?? []).flatMap(({ destRange }) => parseCidr(destRange ?? "", true) ?? []),
  );
  return ranges.length === 0 ? [] : [missingGap(routers, [...new Set(ranges)])];
}

const unreadRouterGap = (project: string): Gap =>
  openGap(
    stepOf(bestRoutesAreTheSelection, { en: "a router could not be read", zh: "有一个路由器无法读取" }),
    askRouters(project),
    {
      key: `router-unread-harmless:${project}`,
      en: "no route learned by the router that could not be read takes it",
      zh: "无法读取的路由器没有学到命中的路由",
    },
    {
      key: `router-unread:${project}`,
      en: "a route learned by the router that could not be read takes it",
      zh: "无法读取的路由器学到的路由命中",
    },
  );

const noRoutersGap = (project: string): Gap =>
  openGap(
    stepOf(bestRoutesAreTheSelection, {
      en: `the routers of ${projectText(project).en}, which may have learned routes, are not all in the export`,
      zh: `${projectText(project).zh}的路由器（可能学到了路由）未全部导出`,
    }),
    askRouters(project),
    {
      key: `no-learned-routes:${project}`,
      en: `no router of ${projectText(project).en} has learned a route for it (routers were not exported)`,
      zh: `${projectText(project).zh}的路由器没有为其学到路由（未导出路由器）`,
    },
    {
      key: `learned-routes-unseen:${project}`,
      en: `a router of ${projectText(project).en} has learned a route for it`,
      zh: `${projectText(project).zh}的某个路由器学到了命中的路由`,
    },
  );

/** The network imports from a peer that the export does not show, or whose learned routes it does not show. */
function peeringGaps(facts: Facts, { network, region }: Place): readonly Gap[] {
  return peeringsOf(facts, network).flatMap(({ peering, peer, peerKnown, back }) => {
    if (peering.importCustomRoutes !== true || hasImportedList(facts, { network, region }, peering)) return [];
    const peerProject = projectOf(peer) ?? UNKNOWN_PROJECT;
    const routesKnown = peerKnown && facts.exported.coverage.seen(peerProject, "route") === "whole";
    // What a peer learned reaches the regions that it would reach in the peer itself.
    if (routesKnown)
      return back?.exportCustomRoutes === false ? [] : dynamicGaps(facts, { network: peer, region }, peerProject, true);
    const name = peering.name ?? nameOf(peer);
    const ask = askPeeringRoutes(name, network, region);
    const step = stepOf(
      peeringCustomRoutes,
      { en: `what peering ${name} imports is not in the export`, zh: `导出中没有对等连接 ${name} 导入的路由` },
      peer,
    );
    return [
      openGap(
        step,
        ask,
        {
          key: `no-imported-route:${name}`,
          en: `no route imported over ${name} takes it`,
          zh: `经 ${name} 导入的路由都不命中`,
        },
        {
          key: `imported-route:${name}`,
          en: `a route imported over ${name} takes it`,
          zh: `经 ${name} 导入的某条路由命中`,
        },
      ),
    ];
  });
}

/** A hybrid subnet hands on only inside its own region: https://docs.cloud.google.com/vpc/docs/routes */
function hybridGaps(facts: Facts, { network }: Place, regions: ReadonlySet<string | null>): readonly Gap[] {
  const hybrid = (facts.subnets.get(network) ?? []).filter((subnet) => subnet.hybrid);
  return hybrid.flatMap((subnet) => {
    const elsewhere = [...regions].some((region) => region !== null && region !== subnet.region);
    if (!elsewhere) return [];
    const step = stepOf(
      hybridSubnetHandsOn,
      {
        en: `next hops outside region ${subnet.region} drop what hybrid subnet ${subnet.name} hands on`,
        zh: `${subnet.region} 以外的下一跳会丢弃混合子网 ${subnet.name} 交出的流量`,
      },
      subnet.path,
      subnet.origin,
    );
    return [
      {
        destinations: [...subnet.primary, ...subnet.secondary.map(({ cidr }) => cidr)],
        harmless: assumed(
          "open",
          `hybrid-same-region:${subnet.name}`,
          `the next hop is in region ${subnet.region}`,
          `下一跳位于区域 ${subnet.region}`,
        ),
        otherwise: [
          blocked(
            step,
            assumed(
              "open",
              `hybrid-other-region:${subnet.name}`,
              `the next hop is outside region ${subnet.region}`,
              `下一跳不在区域 ${subnet.region}`,
            ),
          ),
        ],
      },
    ];
  });
}
