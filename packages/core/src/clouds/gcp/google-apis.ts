import { cidrs, EVERY_IPV4, EVERY_IPV6, hostCidr } from "../../address/cidr.ts";
import { type Alternative, KEEPS_SOURCE, type Offer } from "../../model/egress.ts";
import type { Match } from "../../model/flow.ts";
import type { Origin } from "../../problem.ts";
import { assumed, blocked, stepOf } from "./alternatives.ts";
import { askSubnets } from "./asks.ts";
import type { Facts, Nic } from "./facts.ts";
import { projectOf, UNKNOWN_PROJECT } from "./links.ts";
import { googleApiNotInConfig, googleApisPrivately, privateGoogleAccess, specialVips } from "./rules/nat.ts";

/** https://docs.cloud.google.com/vpc/docs/configure-private-google-access (restricted and private.googleapis.com) */
const SPECIAL_VIPS = cidrs("199.36.153.4/30", "199.36.153.8/30");
/** HTTP, HTTPS and QUIC. */
const API_PORTS = [80, 443].map((port) => ({ first: port, last: port }));
const SPECIAL_VIPS_IPV6 = cidrs("2600:2d00:2:1000::/64", "2600:2d00:2:2000::/64");

/**
 * Cloud NAT never translates what goes to Google's APIs: some ranges are theirs for certain, of any other public address
 * nobody can tell from the configuration.
 *
 * @param natServesPrimary a public gateway that serves the primary range switches Private Google Access on
 */
export function googleApiOffers(nic: Nic, facts: Facts, natServesPrimary: boolean): readonly Offer[] {
  const subnet = nic.subnet === null ? undefined : facts.subnetByPath.get(nic.subnet);
  const on = natServesPrimary || subnet?.privateGoogleAccess === true;
  const gatewaysSeen =
    nic.region !== null && facts.exported.coverage.seen(projectOf(nic.network) ?? "", "router", nic.region) === "whole";
  const off = subnet !== undefined && gatewaysSeen;
  const alternatives = on ? [kept(nic)] : off ? [refused(nic)] : either(nic);
  const text = { en: "the destination is Google's private API range", zh: "目的地是 Google 的私有 API 地址段" };
  const offer = (match: Match): Offer => ({
    translator: "provider",
    resource: nic.subnet,
    match,
    step: stepOf(specialVips, text, nic.subnet, subnet?.origin ?? null),
    alternatives,
  });
  return [
    offer({ sources: [EVERY_IPV4], destinations: SPECIAL_VIPS }),
    offer({ sources: [EVERY_IPV6], destinations: SPECIAL_VIPS_IPV6 }),
    ordinaryAddresses(nic, subnet?.origin ?? null, alternatives),
  ];
}

/** Any public address may be one of an API; which are changes daily and stands in no export. */
function ordinaryAddresses(nic: Nic, origin: Origin | null, alternatives: readonly Alternative[]): Offer {
  const text = { en: "the destination is an address of a Google API", zh: "目的地是 Google API 的地址" };
  return {
    translator: "provider",
    resource: nic.subnet,
    match: { sources: [EVERY_IPV4], protocols: ["tcp", "udp"], ports: API_PORTS },
    step: stepOf(googleApiNotInConfig, text, nic.subnet, origin),
    alternatives: alternatives.map(onlyIfGoogles),
    fallsThrough: assumed(
      "default",
      "not-a-google-api",
      "the destination is no address of a Google API (https://www.gstatic.com/ipranges/goog.json lists them)",
      "目的地不是 Google API 的地址（列表见 https://www.gstatic.com/ipranges/goog.json）",
    ),
  };
}

const onlyIfGoogles = (alternative: Alternative): Alternative => ({
  ...alternative,
  assumptions: [
    assumed("open", "a-google-api", "the destination is an address of a Google API", "目的地是 Google API 的地址"),
    ...alternative.assumptions,
  ],
});

const kept = (nic: Nic, ...assumptions: Alternative["assumptions"]): Alternative => ({
  identity: KEEPS_SOURCE,
  assumptions,
  steps: [
    stepOf(
      googleApisPrivately,
      { en: "Private Google Access carries it with the internal source", zh: "专用 Google 访问通道以内部源地址传送" },
      nic.subnet,
    ),
  ],
});

const refused = (nic: Nic, ...assumptions: Alternative["assumptions"]): Alternative =>
  blocked(
    stepOf(
      privateGoogleAccess,
      { en: "Private Google Access is off for this subnet", zh: "该子网未开启专用 Google 访问通道" },
      nic.subnet,
    ),
    ...assumptions,
  );

/** The subnet, or the gateways that would switch it on, are not in the export. */
function either(nic: Nic): readonly Alternative[] {
  const ask = askSubnets(projectOf(nic.network) ?? UNKNOWN_PROJECT);
  return [
    kept(
      nic,
      assumed("open", "private-google-access-on", "Private Google Access is on", "专用 Google 访问通道已开启", ask),
    ),
    refused(
      nic,
      assumed("open", "private-google-access-off", "Private Google Access is off", "专用 Google 访问通道未开启", ask),
    ),
  ];
}

export const isPrimarySource = (nic: Nic, offer: Offer): boolean =>
  (nic.primary === null ? nic.pool : [hostCidr(nic.primary), EVERY_IPV4]).some((own) =>
    offer.match.sources?.includes(own),
  );
