import { setOfCidrs } from "../../../address/address-set.ts";
import { cidrContains, hostCidr } from "../../../address/cidr.ts";
import { parseIp } from "../../../address/ip.ts";
import type { Alternative, Route } from "../../../model/egress.ts";
import { assumed, blocked, stepOf, translated, unknown, unpredictable } from "../alternatives.ts";
import { askServiceAttachments } from "../asks.ts";
import { type Facts, ipv4RangesOf, networkPath } from "../facts.ts";
import { locationOf, regionOf, resourcePath } from "../links.ts";
import type { Found } from "../read/found.ts";
import type { RawForwardingRule, RawServiceAttachment } from "../read/raw.ts";
import { subnetRoutesWin } from "../rules/routing.ts";
import { connectionAccepted, endpointOfOneRegion, serviceSeesNatSubnet } from "./rules/psc.ts";

/**
 * Private Service Connect endpoints: the service sees an address of the producer's NAT subnets.
 *
 * @see https://docs.cloud.google.com/vpc/docs/about-vpc-hosted-services
 */
export const serviceEndpoints = (facts: Facts, network: string, region: string | null): readonly Route[] =>
  endpointsIn(facts, network, (found, target) => throughEndpoint(found, target, facts, region));

/** Whether peers reach an endpoint differs by what is behind it, and if they do, the service still sees its NAT subnets. */
export const endpointsOfPeer = (facts: Facts, peer: string): readonly Route[] =>
  endpointsIn(facts, peer, ({ name, path, origin }) => [
    unknown(
      stepOf(
        serviceSeesNatSubnet,
        {
          en: `Private Service Connect endpoint ${name} is in the peered network`,
          zh: `Private Service Connect 端点 ${name} 位于对等网络中`,
        },
        path,
        origin,
      ),
      assumed(
        "open",
        `psc-over-peering:${name}`,
        `whether ${name} is reached over the peering is not known`,
        `不知道能否经对等连接访问 ${name}`,
        askServiceAttachments,
      ),
    ),
  ]);

function endpointsIn(
  facts: Facts,
  network: string,
  alternativesOf: (found: Found<RawForwardingRule>, target: string) => readonly Alternative[],
): readonly Route[] {
  const subnets = facts.subnets.get(network) ?? [];
  return facts.exported.forwardingRules.flatMap((found) => {
    const { value, name, path, project, origin } = found;
    const ip = parseIp(value.IPAddress ?? value.ipAddress ?? "");
    if (ip === undefined || !value.target?.includes("/serviceAttachments/")) return [];
    const here = value.network
      ? networkPath(value.network, project) === network
      : subnets.some((subnet) => ipv4RangesOf(subnet).some((cidr) => cidrContains(cidr, ip)));
    if (!here) return [];
    const text = { en: `Private Service Connect endpoint ${name}`, zh: `Private Service Connect 端点 ${name}` };
    return [
      {
        prefix: hostCidr(ip),
        hop: { kind: "alternatives", text, alternatives: alternativesOf(found, value.target) },
        preference: [],
        usable: { kind: "yes" },
        name,
        resource: path,
        rule: subnetRoutesWin,
        origin,
      },
    ];
  });
}

function throughEndpoint(
  found: Found<RawForwardingRule>,
  target: string,
  facts: Facts,
  from: string | null,
): readonly Alternative[] {
  const { value, name, path, origin } = found;
  const { pscConnectionStatus: status, allowPscGlobalAccess: isGlobal } = value;
  if (status && !CARRIES.has(status)) {
    const text = { en: `the connection of ${name} is ${status}`, zh: `${name} 的连接状态为 ${status}` };
    return [blocked(stepOf(connectionAccepted, text, path, origin))];
  }
  const seen = seenByService(found, target, facts);
  const home = regionOf(value.region) ?? regionOf(path);
  if (from === null || home === null || from === home || isGlobal === true) return [seen];
  const apart = stepOf(
    endpointOfOneRegion,
    { en: `${name} is in region ${home}, the sender in ${from}`, zh: `${name} 位于区域 ${home}，发送方位于 ${from}` },
    path,
    origin,
  );
  if (isGlobal === false) return [blocked(apart)];
  return [
    blocked(
      apart,
      assumed("default", `psc-one-region:${name}`, `${name} has no global access`, `${name} 未开启全球访问`),
    ),
    {
      ...seen,
      assumptions: [
        ...seen.assumptions,
        assumed("open", `psc-global-access:${name}`, `${name} has global access`, `${name} 已开启全球访问`),
      ],
    },
  ];
}

const CARRIES: ReadonlySet<string> = new Set(["ACCEPTED", "STATUS_UNSPECIFIED"]);

function seenByService(
  { name, path, project, origin }: Found<RawForwardingRule>,
  target: string,
  facts: Facts,
): Alternative {
  const attachment = facts.exported.serviceAttachments.find(
    (one) => one.path === resourcePath(target, { project, location: "-", collection: "serviceAttachments" }),
  );
  if (attachment !== undefined) return fromNatSubnets(attachment, facts, name);
  return unpredictable(
    "provider",
    path,
    stepOf(
      serviceSeesNatSubnet,
      {
        en: `the service behind ${name} sees an address of its producer's NAT subnets`,
        zh: `${name} 背后的服务看到的是提供方 NAT 子网中的地址`,
      },
      path,
      origin,
    ),
    assumed(
      "open",
      `psc-nat-subnet:${name}`,
      `the service attachment behind ${name} is not in this export`,
      `此导出中没有 ${name} 背后的服务附件`,
      askServiceAttachments,
    ),
  );
}

function fromNatSubnets(attachment: Found<RawServiceAttachment>, facts: Facts, endpoint: string): Alternative {
  const { value, project, path, name, origin } = attachment;
  const home = { project, location: locationOf(path) ?? "-", collection: "subnetworks" };
  const subnets = (value.natSubnets ?? []).map((link) => facts.subnetByPath.get(resourcePath(link, home)));
  const ranges = subnets.flatMap((subnet) => subnet?.primary ?? []);
  const complete = subnets.length > 0 && subnets.every((subnet) => subnet !== undefined && subnet.primary.length > 0);
  const text = {
    en: `the service behind ${endpoint} sees an address of the NAT subnets of service attachment ${name}`,
    zh: `${endpoint} 背后的服务看到的是服务附件 ${name} 的 NAT 子网中的地址`,
  };
  const step = stepOf(serviceSeesNatSubnet, text, path, origin);
  const missing = complete
    ? []
    : [
        assumed(
          "open",
          `psc-nat-subnet:${name}`,
          `the NAT subnets of service attachment ${name} are not all in this export`,
          `服务附件 ${name} 的 NAT 子网未全部出现在此导出中`,
          askServiceAttachments,
        ),
      ];
  if (ranges.length === 0 && missing[0] !== undefined) return unpredictable("provider", path, step, missing[0]);
  const more = { translator: "provider", resource: path, stability: "static", complete } as const;
  return translated(setOfCidrs(ranges), more, [step], ...missing);
}
