import type { Problem } from "../../problem.ts";
import type { SentHellos } from "../../witness/probe-file.ts";
import { parseObserved } from "../masked.ts";
import type { Evidence, VantageHint } from "../observation.ts";
import { tieKnown } from "../on-demand/marks.ts";
import { captureEvidence, type FoundInCapture, type IcmpQuote, parsedOf } from "../tcpdump/observations.ts";
import type { Packet } from "../tcpdump/packet.ts";
import { LIMITS, type Limits, type Wanted } from "./flows.ts";
import { folded } from "./fold.ts";
import { endpoint, protocolNamed, stampOf } from "./packets.ts";
import * as problem from "./problems.ts";
import type { Quote } from "./quotes.ts";
import { CaptureReader, type Counted, WALKED_FROM } from "./reader.ts";

/** The door of binary captures, opened only when some input is one. */
export const openCapture = (limits?: Limits): CaptureReader => new CaptureReader(limits);

/**
 * The same, for a question about one destination.
 *
 * @param wanted null: about none
 * @param mayCompile whether WebAssembly may be compiled
 */
export const openCaptureFor = (wanted: Wanted | null, mayCompile: boolean): CaptureReader =>
  new CaptureReader(wanted === null ? LIMITS : { ...LIMITS, wanted }, mayCompile ? WALKED_FROM : undefined);

export type { CaptureReader, Counted } from "./reader.ts";

/**
 * What a capture proves: what the text of tcpdump would for the same packets.
 *
 * Problems: `capture/truncated`, `capture/damaged`, `capture/link-type`, `capture/cut-packets`,
 * `capture/many-connections`, `capture/too-many`, `capture/nothing-found`, and `tcpdump/vantage-contradicts`.
 */
export function readCapture(
  counted: Counted,
  file: string,
  hint: VantageHint | null,
  sent: SentHellos = new Map(),
): Evidence {
  const { untold, ...found } = foundIn(counted);
  const evidence = captureEvidence(
    parsedOf(found, hint),
    { file, kind: "pcap", lineOf: () => null, quoteOf: packetText },
    hint,
  );
  const tied = sent.size === 0 ? evidence : tieKnown(evidence, sent);
  return { ...tied, problems: [...problemsOf(counted, untold, file), ...evidence.problems] };
}

export function foundIn({ tally }: Counted): FoundInCapture & { readonly untold: number } {
  return {
    ...folded(tally.flows, tally.limits),
    quotes: [...tally.quotes.found.values()].map(quoteOf),
    promptHost: null,
  };
}

function problemsOf({ tally, truncated, damage }: Counted, untold: number, file: string): readonly Problem[] {
  const { flows, packets, cut, unknownLinks, limits, quotes } = tally;
  const nothing = flows.table.size + quotes.found.size + unknownLinks.size + cut === 0 && damage === null;
  return [
    ...(truncated && damage === null ? [problem.truncated(file, packets)] : []),
    ...(damage === null ? [] : [problem.damaged(file, damage)]),
    ...[...unknownLinks].map(([link, count]) => problem.unknownLink(file, link, count)),
    ...(cut === 0 ? [] : [problem.cutPackets(file, cut)]),
    ...(flows.table.size > limits.connections ? [problem.merged(file, limits.connections)] : []),
    ...(flows.notKept === 0 ? [] : [problem.notKept(file, flows.notKept, limits.rows)]),
    ...(untold === 0 ? [] : [problem.untold(file, untold, limits.told)]),
    ...(nothing ? [problem.withoutFlows(file, packets)] : []),
  ];
}

function quoteOf({ from, sentTo, moment, ...quoted }: Quote): IcmpQuote {
  const protocol = protocolNamed(quoted.protocol);
  const ported = protocol === "tcp" || protocol === "udp";
  const packet: Packet = {
    line: { number: moment.number, text: "" },
    stamp: stampOf(moment.seconds, moment.nanoseconds),
    direction: null,
    source: endpoint(parseObserved(quoted.source), ported ? quoted.sourcePort : null),
    destination: endpoint(parseObserved(quoted.destination), ported ? quoted.destinationPort : null),
    protocol,
    flags: null,
    sequence: null,
    ttl: null,
    icmp: null,
    quoted: null,
  };
  return { from, sentTo, packet };
}

/** As tcpdump prints it, behind the number that Wireshark shows. */
function packetText({ line, source, destination, protocol, flags, sequence, icmp, ttl }: Packet): string {
  const side = ({ host, portText }: Packet["source"]) => (portText === null ? host.text : `${host.text}.${portText}`);
  const about = [
    flags === null
      ? icmp === null
        ? (protocol ?? "IP").toUpperCase()
        : `ICMP ${icmp.replace("-", " ")}`
      : `Flags [${flags}]`,
    ...(sequence === null ? [] : [`seq ${sequence}`]),
    ...(ttl === null ? [] : [`ttl ${ttl}`]),
  ].join(", ");
  return `packet ${line.number}: ${side(source)} > ${side(destination)}: ${about}`;
}
