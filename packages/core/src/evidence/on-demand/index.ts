import { type Line, linesOf } from "../lines.ts";
import type { Evidence, EvidenceKind, VantageHint } from "../observation.ts";
import { readTraceroute } from "../traceroute/read.ts";
import { readSshd } from "./access/sshd.ts";
import { readWebJson, readWebLog } from "./access/web.ts";
import { readAzureNextHop } from "./analysis/azure-next-hop.ts";
import { isConnectivityTest, readConnectivityTests } from "./analysis/connectivity-test.ts";
import { readReachability } from "./analysis/reachability-analyzer.ts";
import { readDnsEcho } from "./echoes/dns.ts";
import { readHttpEcho, readHttpEchoJson } from "./echoes/http.ts";
import { readStun } from "./echoes/stun.ts";
import { readFirewallJson, readFirewallLog } from "./filters/firewall.ts";
import { readAwsFlows } from "./flows/aws.ts";
import { readAzureFlows } from "./flows/azure.ts";
import { readExchange } from "./mail/exchange.ts";
import { readOtherMail } from "./mail/others.ts";
import { readReceived } from "./mail/received.ts";
import { readSendmail } from "./mail/sendmail.ts";
import { readPathJson } from "./paths/json.ts";
import { readMtr } from "./paths/mtr.ts";
import { readTracepath } from "./paths/tracepath.ts";
import { readTracert } from "./paths/tracert.ts";
import { readOtelSpans } from "./spans/otel.ts";
import { readDatabase } from "./tables/database.ts";
import { readSockets } from "./tables/sockets.ts";
import { readAzureFirewall, readAzureNat } from "./translators/azure.ts";
import { readConntrack } from "./translators/conntrack.ts";
import { readReceipts, readWitnessLog } from "./witness/log.ts";
import { readProbe } from "./witness/probe.ts";

export { tieMarked, wholeText } from "./marks.ts";
export { isSeldom, joinSeldom, readSeldomJson } from "./seldom/read.ts";

/** The door of the readers that most questions do not need, opened when a text shows the sign of one of their kinds. */
export function readLinesOnDemand(
  kind: EvidenceKind,
  lines: readonly Line[],
  file: string,
  hint: VantageHint | null,
): Evidence | null {
  const read = Object.hasOwn(OF_LINES, kind) ? OF_LINES[kind] : undefined;
  return read?.(lines, file, hint) ?? null;
}

/** The same for what is one JSON text. */
export function readJsonEvidence(
  kind: EvidenceKind,
  text: string,
  file: string,
  hint: VantageHint | null,
): Evidence | null {
  const read = Object.hasOwn(OF_JSON, kind) ? OF_JSON[kind] : undefined;
  return read?.(text, file, hint) ?? null;
}

type Readers<T> = Readonly<
  Partial<Record<EvidenceKind, (input: T, file: string, hint: VantageHint | null) => Evidence>>
>;

const OF_LINES: Readers<readonly Line[]> = {
  scamper: (lines, file) => readTraceroute(lines, file, "scamper"),
  tracert: readTracert,
  tracepath: readTracepath,
  mtr: readMtr,
  "sendmail-log": readSendmail,
  "exchange-log": readExchange,
  "mail-log": readOtherMail,
  "mail-headers": readReceived,
  "web-log": readWebLog,
  "sshd-log": readSshd,
  "firewall-log": readFirewallLog,
  "nat-table": readConntrack,
  "aws-flow-log": readAwsFlows,
  "http-echo": readHttpEcho,
  "dns-echo": readDnsEcho,
  stun: readStun,
  database: readDatabase,
  "socket-table": readSockets,
  "witness-log": readReceipts,
};

const OF_JSON: Readers<string> = {
  mtr: (text, file) => readPathJson("mtr", text, file),
  scamper: (text, file) => readPathJson("scamper", text, file),
  traceroute: (text, file) => readPathJson("traceroute", text, file),
  "azure-flow-log": readAzureFlows,
  "azure-nat-log": readAzureNat,
  "azure-firewall-log": readAzureFirewall,
  "firewall-log": readFirewallJson,
  "web-log": readWebJson,
  "otel-spans": readOtelSpans,
  "http-echo": readHttpEchoJson,
  database: (text, file, hint) => readDatabase(linesOf(text), file, hint),
  "path-analysis": readAnalysis,
  "witness-log": readWitnessLog,
  probe: readProbe,
};

function readAnalysis(text: string, file: string): Evidence {
  if (isConnectivityTest(text)) return readConnectivityTests(text, file);
  return text.includes('"nextHopType"') ? readAzureNextHop(text, file) : readReachability(text, file);
}
