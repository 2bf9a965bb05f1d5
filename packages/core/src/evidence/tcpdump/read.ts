import { type Line, quoteOf } from "../lines.ts";
import type { Evidence, VantageHint } from "../observation.ts";
import { type ProxyIn, parseCapture } from "./capture.ts";
import { connectionsOf } from "./connections.ts";
import { captureEvidence, type IcmpQuote, type ParsedCapture, parsedOf } from "./observations.ts";
import type { Packet } from "./packet.ts";
import { pairsOf } from "./pairs.ts";

export function parseTcpdump(
  lines: readonly Line[],
  hint: VantageHint | null,
  proxyIn: ProxyIn | null = null,
): ParsedCapture {
  const { packets, promptHost } = parseCapture(lines, proxyIn);
  const connections = connectionsOf(packets);
  return parsedOf({ connections, pairs: pairsOf(connections), quotes: packets.flatMap(quoteIn), promptHost }, hint);
}

/**
 * Reads what tcpdump prints, with any of -n -v -vv -e -A -x -X -q -# -t…-ttttt and -i any.
 *
 * @param proxyIn of `payload.ts`, where data is printed; nothing else of it is read
 */
export const readTcpdump = (
  lines: readonly Line[],
  file: string,
  hint: VantageHint | null,
  proxyIn: ProxyIn | null = null,
): Evidence =>
  captureEvidence(
    parseTcpdump(lines, hint, proxyIn),
    { file, kind: "tcpdump", lineOf: ({ line }) => line.number, quoteOf: ({ line }) => quoteOf(line) },
    hint,
  );

function quoteIn(packet: Packet): readonly IcmpQuote[] {
  const { quoted, source, destination } = packet;
  if (quoted === null || quoted.source.host.ip === null || destination.host.ip === null) return [];
  if (quoted.source.host.ip === destination.host.ip) return [];
  return [{ from: source.host.text, sentTo: destination.host.text, packet: quoted }];
}
