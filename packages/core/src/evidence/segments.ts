import { type Line, linesOf } from "./lines.ts";
import type { EvidenceKind } from "./observation.ts";
import type { Sign } from "./sign.ts";
import { isBareAddress, SIGNS } from "./signs.ts";
import { connectLine } from "./smtp/connect.ts";
import { isTracerouteHeader } from "./traceroute/parse.ts";

/** Lines next to each other that one reader takes. */
export interface Segment {
  readonly kind: EvidenceKind;
  readonly lines: readonly Line[];
}

/** Longer lines are data, not the shapes below; a flattened trace shows its header at the start. */
const LOOKED_AT = 2000;

/** A line that fits the current kind is not looked at again: most lines of a long log are alike. */
function signOf(text: string, current: EvidenceKind | null): EvidenceKind | null {
  const head = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  if (SIGNS.some((sign) => sign.kind === current && shows(sign, head))) return current;
  return SIGNS.find((sign) => shows(sign, head))?.kind ?? null;
}

const shows = ({ has, digit, is }: Sign, text: string): boolean =>
  (has === undefined || has.some((word) => text.includes(word))) &&
  (digit !== true || startsWithDigit(text)) &&
  is(text);

function startsWithDigit(text: string): boolean {
  const code = text.trimStart().charCodeAt(0);
  return code >= 48 && code <= 57;
}

/**
 * Cuts a text into segments of one kind each. Lines that tell nothing belong to the segment they follow, except that a
 * new segment takes the command and connect lines that lead up to it. No sign at all: no segment.
 */
export const segmentsOf = (text: string): readonly Segment[] => segmentsOfLines(linesOf(text));

export function segmentsOfLines(lines: readonly Line[]): readonly Segment[] {
  const starts: { readonly kind: EvidenceKind; readonly from: number }[] = [];
  let lastSign = -1;
  // Since the last packet of a capture, a client program has connected: what follows is no payload.
  let connected = false;
  for (const [index, line] of lines.entries()) {
    const current = starts.at(-1)?.kind ?? null;
    const sign = line.text === "" ? null : signOf(line.text, current);
    connected = sign !== "tcpdump" && (connected || (current === "tcpdump" && opensSession(line)));
    if (sign === null || (current !== null && belongs(sign, current, line, connected))) {
      if (sign === current && sign !== null) lastSign = index;
      continue;
    }
    starts.push({ kind: sign, from: current === null ? 0 : leadIn(lines, lastSign + 1, index) });
    lastSign = index;
  }
  if (starts.length === 0 && isLoneAnswer(lines))
    return [{ kind: isDatabase(lines) ? "database" : "http-echo", lines }];
  return starts.map(({ kind, from }, index) => ({ kind, lines: lines.slice(from, starts[index + 1]?.from) }));
}

/** Whether a line with this sign is still part of the current segment. */
function belongs(sign: EvidenceKind, current: EvidenceKind, line: Line, connected: boolean): boolean {
  if (sign === current) return true;
  // scamper's hops look like traceroute's.
  if (current === "scamper" && sign === "traceroute") return !isTracerouteHeader(line.text);
  // The payload of a capture (-v, -A) may be an SMTP session; a session of its own begins with a connect line.
  if (current === "tcpdump" && PAYLOAD.has(sign)) return !connected;
  // The last line of a witness's reply to EHLO, whose first one names the same source.
  if (current === "smtp-transcript" && sign === "witness-log") return true;
  // A message that the client sends has headers.
  return sign === "mail-headers" && current === "smtp-transcript";
}

const PAYLOAD: ReadonlySet<EvidenceKind> = new Set(["smtp-transcript", "http-echo", "mail-headers", "web-log"]);

const opensSession = ({ text }: Line): boolean => !text.startsWith("\t") && connectLine(text) !== null;

/** A few lines, and one of them an address and nothing else: what an echo service answers. */
function isLoneAnswer(lines: readonly Line[]): boolean {
  const written = lines.slice(0, 9).filter(({ text }) => text !== "");
  return (
    written.length > 0 && written.length < 4 && lines.length < 9 && written.some(({ text }) => isBareAddress(text))
  );
}

/** The command above the value is a database's client: it is the server that names its peer, and no echo service. */
const isDatabase = (lines: readonly Line[]): boolean =>
  lines.some(({ text }) => /(?:^|[$#>%] ?)(?:psql|mysql|mariadb|sqlplus|sqlcmd) /.test(text.slice(0, 400)));

/** From the last blank line on, else from the first command or connect line, else from the sign itself. */
function leadIn(lines: readonly Line[], from: number, sign: number): number {
  for (let index = sign - 1; index >= from; index -= 1) if (lines[index]?.text === "") return index + 1;
  for (let index = from; index < sign; index += 1) {
    const text = lines[index]?.text ?? "";
    if (connectLine(text) !== null || isPrompt(text)) return index;
  }
  return sign;
}

/** `[user@host ~]$ command`, `user@host:~# command`, `$ command` */
const isPrompt = (text: string): boolean => /^(?:\[?[\w.-]{1,64}@[\w.-]{1,255}[ :].{0,200}?)?[$#%] \S/.test(text);
