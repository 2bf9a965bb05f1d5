import type { EvidenceKind } from "./observation.ts";

/** Enough for the first records of any log; one that is found deeper is not told apart by its first page. */
const LOOKED_AT = 65_536;
/** An echo service answers in a few lines. */
const LONGEST_ECHO = 8192;

/** What stands beside a name that other exports have as well. */
const SOURCE = ['"SourceIp"', '"SourceIP"', '"msg"', '"msg_s"'];
const EXPORT = ['"id"', '"kind"', '"metadata"', '"resources"', '"spec"', '"jsonPayload"'];
const STEPS = ['"traces"', '"steps"'];
const OTEL = ["network.peer.address", "client.address", "net.sock.peer.addr", "net.peer.ip", "server.address"];
const REQUEST = ['"request"', '"status"', '"requestUrl"', '"request_uri"', '"RequestMethod"', '"DownstreamStatus"'];

const OPERATION = ['"operationName"', '"OperationName"'];

/** What services write to whom they refuse. */
const REFUSED = [
  ...["is not allowed access", "Client address: ", "originated from IP", "originated from client IP"],
  ...["is not allowed to access Snowflake", "IP allow list enabled"],
];

interface JsonSign {
  readonly kind: EvidenceKind;
  /** One word of each of these lists must stand there. */
  readonly has: readonly (readonly string[])[];
  /** Words of exports that have a member of such a name, too. */
  readonly not?: readonly string[];
  readonly longest?: number;
}

/** First match wins. Words with their quotes, as a serialiser writes member names and values. */
const SIGNS: readonly JsonSign[] = [
  { kind: "probe", has: [['"seenas/probe@1"']] },
  { kind: "witness-log", has: [['"seenas/sighting@1"']] },
  { kind: "path-analysis", has: [['"reachabilityDetails"', '"forwardTraceId"', '"ipMasqueradingSkipped"'], STEPS] },
  { kind: "path-analysis", has: [['"ForwardPathComponents"', '"NetworkInsightsAnalysisId"']] },
  { kind: "path-analysis", has: [['"nextHopType"'], ['"routeTableId"']], longest: LONGEST_ECHO },
  { kind: "mtr", has: [['"report"'], ['"mtr"'], ['"hubs"']] },
  {
    kind: "scamper",
    has: [
      ['"cycle-start"', '"trace"', '"tracelb"'],
      ['"stop_reason"', '"cycle-start"', '"linkc"'],
    ],
  },
  { kind: "traceroute", has: [['"flows"'], ['"rtt_usec"']] },
  // trippy
  { kind: "traceroute", has: [['"hops"'], ['"hosts"'], ['"loss_pct"']] },
  { kind: "azure-flow-log", has: [['"NetworkSecurityGroupFlowEvent"', '"FlowLogFlowEvent"']] },
  { kind: "azure-nat-log", has: [["NatGatewayFlowlog", "NatGatewayFlowLog", '"TimeGenerated"'], ['"NatGatewayI']] },
  {
    kind: "azure-firewall-log",
    has: [['"AZFW', '"AzureFirewallNetworkRule"', '"AzureFirewallApplicationRule"'], SOURCE],
  },
  { kind: "otel-spans", has: [['"resourceSpans"', '"scopeSpans"', '"traceId"', '"trace_id"'], OTEL] },
  { kind: "firewall-log", has: [['"disposition"'], ['"rule_details"']] },
  { kind: "firewall-log", has: [['"event_type"'], ['"src_ip"'], ['"dest_ip"']] },
  { kind: "firewall-log", has: [['"id.orig_h"'], ['"id.resp_h"']] },
  { kind: "web-log", has: [['"remote_addr"', '"remote_ip"', '"remoteIp"', '"ClientAddr"', '"ClientHost"'], REQUEST] },
  // Balancers and services of clouds, and who called them.
  {
    kind: "web-log",
    has: [['"ApplicationGatewayAccess', '"FrontDoorAccessLog"', '"FrontdoorAccessLog"'], ['"properties"']],
  },
  { kind: "web-log", has: [['"sourceIPAddress"'], ['"eventSource"']] },
  { kind: "web-log", has: [['"callerIp"'], ['"protoPayload"']] },
  {
    kind: "web-log",
    has: [['"callerIpAddress"', '"CallerIPAddress"', '"CallerIpAddress"', '"clientIpAddress"'], OPERATION],
  },
  { kind: "web-log", has: [['"ipAddress"'], ['"userPrincipalName"'], ['"appDisplayName"', '"clientAppUsed"']] },
  // https://www.mongodb.com/docs/manual/reference/log-messages/
  { kind: "database", has: [['"Connection accepted"'], ['"remote"']] },
  { kind: "http-echo", has: [REFUSED], longest: LONGEST_ECHO },
  { kind: "http-echo", has: [['"ip"', '"origin"', '"ip_addr"', '"query"']], not: EXPORT, longest: LONGEST_ECHO },
];

/** What a JSON text is evidence of; undefined: of nothing known here. */
export function jsonKind(text: string): EvidenceKind | undefined {
  const head = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  return SIGNS.find(
    ({ has, not, longest }) =>
      (longest === undefined || text.length <= longest) &&
      has.every((words) => words.some((word) => head.includes(word))) &&
      !(not ?? []).some((word) => head.includes(word)),
  )?.kind;
}
