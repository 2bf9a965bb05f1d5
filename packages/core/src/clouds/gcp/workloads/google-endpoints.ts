import { hostCidr } from "../../../address/cidr.ts";
import { parseIp } from "../../../address/ip.ts";
import { type Alternative, KEEPS_SOURCE, type Link, type Offer, type Route } from "../../../model/egress.ts";
import { assumed, blocked, stepOf } from "../alternatives.ts";
import { askRouters, askSubnets } from "../asks.ts";
import { type Facts, type Nic, networkPath } from "../facts.ts";
import { projectOf, UNKNOWN_PROJECT } from "../links.ts";
import { covers, servesVms } from "../nat-coverage.ts";
import { googleApisEndpoint } from "../rules/keep.ts";

/**
 * Private Service Connect endpoints for Google APIs: internal addresses that a whole network reaches.
 *
 * @see https://docs.cloud.google.com/vpc/docs/configure-private-service-connect-apis
 */
export function googleEndpoints(facts: Facts, network: string): readonly Route[] {
  return facts.exported.forwardingRules.flatMap(({ value, name, path, project, origin }) => {
    const ip = parseIp(value.IPAddress ?? value.ipAddress ?? "");
    const forApis = /(?:^|\/)(?:all-apis|vpc-sc)$/.test(value.target ?? "");
    if (ip === undefined || !forApis || networkPath(value.network, project) !== network) return [];
    const link: Link = {
      name,
      resource: path,
      text: {
        en: `Private Service Connect endpoint ${name} for Google APIs`,
        zh: `用于 Google API 的 Private Service Connect 端点 ${name}`,
      },
      keeps: googleApisEndpoint,
      offers: doubtfulSenders(facts, network, path),
      beyond: [],
    };
    return [
      {
        prefix: hostCidr(ip),
        hop: { kind: "link", link },
        preference: [],
        usable: { kind: "yes" },
        name,
        resource: path,
        rule: googleApisEndpoint,
        origin,
      },
    ];
  });
}

/** Interfaces without an external address need Private Google Access, which a public gateway also switches on. */
const doubtfulSenders = (facts: Facts, network: string, endpoint: string): readonly Offer[] =>
  facts.nics.flatMap((nic) => {
    const access = nic.network === network && nic.primary !== null ? accessOf(facts, nic) : "on";
    if (nic.primary === null || access === "on") return [];
    const sources = [hostCidr(nic.primary), ...nic.aliases.map(({ cidr }) => cidr)];
    return [
      {
        translator: "provider",
        resource: endpoint,
        match: { sources },
        step: stepOf(
          googleApisEndpoint,
          { en: "the interface has no external address", zh: "该网卡没有外部地址" },
          nic.id,
        ),
        alternatives: access === "off" ? [refused(nic)] : either(nic),
      } satisfies Offer,
    ];
  });

function accessOf(facts: Facts, nic: Nic): "on" | "off" | "unknown" {
  const subnet = nic.subnet === null ? undefined : facts.subnetByPath.get(nic.subnet);
  if (subnet?.privateGoogleAccess === true || (nic.raw.accessConfigs ?? []).length > 0) return "on";
  const served = facts.routers
    .flatMap(({ gateways }) => gateways)
    .filter((gateway) => servesVms(gateway, nic, "PUBLIC"))
    .map((gateway) => covers(gateway, nic.subnet, { kind: "primary" }));
  if (served.includes("yes")) return "on";
  const project = projectOf(nic.network) ?? UNKNOWN_PROJECT;
  const routersSeen = nic.region !== null && facts.exported.coverage.seen(project, "router", nic.region) === "whole";
  return subnet !== undefined && routersSeen && !served.includes("unsure") ? "off" : "unknown";
}

const refused = (nic: Nic, ...assumptions: Alternative["assumptions"]): Alternative =>
  blocked(
    stepOf(
      googleApisEndpoint,
      { en: "Private Google Access is off for this subnet", zh: "该子网未开启专用 Google 访问通道" },
      nic.subnet,
    ),
    ...assumptions,
  );

function either(nic: Nic): readonly Alternative[] {
  const project = projectOf(nic.network) ?? UNKNOWN_PROJECT;
  const on = { en: "Private Google Access is on", zh: "专用 Google 访问通道已开启" };
  const off = { en: "Private Google Access is off", zh: "专用 Google 访问通道未开启" };
  return [
    {
      identity: KEEPS_SOURCE,
      assumptions: [assumed("open", "private-google-access-on", on.en, on.zh, askSubnets(project))],
      steps: [stepOf(googleApisEndpoint, on, nic.subnet)],
    },
    refused(nic, assumed("open", "private-google-access-off", off.en, off.zh, askRouters(project))),
  ];
}
