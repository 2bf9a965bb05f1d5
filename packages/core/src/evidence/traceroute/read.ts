import { parseIp } from "../../address/ip.ts";
import type { Text } from "../../problem.ts";
import { type Line, quoteOf } from "../lines.ts";
import { parseObserved } from "../masked.ts";
import type { Evidence, EvidenceKind, Observation, PathTrace } from "../observation.ts";
import { parseTraceroutes, type TraceOnLine } from "./parse.ts";

/** Reads traces of Linux, BSD, macOS, Junos, BusyBox and inetutils traceroute, tcptraceroute and scamper's text form. */
export function readTraceroute(lines: readonly Line[], file: string, kind: EvidenceKind = "traceroute"): Evidence {
  return pathEvidence(parseTraceroutes(lines), file, kind);
}

/** What every tool that shows a path gives: the paths, and of each that it names no source. */
export function pathEvidence(parsed: readonly TraceOnLine[], file: string, kind: EvidenceKind): Evidence {
  return {
    file,
    kind,
    observations: parsed.map((trace) => observationOf(trace, file, kind)),
    paths: parsed.map(({ trace }) => trace),
    names: parsed.flatMap(({ trace }) => namesOf(trace)),
    problems: [],
  };
}

function namesOf(trace: PathTrace) {
  const address = trace.destination === null ? undefined : parseIp(trace.destination);
  return trace.destinationName === null || address === undefined ? [] : [{ name: trace.destinationName, address }];
}

/** One for the whole trace, without a source: no hop is ever one (RFC 1812, 4.3.2.4 tells what a hop's address is). */
function observationOf({ trace, line }: TraceOnLine, file: string, kind: EvidenceKind): Observation {
  const { destination, destinationName } = trace;
  return {
    file,
    line: line.number,
    kind,
    quote: quoteOf(line),
    says: says(trace),
    proves: PROVES,
    strength: "path-hint",
    seen: {
      source: null,
      sourcePort: null,
      destination: destination === null ? null : parseObserved(destination),
      destinationName,
      destinationPort: null,
      protocol: null,
      at: null,
    },
    before: null,
    claimed: null,
    vantage: "path",
  };
}

function says(trace: PathTrace): Text {
  const answered = trace.hops.filter((hop) => hop.replies.length > 0).length;
  const target = trace.destination ?? "?";
  const end = trace.reached
    ? { en: `${target} itself answered`, zh: `${target} 自身有应答` }
    : { en: "the destination itself did not answer", zh: "目的地址自身没有应答" };
  const header =
    trace.destination === null
      ? {
          en: "A piece of a trace without its header, so the destination is not known: ",
          zh: "这是缺少首行的路径片段，目的地址未知：",
        }
      : { en: `A trace to ${target}: `, zh: `到 ${target} 的路径跟踪：` };
  return {
    en: `${header.en}${answered} of ${trace.hops.length} hops answered; ${end.en}.`,
    zh: `${header.zh}${trace.hops.length} 跳中有 ${answered} 跳应答；${end.zh}。`,
  };
}

const PROVES: Text = {
  en: "Which routers the probes met. A hop is the address of a router's interface: neither the last public hop nor any other is the source the destination sees, and a translation is no hop. The probes may also be treated unlike the real traffic.",
  zh: "只说明探测包经过了哪些路由器。跳点是路由器接口的地址：无论最后一个公网跳点还是其他跳点，都不是目的端看到的源地址，而地址转换本身也不是一跳。探测包受到的处理还可能与真实流量不同。",
};
