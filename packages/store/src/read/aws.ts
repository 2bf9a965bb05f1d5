import { serverRank } from "@seenas/core";
import { isPrivate } from "@seenas/core/address";
import type { Endpoint, LogRow } from "../row.ts";
import { momentOf } from "./moment.ts";
import { addressOf, endOf, protocolOf, type Record, rejected } from "./record.ts";

const DEFAULT_FIELDS = [
  ...["version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets"],
  ...["bytes", "start", "end", "action", "log-status"],
];
/** In the order of the page's table, as an export of all fields has them. A custom format without its header may not. */
const LATER_FIELDS = [
  ...["vpc-id", "subnet-id", "instance-id", "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr", "region", "az-id"],
  ...["sublocation-type", "sublocation-id", "pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction"],
  ...["traffic-path"],
];
const ALL_FIELDS = [...DEFAULT_FIELDS, ...LATER_FIELDS];

/**
 * VPC Flow Logs of AWS as text, version 2 to the newest. The fields are named by a header, or are the default ones, or
 * all of them in the order of the page.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
export class AwsReader {
  #fields: readonly string[] | null = null;

  /** @returns null: the line is not of this log */
  read(line: string): Record | null {
    const words = line.trim().split(/\s+/);
    if (words.includes("srcaddr") || words.includes("pkt-srcaddr")) {
      this.#fields = words.map((word) => word.replace(/^\$\{|\}$/g, ""));
      return { kind: "nothing" };
    }
    const fields = this.#fields?.length === words.length ? this.#fields : fieldsFor(words);
    if (fields === null) return null;
    const at = (name: string): string => words[fields.indexOf(name)] ?? "";
    // It says of itself that there was nothing, or that records were left out.
    if (at("log-status") === "NODATA" || at("log-status") === "SKIPDATA") return { kind: "nothing" };
    return flowRecord(at);
  }
}

/** CloudWatch puts its own stamp first; S3 does not. */
function fieldsFor(words: readonly string[]): readonly string[] | null {
  const isStamped = /^\d{4}-\d\d-\d\dT/.test(words[0] ?? "");
  const own = isStamped ? words.slice(1) : words;
  const fields =
    own.length === DEFAULT_FIELDS.length ? DEFAULT_FIELDS : own.length === ALL_FIELDS.length ? ALL_FIELDS : null;
  const isFlow = fields !== null && /^\d{1,2}$/.test(own[0] ?? "") && /^(?:OK|NODATA|SKIPDATA)$/.test(own[13] ?? "");
  if (!isFlow) return null;
  return isStamped ? ["stamp", ...fields] : fields;
}

function flowRecord(at: (name: string) => string): Record {
  const near = addressOf(at("srcaddr"));
  const source = endOf(addressOf(at("pkt-srcaddr")) ?? near, at("srcport"));
  const destination = endOf(addressOf(at("pkt-dstaddr")) ?? addressOf(at("dstaddr")), at("dstport"));
  if (source === null || destination === null) return rejected("no-address");
  const untilUs = momentOf(at("end"));
  const atUs = momentOf(at("start")) ?? untilUs;
  if (atUs === null || untilUs === null) return rejected("no-time");
  const isOwn = near === null || near === source.address;
  const isSeen = at("flow-direction") === "ingress" && isOwn && arrived(source, destination);
  const named = at("instance-id");
  const row: LogRow = {
    atUs: Math.min(atUs, untilUs),
    untilUs: Math.max(atUs, untilUs),
    kind: "aws-flow-log",
    strength: isSeen ? "destination-observed" : "none",
    event: at("action") === "REJECT" && !isSeen ? "dropped" : "flow",
    workload: isSeen ? "" : named === "" || named === "-" ? at("interface-id") : named,
    reporter: at("interface-id"),
    protocol: protocolOf(at("protocol")),
    before: isSeen ? null : source,
    seen: isSeen ? source : null,
    destination,
  };
  return { kind: "rows", rows: [row] };
}

/**
 * Behind a NAT gateway's interface, what comes in from outside is an answer, and its address the server's: only a public
 * client's request shows a source as it arrived.
 */
const arrived = (source: Endpoint, destination: Endpoint): boolean =>
  !isPrivate(source.address) && serverRank(source.port) <= serverRank(destination.port);
