import { cidrs, RFC1918, RFC6598, UNIQUE_LOCAL } from "../../address/cidr.ts";
import type { Alternative, Filter, Internet, Offer } from "../../model/egress.ts";
import { assumed, blocked, stepOf, unknown } from "./alternatives.ts";
import { askConsoleForPort25, askRouters } from "./asks.ts";
import { externalIpv4Offers, externalIpv6Offers, reservedAddresses } from "./external-address.ts";
import type { Facts, Nic } from "./facts.ts";
import { googleApiOffers, isPrimarySource } from "./google-apis.ts";
import { nameOf, projectOf, projectText, UNKNOWN_PROJECT } from "./links.ts";
import { nat64Offers, publicNatOffers } from "./nat-offers.ts";
import { port25Blocked } from "./rules/mail.ts";
import { noExternalAddress } from "./rules/nat.ts";
import { privateNotToInternet, reservedNotToInternet, sharedSpaceAtInternetGateway } from "./rules/routing.ts";
import { sharedVpcHostProject } from "./rules/vm.ts";

/** What the default internet gateway does for each interface. */
export function internetsOf(facts: Facts): (nic: Nic) => Internet {
  const publicNat = publicNatOffers(facts);
  const reserved = reservedAddresses(facts);
  const apis = new Map<string, readonly Offer[]>();
  const ofApis = (nic: Nic, served: boolean): readonly Offer[] => {
    const key = `${nic.network} ${nic.region} ${nic.subnet} ${served}`;
    const known = apis.get(key) ?? googleApiOffers(nic, facts, served);
    apis.set(key, known);
    return known;
  };
  const served = new WeakMap<readonly Offer[], boolean>();
  const servesPrimary = (nic: Nic, gateways: readonly Offer[]): boolean => {
    const known = served.get(gateways) ?? gateways.some((offer) => isPrimarySource(nic, offer));
    served.set(gateways, known);
    return known;
  };
  const none = new Map<string, readonly Alternative[]>();
  const withoutOffers = (nic: Nic): readonly Alternative[] => {
    const key = `${nic.network} ${nic.region}`;
    const known = none.get(key) ?? [withoutOffer(nic, facts)];
    none.set(key, known);
    return known;
  };
  return (nic) => {
    const gateways = publicNat(nic);
    const own = [...externalIpv4Offers(nic, reserved), ...nat64Offers(nic, facts), ...externalIpv6Offers(nic)];
    const everybodys = joined(ofApis(nic, servesPrimary(nic, gateways)), gateways);
    return {
      filters: FILTERS,
      offers: own.length === 0 ? everybodys : [...own, ...everybodys],
      none: withoutOffers(nic),
    };
  };
}

const joins = new WeakMap<readonly Offer[], WeakMap<readonly Offer[], readonly Offer[]>>();

/** Both lists as one; the same one for the same two, so that what reads them does it once. */
function joined(first: readonly Offer[], second: readonly Offer[]): readonly Offer[] {
  const known = joins.get(first) ?? new WeakMap<readonly Offer[], readonly Offer[]>();
  joins.set(first, known);
  const both = known.get(second) ?? [...first, ...second];
  known.set(second, both);
  return both;
}

/** https://docs.cloud.google.com/compute/docs/tutorials/sending-mail */
const SMTP_PORT = 25;

/** Class E, valid only inside networks: https://docs.cloud.google.com/vpc/docs/subnets */
const CLASS_E = cidrs("240.0.0.0/4");

const FILTERS: readonly Filter[] = [
  {
    match: { destinations: RFC1918 },
    action: "deny",
    rule: privateNotToInternet,
    resource: null,
    origin: null,
    text: {
      en: "a private destination is dropped at the internet gateway",
      zh: "私有目的地址在互联网网关处被丢弃",
    },
  },
  {
    match: { destinations: [...CLASS_E, ...UNIQUE_LOCAL] },
    action: "deny",
    rule: reservedNotToInternet,
    resource: null,
    origin: null,
    text: {
      en: "a reserved or unique local destination does not exist on the internet",
      zh: "保留或唯一本地目的地址在互联网上不存在",
    },
  },
  {
    match: { destinations: RFC6598 },
    action: "deny",
    rule: sharedSpaceAtInternetGateway,
    resource: null,
    origin: null,
    text: {
      en: "a shared address (100.64.0.0/10) may be dropped at the internet gateway like a private one",
      zh: "共享地址（100.64.0.0/10）可能与私有地址一样在互联网网关处被丢弃",
    },
    unless: {
      holds: assumed(
        "open",
        "shared-space-dropped",
        "the internet gateway drops 100.64.0.0/10 as it drops RFC 1918",
        "互联网网关像丢弃 RFC 1918 一样丢弃 100.64.0.0/10",
      ),
      lifted: assumed(
        "open",
        "shared-space-passes",
        "the internet gateway passes 100.64.0.0/10 on",
        "互联网网关转发 100.64.0.0/10",
      ),
    },
  },
  {
    match: { protocols: ["tcp"], ports: [{ first: SMTP_PORT, last: SMTP_PORT }] },
    action: "deny",
    rule: port25Blocked,
    resource: null,
    origin: null,
    text: {
      en: "Google Cloud blocks TCP port 25 to destinations outside the network",
      zh: "Google Cloud 封锁去往网络外部的 TCP 25 端口",
    },
    unless: {
      holds: assumed(
        "default",
        "port-25-blocked",
        "the project is not exempt from the block on port 25",
        "该项目不在 25 端口封锁的豁免之列",
        askConsoleForPort25,
      ),
      lifted: assumed(
        "open",
        "port-25-exempt",
        "the project is exempt from the block on port 25",
        "该项目获豁免，可使用 25 端口",
        askConsoleForPort25,
      ),
    },
  },
];

/** Nothing translates this source, of whatever interface in the network and region: blocked if the gateways were seen, unknown if they were not. */
function withoutOffer(nic: Nic, facts: Facts): Alternative {
  const project = projectOf(nic.network) ?? UNKNOWN_PROJECT;
  const seen = nic.region === null ? "none" : facts.exported.coverage.seen(project, "router", nic.region);
  if (seen === "whole") {
    const text = {
      en: `the interface has no external address for this source, and no Cloud NAT of ${nameOf(nic.network)} in ${nic.region} covers it`,
      zh: `该网卡对该源没有外部地址，且 ${nameOf(nic.network)} 在 ${nic.region} 没有 Cloud NAT 覆盖它`,
    };
    return blocked(stepOf(noExternalAddress, text, nic.network));
  }
  const text = {
    en: `the routers of ${projectText(project).en}, where Cloud NAT for ${nameOf(nic.network)} would be, are not all in the export`,
    zh: `${projectText(project).zh}的路由器（${nameOf(nic.network)} 的 Cloud NAT 所在）未全部导出`,
  };
  const doubt = assumed(
    "open",
    `routers-missing:${project}`,
    `a router of ${projectText(project).en} that the export does not show may hold a NAT gateway for this source`,
    `${projectText(project).zh}中未导出的路由器可能有服务于该源的 NAT 网关`,
    askRouters(project),
  );
  return unknown(stepOf(sharedVpcHostProject, text, nic.network), doubt);
}
