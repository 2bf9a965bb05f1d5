import type { Text } from "../../problem.ts";
import { type Mark, markIn, markWord } from "../../witness/mark.ts";
import type { SentHello, SentHellos } from "../../witness/probe-file.ts";
import { endText } from "../../witness/receipt.ts";
import { type Line, linesOf } from "../lines.ts";
import { parseObserved } from "../masked.ts";
import type { Evidence, EvidenceKind, Observation } from "../observation.ts";
import type { Segment } from "../segments.ts";

/** Each line of these stands for itself, but for the names of its columns. */
const BY_LINE: ReadonlySet<EvidenceKind> = new Set([
  ...(["postfix-log", "exim-log", "sendmail-log", "exchange-log"] as const),
  ...(["web-log", "sshd-log", "firewall-log", "database", "witness-log"] as const),
]);

const LOOKED_BACK = 40;

/**
 * Adds what the records of this host's own hellos say, each read by itself, and of those that say the same the first: whatever a reader puts together of many lines
 * is then still told, but is nobody's in particular.
 *
 * @param alone reads a part of the same file as the whole was read
 */
export function tieMarked(
  evidence: Evidence,
  segments: readonly Segment[],
  sent: SentHellos,
  alone: (segment: Segment) => Evidence,
): Evidence {
  const tied = new Map<string, Observation>();
  for (const one of segments.flatMap((segment) => tiedIn(segment, sent, alone))) {
    const { own, before, strength, seen } = one;
    const key = [own, strength, before?.text, seen.source?.text, seen.destination?.text].join(" ");
    if (!tied.has(key)) tied.set(key, one);
  }
  return tied.size === 0 ? evidence : { ...evidence, observations: [...tied.values(), ...evidence.observations] };
}

/** A file of one kind as one segment. */
export const wholeText = (text: string, kind: EvidenceKind): readonly Segment[] => [{ kind, lines: linesOf(text) }];

/** Observations that carry a mark already, as those of a binary capture do. */
export const tieKnown = (evidence: Evidence, sent: SentHellos): Evidence => ({
  ...evidence,
  observations: evidence.observations.map((one) => {
    const hello = one.mark === undefined ? undefined : sent.get(one.mark as Mark);
    return hello === undefined ? one : ofHello(one, hello);
  }),
});

function tiedIn(segment: Segment, sent: SentHellos, alone: (segment: Segment) => Evidence): readonly Observation[] {
  const { kind, lines } = segment;
  if (!BY_LINE.has(kind) && kind !== "tcpdump") return [];
  return lines.flatMap((line, index) => {
    const hello = helloOf(line, kind, sent);
    if (hello === undefined) return [];
    const own = kind === "tcpdump" ? packetsOf(lines, index) : [...columnsOf(lines, index), line];
    const seen = alone({ kind, lines: own }).observations.filter((one) => one.seen.source !== null);
    return seen.map((one) => ofHello(kind === "witness-log" ? { ...one, line: line.number } : one, hello));
  });
}

function helloOf({ text }: Line, kind: EvidenceKind, sent: SentHellos): SentHello | undefined {
  const digits = kind === "witness-log" ? /"mark":"([0-9a-f]{24})"| mark=([0-9a-f]{24}) /.exec(text) : null;
  const mark = digits?.[1] ?? digits?.[2] ?? markIn(text);
  return mark === null ? undefined : sent.get(mark as Mark);
}

/** The last line before it that names the columns: `#Fields:`. */
const columnsOf = (lines: readonly Line[], index: number): readonly Line[] =>
  lines
    .slice(0, index)
    .filter(({ text }) => text.startsWith("#Fields:"))
    .slice(-1);

/** All packets of the connection that the packet with this line is of. */
function packetsOf(lines: readonly Line[], index: number): readonly Line[] {
  for (let at = index; at >= Math.max(0, index - LOOKED_BACK); at -= 1) {
    const [, one, other] = / (\S{3,80}) > (\S{3,80}): /.exec(lines[at]?.text ?? "") ?? [];
    if (one === undefined || other === undefined) continue;
    const ways = [` ${one} > ${other}: `, ` ${other} > ${one}: `];
    return lines.filter(({ text }) => ways.some((way) => text.includes(way)));
  }
  return [];
}

/** What the hello's sender knows of it is added to what the record shows. */
export function ofHello(observation: Observation, hello: SentHello): Observation {
  const { mark, local, bound, to, protocol } = hello;
  const { seen, strength } = observation;
  const told = { ...observation, mark, proves: both(observation.proves, hello) };
  if (strength === "none") return told;
  return {
    ...told,
    own: bound ? "bound" : "free",
    before: local === null ? observation.before : parseObserved(local.address),
    seen: {
      ...seen,
      // Where the client went: behind a balancer or a forwarded port, the server knows itself by another address.
      destination: to.address === null ? seen.destination : parseObserved(to.address),
      destinationName: to.name ?? seen.destinationName,
      destinationPort: to.port ?? seen.destinationPort,
      protocol,
    },
  };
}

const both = (proves: Text, { mark, local, at }: SentHello): Text => {
  const from = local === null ? { en: "", zh: "" } : { en: ` from ${endText(local)}`, zh: `自 ${endText(local)} ` };
  const when = at === null ? { en: "", zh: "" } : { en: ` at ${at}`, zh: `于 ${at} ` };
  return {
    en: `It shows ${markWord(mark)}, which nobody could have guessed: it is the hello that the probe sent${from.en}${when.en}. ${proves.en}`,
    zh: `其中有无人能猜到的 ${markWord(mark)}：这就是探测${when.zh}${from.zh}发出的那次问候。${proves.zh}`,
  };
};
