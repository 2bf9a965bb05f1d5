import { isPrivate } from "../../../address/cidr.ts";
import type { Protocol } from "../../../model/flow.ts";
import type { Line } from "../../lines.ts";
import type { EvidenceKind, ObservedAddress } from "../../observation.ts";
import { rfc3339 } from "../../time.ts";
import { type Side, sideOf } from "../filters/record.ts";
import { sighting } from "../observe.ts";
import { addressIn, endpointIn, pairsIn, portIn } from "../words.ts";
import { type Format, groupsOf, protocolIn, type Seldom } from "./format.ts";

/** What a device on the way saw, as its record tells it. */
interface Passed {
  readonly product: string;
  readonly source: ObservedAddress | null;
  readonly sourcePort?: string | undefined;
  readonly destination: ObservedAddress | null;
  readonly destinationPort?: string | undefined;
  readonly protocol?: Protocol | null;
  readonly at?: string | null;
  readonly denied?: boolean;
  readonly side?: Side;
  /** What it wrote into the connection instead, where it did. */
  readonly after?: ObservedAddress | null;
  readonly afterPort?: string | undefined;
  readonly kind?: EvidenceKind;
}

function passed(line: Line, one: Passed): Seldom | null {
  const { source, destination, after = null } = one;
  if (source === null || destination === null) return null;
  const isTranslated = after !== null && after.text !== source.text;
  const seen = {
    source: isTranslated ? after : source,
    sourcePort: portIn(isTranslated ? one.afterPort : one.sourcePort),
    destination,
    destinationPort: portIn(one.destinationPort),
    protocol: one.protocol ?? null,
    at: one.at ?? null,
  };
  return {
    as: "device",
    kind: one.kind ?? "firewall-log",
    record: {
      sighting: sighting(line, seen, { before: isTranslated ? source : null }),
      product: one.product,
      denied: one.denied ?? false,
      side: one.side ?? sideOf(source, ""),
    },
  };
}

/** A private source may still be changed on the way; a public one came in from outside. */
const arriving = (source: ObservedAddress | null): Side =>
  source?.ip === null || source === null ? "unknown" : isPrivate(source.ip) ? "inside" : "outside";

const A = "[0-9A-Fa-f.:]{2,45}";

/** https://www.cisco.com/c/en/us/support/docs/ip/access-lists/26448-ACLsamples.html (log) */
const IOS_ACL = new RegExp(
  String.raw`%(?:SEC|IPV6_ACL)-6-(?:IP)?ACCESSLOG(?:D?P|D?NP): (?:access-)?list \S{1,80} (?<verdict>permitted|denied) (?<protocol>\S{1,10}) (?<s>${A})(?:\((?<sp>\d{1,5})\))? (?:\([^()]{1,80}\) )?-> (?<d>${A})(?:\((?<dp>\d{1,5})\))?`,
);

function iosAcl(line: Line): Seldom | null {
  const found = groupsOf(IOS_ACL, line.text);
  if (found === null) return null;
  return passed(line, {
    ...{ product: "Cisco IOS", source: addressIn(found["s"]), sourcePort: found["sp"] },
    ...{ destination: addressIn(found["d"]), destinationPort: found["dp"], protocol: protocolIn(found["protocol"]) },
    denied: found["verdict"] === "denied",
  });
}

/** `show ip nat translations`: https://www.cisco.com/c/en/us/support/docs/ip/network-address-translation-nat/13772-12.html */
const IOS_NAT = new RegExp(
  String.raw`^(?<protocol>tcp|udp|icmp) {1,8}(?<n>${A}):(?<np>\d{1,5}) {1,20}(?<s>${A}):(?<sp>\d{1,5}) {1,20}(?:${A}):\d{1,5} {1,20}(?<d>${A}):(?<dp>\d{1,5})$`,
);

function iosNat(line: Line): Seldom | null {
  const found = groupsOf(IOS_NAT, line.text);
  if (found === null) return null;
  return passed(line, {
    ...{ product: "Cisco IOS", kind: "nat-table", source: addressIn(found["s"]), sourcePort: found["sp"] },
    ...{ destination: addressIn(found["d"]), destinationPort: found["dp"], protocol: protocolIn(found["protocol"]) },
    ...{ after: addressIn(found["n"]), afterPort: found["np"] },
  });
}

/** https://help.mikrotik.com/docs/spaces/ROS/pages/48660574/Filter (log) */
const MIKROTIK =
  /\b(?<chain>input|forward|output): in:.{1,60}? out:.{1,60}?,.{0,200}? ?proto (?<protocol>[A-Za-z0-9]{2,8})(?: \([^)]{0,60}\))?, (?<s>[^\s,]{2,60})->(?<d>[^\s,]{2,60})(?:, NAT (?:\((?<ns>[^\s()]{2,60})->(?<n>[^\s()]{2,60})\)->\S{2,60}|\S{2,140}))?, len \d/;

const CHAINS: Readonly<Record<string, Side>> = { input: "outside", output: "own" };

function mikrotik(line: Line): Seldom | null {
  const found = groupsOf(MIKROTIK, line.text);
  const [source, destination, after] = [found?.["s"], found?.["d"], found?.["n"]].map((word) => endpointIn(word));
  if (found === null || source == null || destination == null) return null;
  return passed(line, {
    ...{ product: "MikroTik", source: source.address, sourcePort: portText(source.port) },
    ...{ destination: destination.address, destinationPort: portText(destination.port) },
    ...{ protocol: protocolIn(found["protocol"]), after: after?.address ?? null, afterPort: portText(after?.port) },
    side: CHAINS[found["chain"] ?? ""] ?? arriving(source.address),
  });
}

const portText = (port: number | null | undefined): string | undefined => (port == null ? undefined : String(port));

/** tcpdump of pflog: https://man.openbsd.org/pflogd */
const PF_LOG = new RegExp(
  String.raw`^(?<at>\S.{0,40}? )?rule \S{1,60}\(match\)(?: \[[^\]]{1,60}\])?: (?<verdict>pass|block) (?<way>in|out) on \S{1,16}: (?<s>${A})\.(?<sp>\d{1,5}) > (?<d>${A})\.(?<dp>\d{1,5}): `,
);

function pfLog(line: Line): Seldom | null {
  const found = groupsOf(PF_LOG, line.text);
  const source = addressIn(found?.["s"]);
  if (found === null) return null;
  return passed(line, {
    ...{
      product: "pf",
      source,
      sourcePort: found["sp"],
      destination: addressIn(found["d"]),
      destinationPort: found["dp"],
    },
    ...{ denied: found["verdict"] === "block", side: found["way"] === "in" ? arriving(source) : sideOf(source, "") },
  });
}

/** pfSense, OPNsense: https://docs.netgate.com/pfsense/en/latest/monitoring/logs/raw-filter-format.html */
function filterlog(line: Line): Seldom | null {
  const start = line.text.search(/filterlog(?:\[\d{1,10}\])?:? /);
  const fields = start < 0 ? [] : line.text.slice(line.text.indexOf(" ", start) + 1).split(",");
  const [, , , , , , action, way, version] = fields;
  if (version !== "4" && version !== "6") return null;
  const [name, source, destination, sourcePort, destinationPort] =
    version === "4"
      ? [fields[16], fields[18], fields[19], fields[20], fields[21]]
      : [fields[12], fields[15], fields[16], fields[17], fields[18]];
  const protocol = protocolIn(name);
  const hasPorts = protocol === "tcp" || protocol === "udp";
  const from = addressIn(source);
  return passed(line, {
    ...{ product: "pf", source: from, destination: addressIn(destination), protocol },
    ...(hasPorts ? { sourcePort, destinationPort } : {}),
    ...{ denied: action !== "pass", side: way === "in" ? arriving(from) : sideOf(from, "") },
  });
}

/** `pfctl -s state`: https://man.openbsd.org/pfctl */
const PF_STATE = new RegExp(
  String.raw`^\S{2,16} (?<protocol>tcp|udp|icmp) (?<n>${A}):(?<np>\d{1,5}) \((?<s>${A}):(?<sp>\d{1,5})\) -> (?<d>${A}):(?<dp>\d{1,5}) {1,12}\S`,
);

function pfState(line: Line): Seldom | null {
  const found = groupsOf(PF_STATE, line.text);
  if (found === null) return null;
  return passed(line, {
    ...{ product: "pf", kind: "nat-table", source: addressIn(found["s"]), sourcePort: found["sp"] },
    ...{ destination: addressIn(found["d"]), destinationPort: found["dp"], protocol: protocolIn(found["protocol"]) },
    ...{ after: addressIn(found["n"]), afterPort: found["np"] },
  });
}

/** `nft monitor trace`: https://wiki.nftables.org/wiki-nftables/index.php/Ruleset_debug/tracing */
const NFT_TRACE = new RegExp(
  String.raw`^trace id \S{1,16} \S{1,8} \S{1,64} \S{1,64} packet: (?:iif "(?<iif>[^"]{1,16})" )?(?:oif "(?<oif>[^"]{1,16})" )?.{0,160}?\bip6? saddr (?<s>${A}) ip6? daddr (?<d>${A}) .{0,300}?\b(?<protocol>tcp|udp) sport (?<sp>\d{1,5}) (?:tcp|udp) dport (?<dp>\d{1,5})\b`,
);

function nftTrace(line: Line): Seldom | null {
  const found = groupsOf(NFT_TRACE, line.text);
  const source = addressIn(found?.["s"]);
  if (found === null) return null;
  const side = found["iif"] === undefined ? "own" : arriving(source);
  return passed(line, {
    ...{ product: "nftables", source, sourcePort: found["sp"], side },
    ...{ destination: addressIn(found["d"]), destinationPort: found["dp"], protocol: protocolIn(found["protocol"]) },
  });
}

const ENDS = (s: string, d: string): string =>
  String.raw`(?<${s}>${A})\/(?<${s}p>\d{1,5})->(?<${d}>${A})\/(?<${d}p>\d{1,5})`;
/** https://www.juniper.net/documentation/en_US/junos12.1x47/topics/reference/command-summary/show-security-log-file.html */
const RT_FLOW = new RegExp(
  String.raw`RT_FLOW_SESSION_(?:CREATE|CLOSE|DENY)(?:_\w{1,8})?: session (?<verdict>created|denied|closed)(?: [^:]{1,60}:)? ${ENDS("s", "d")} (?:0x[0-9a-f]{1,8} )?\S{1,60} (?:${ENDS("n", "m")} )?`,
);

function junos(line: Line): Seldom | null {
  if (line.text.includes("nat-source-address=")) return junosPairs(line);
  const found = groupsOf(RT_FLOW, line.text);
  if (found === null) return null;
  return passed(line, {
    ...{ product: "Junos", source: addressIn(found["s"]), sourcePort: found["sp"] },
    destination: addressIn(found["m"] ?? found["d"]),
    destinationPort: found["mp"] ?? found["dp"],
    ...{ after: addressIn(found["n"]), afterPort: found["np"], denied: found["verdict"] === "denied" },
  });
}

function junosPairs(line: Line): Seldom | null {
  const pairs = dashedPairs(line.text);
  return passed(line, {
    ...{ product: "Junos", source: addressIn(pairs.get("source-address")), sourcePort: pairs.get("source-port") },
    destination: addressIn(pairs.get("nat-destination-address") ?? pairs.get("destination-address")),
    destinationPort: pairs.get("nat-destination-port") ?? pairs.get("destination-port"),
    after: addressIn(pairs.get("nat-source-address")),
    afterPort: pairs.get("nat-source-port"),
    protocol: protocolIn(pairs.get("protocol-id")),
    at: rfc3339(/\b\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|[+-]\d\d:\d\d)/.exec(line.text)?.[0] ?? ""),
  });
}

function dashedPairs(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const [, key = "", value = ""] of text.matchAll(/\b([a-z][a-z-]{2,40})="([^"]{0,100})"/g))
    if (!pairs.has(key)) pairs.set(key, value);
  return pairs;
}

/** `show security flow session`: https://www.juniper.net/documentation/us/en/software/junos/cli-reference/topics/ref/command/show-security-flow-session.html */
const SESSION = new RegExp(
  String.raw`^\s{1,8}(?<way>In|Out): (?<s>${A})\/(?<sp>\d{1,5}) --> (?<d>${A})\/(?<dp>\d{1,5});(?<protocol>[a-z0-9]{2,12}),`,
);

/** The way back shows the source that the other side answers to. */
function junosSession(line: Line, all: readonly Line[], at: number): Seldom | null {
  const own = groupsOf(SESSION, line.text);
  const back = groupsOf(SESSION, all[at + 1]?.text ?? "");
  if (own?.["way"] !== "In" || back?.["way"] !== "Out") return null;
  return passed(line, {
    ...{ product: "Junos", kind: "nat-table", source: addressIn(own["s"]), sourcePort: own["sp"] },
    ...{ destination: addressIn(back["s"]), destinationPort: back["sp"], protocol: protocolIn(own["protocol"]) },
    ...{ after: addressIn(back["d"]), afterPort: back["dp"] },
  });
}

/** https://sc1.checkpoint.com/documents/R81/WebAdminGuides/EN/CP_R81_LoggingAndMonitoring_AdminGuide (Log Exporter, syslog) */
function checkPoint(line: Line): Seldom | null {
  const pairs = new Map<string, string>();
  for (const [, key = "", value = ""] of line.text.matchAll(/[[ ;]([a-z_]{2,24}):"([^"]{0,200})"/g))
    if (!pairs.has(key)) pairs.set(key, value);
  const after = addressIn(pairs.get("xlatesrc"));
  const source = addressIn(pairs.get("src"));
  const from = /incoming/i.test(pairs.get("conn_direction") ?? "") ? "outside" : "";
  return passed(line, {
    ...{ product: "Check Point", source, sourcePort: pairs.get("s_port"), destination: addressIn(pairs.get("dst")) },
    ...{ destinationPort: pairs.get("service"), protocol: protocolIn(pairs.get("proto")) },
    // "0.0.0.0": it does not translate.
    ...{ after: after?.text === "0.0.0.0" || after?.text === "::" ? null : after, afterPort: pairs.get("xlatesport") },
    ...{ denied: /drop|reject|block|prevent/i.test(pairs.get("action") ?? ""), side: sideOf(source, from) },
  });
}

/** https://docs.sophos.com/nsg/sophos-firewall/latest/Help/en-us/webhelp/onlinehelp/AdministratorHelp/Logs/LogIDs */
function sophos(line: Line): Seldom | null {
  const pairs = pairsIn(line.text);
  return passed(line, {
    ...{ product: "Sophos", source: addressIn(pairs.get("src_ip")), sourcePort: pairs.get("src_port") },
    ...{ destination: addressIn(pairs.get("dst_ip")), destinationPort: pairs.get("dst_port") },
    ...{ after: addressIn(pairs.get("src_trans_ip")), afterPort: pairs.get("src_trans_port") },
    ...{ protocol: protocolIn(pairs.get("protocol")), denied: /denied/i.test(pairs.get("log_subtype") ?? "") },
  });
}

/** https://github.com/phaag/nfdump (the formats line and long). Where it listened is not told. */
const NFDUMP = new RegExp(
  String.raw`^(?<day>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d)(?:\.\d{1,6})? {1,12}[\d:.]{3,16} (?<protocol>[A-Z0-9-]{1,10}) {1,40}(?<s>${A}?)[:.](?<sp>\d{1,5}) {1,4}-> {1,40}(?<d>${A}?)[:.](?<dp>\d{1,5}) {1,20}(?:\S{6,8} {1,8}\d{1,3} {1,12})?\d`,
);

function nfdump(line: Line): Seldom | null {
  const found = groupsOf(NFDUMP, line.text);
  if (found === null) return null;
  return passed(line, {
    ...{ product: "NetFlow", source: addressIn(found["s"]), sourcePort: found["sp"], side: "unknown" },
    ...{ destination: addressIn(found["d"]), destinationPort: found["dp"], protocol: protocolIn(found["protocol"]) },
  });
}

/** The fast log of Snort and Suricata: https://docs.suricata.io/en/latest/output/eve/eve-json-output.html */
const FAST = new RegExp(
  String.raw`\[\*\*\] \[\d{1,10}:\d{1,10}:\d{1,10}\] .{1,1000} \{(?<protocol>[A-Z0-9-]{2,12})\} (?<s>${A}):(?<sp>\d{1,5}) -> (?<d>${A}):(?<dp>\d{1,5})$`,
);

function fastLog(line: Line): Seldom | null {
  const found = groupsOf(FAST, line.text);
  if (found === null) return null;
  return passed(line, {
    ...{ product: "Snort", source: addressIn(found["s"]), sourcePort: found["sp"], side: "unknown" },
    ...{ destination: addressIn(found["d"]), destinationPort: found["dp"], protocol: protocolIn(found["protocol"]) },
  });
}

/** Filters and translators whose formats no other reader has. */
export const DEVICE_FORMATS: readonly Format[] = [
  { has: ["ACCESSLOG"], read: iosAcl },
  { has: ["tcp ", "udp ", "icmp "], read: iosNat },
  { has: [" proto "], read: mikrotik },
  { has: ["(match)"], read: pfLog },
  { has: ["filterlog"], read: filterlog },
  { has: [") -> "], read: pfState },
  { has: ["trace id "], read: nftTrace },
  { has: ["RT_FLOW_SESSION"], read: junos },
  { has: ["In: "], read: junosSession },
  { has: ['src:"'], read: checkPoint },
  { has: ["src_trans_ip="], read: sophos },
  { has: ["[**] ["], read: fastLog },
  { has: [" -> "], read: nfdump },
];
