import { isPrivate } from "../../../address/cidr.ts";
import type { Protocol } from "../../../model/flow.ts";
import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import type { Evidence, Observation, VantageHint } from "../../observation.ts";
import { serverRank } from "../../tcpdump/services.ts";
import { epochToRfc3339 } from "../../time.ts";
import {
  endOf,
  evidenceOf,
  flowKey,
  fold,
  type Judgement,
  NOT_DESTINATION,
  observe,
  type Sighting,
  sighting,
  timesOf,
} from "../observe.ts";
import { addressIn, portIn } from "../words.ts";

const DEFAULT_FIELDS = [
  ...["version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets"],
  ...["bytes", "start", "end", "action", "log-status"],
];
/** In the order of the page's table, as an export of all fields has them. A custom format without its header may not. */
const LATER_FIELDS = [
  ...["vpc-id", "subnet-id", "instance-id", "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr", "region", "az-id"],
  ...[
    "sublocation-type",
    "sublocation-id",
    "pkt-src-aws-service",
    "pkt-dst-aws-service",
    "flow-direction",
    "traffic-path",
  ],
];

interface Flow {
  readonly sighting: Sighting;
  readonly direction: string;
  readonly interfaceAddress: string;
  readonly refused: boolean;
}

/**
 * VPC Flow Logs of AWS, version 2 to the newest: the fields are named by a header, or are the default ones, or all of
 * them in the order of the page.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
export function readAwsFlows(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  let fields: readonly string[] | null = null;
  const flows = lines.flatMap((line) => {
    const words = line.text.trim().split(/\s+/);
    if (words.includes("srcaddr") || words.includes("pkt-srcaddr")) {
      fields = words.map((word) => word.replace(/^\$\{|\}$/g, ""));
      return [];
    }
    const own = fields ?? fieldsFor(words);
    return own === null ? [] : (flowIn(line, words, own) ?? []);
  });
  const key = ({ sighting: one, direction, refused }: Flow): string => `${flowKey(one)} ${direction} ${refused}`;
  const observations = fold(flows, key).map(({ last, all }) => observationOf(last, all.length, file, hint));
  return evidenceOf(file, "aws-flow-log", observations);
}

/** CloudWatch puts its own stamp first; S3 does not. */
function fieldsFor(words: readonly string[]): readonly string[] | null {
  if (words.length === DEFAULT_FIELDS.length) return DEFAULT_FIELDS;
  const all = [...DEFAULT_FIELDS, ...LATER_FIELDS];
  const isAll = words.length === all.length && /^IPv[46]$|^EFA$/.test(words[all.indexOf("type")] ?? "");
  if (isAll) return all;
  return words.length === DEFAULT_FIELDS.length + 1 && /^\d{4}-\d\d-\d\dT/.test(words[0] ?? "")
    ? ["stamp", ...DEFAULT_FIELDS]
    : null;
}

function flowIn(line: Line, words: readonly string[], fields: readonly string[]): Flow | null {
  const at = (name: string): string | undefined => words[fields.indexOf(name)];
  const near = addressIn(at("srcaddr"));
  const source = addressIn(at("pkt-srcaddr")) ?? near;
  const destination = addressIn(at("pkt-dstaddr")) ?? addressIn(at("dstaddr"));
  if (source === null || destination === null) return null;
  const end = at("end") ?? "";
  const seen = {
    source,
    sourcePort: portIn(at("srcport")),
    destination,
    destinationPort: portIn(at("dstport")),
    protocol: protocolOf(at("protocol")),
    at: /^\d{10}$/.test(end) ? epochToRfc3339(end) : null,
  };
  return {
    sighting: sighting(line, seen),
    direction: at("flow-direction") ?? "",
    interfaceAddress: near?.text ?? source.text,
    refused: at("action") === "REJECT",
  };
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = { 6: "tcp", 17: "udp", 1: "icmp", 58: "icmp" };

const protocolOf = (number: string | undefined): Protocol | null =>
  number !== undefined && Object.hasOwn(PROTOCOLS, number) ? (PROTOCOLS[number] ?? null) : null;

function observationOf(flow: Flow, count: number, file: string, hint: VantageHint | null): Observation {
  const { seen } = flow.sighting;
  const many = timesOf(count);
  const through = flow.interfaceAddress !== seen.source?.text;
  return observe(
    file,
    "aws-flow-log",
    flow.sighting,
    {
      en: `Flow log of an interface: ${flow.refused ? "refused " : ""}packets from ${seen.source?.text}${through ? ` by ${flow.interfaceAddress}` : ""} to ${endOf(seen.destination, seen.destinationPort)}${many.en}.`,
      zh: `网络接口流日志：从 ${seen.source?.text}${through ? `（经 ${flow.interfaceAddress}）` : ""} 到 ${endOf(seen.destination, seen.destinationPort)} 的数据包${flow.refused ? "被拒绝" : ""}${many.zh}。`,
    },
    judge(flow, hint),
  );
}

function judge({ sighting: { seen }, direction, interfaceAddress }: Flow, hint: VantageHint | null): Judgement {
  if (hint === "client" || hint === "translator") return { strength: "none", vantage: hint, proves: NOT_DESTINATION };
  const isPublicSource = seen.source?.ip !== null && seen.source !== null && !isPrivate(seen.source.ip);
  const isOwnAddress = interfaceAddress === seen.source?.text;
  const isReply = serverRank(seen.sourcePort) > serverRank(seen.destinationPort);
  if (hint === "destination" || (direction === "ingress" && isOwnAddress && isPublicSource && !isReply))
    return { strength: "destination-observed", vantage: "destination", proves: ARRIVED };
  return direction === "egress"
    ? { strength: "none", vantage: "client", proves: LEFT }
    : { strength: "none", vantage: "unknown", proves: UNSAID };
}

const ARRIVED: Text = {
  en: "Recorded where the packet entered the interface (flow-direction ingress): the source as it arrived there. Refused packets count as well.",
  zh: "在数据包进入网络接口处记录（flow-direction 为 ingress）：即到达时的源地址。被拒绝的数据包同样有效。",
};

const LEFT: Text = {
  en: "Recorded where the packet left the interface: always its private address, before the internet gateway puts the Elastic IP in its place. It proves which interface sends, nothing about what the destination sees.",
  zh: "在数据包离开网络接口处记录：总是其私有地址，早于互联网网关换成弹性 IP。只证明由哪个接口发出，不说明目的端看到什么。",
};

const UNSAID: Text = {
  en: "The record does not say whether the interface sent or received the packet; on the sending side, also of a NAT gateway, the addresses are those before the Elastic IP. Log flow-direction, or say where it is from: --vantage FILE=destination.",
  zh: "记录没有说明该接口是发送还是接收；在发送侧（包括 NAT 网关）显示的是弹性 IP 生效之前的地址。请记录 flow-direction，或说明来源：--vantage FILE=destination。",
};
