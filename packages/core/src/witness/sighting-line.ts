import * as v from "valibot";
import { parseIp } from "../address/ip.ts";
import { parseMark } from "./mark.ts";
import { LISTENER_KINDS, type Sighting } from "./receipt.ts";

const SCHEMA = "seenas/sighting@1";

/** One line of a witness's log, without its end. Nothing in it but the mark was written by the caller. */
export const sightingLine = ({ number, at, listener, protocol, source, via, local, mark }: Sighting): string =>
  // By hand: every value is digits, letters or an address, and a witness writes thousands of these a second.
  `{"schema":"${SCHEMA}","n":${number},"at":"${at}","as":"${listener}","protocol":"${protocol}","source":"${source.address}","sourcePort":${source.port},"via":${
    via === null ? "null" : `"${via}"`
  },"local":"${local.address}","localPort":${local.port},"mark":${mark === null ? "null" : `"${mark}"`}}`;

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));

const line = v.object({
  schema: v.literal(SCHEMA),
  n: v.pipe(v.number(), v.integer(), v.minValue(0)),
  at: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/)),
  as: v.picklist(LISTENER_KINDS),
  protocol: v.picklist(["tcp", "udp"]),
  source: v.string(),
  sourcePort: port,
  via: v.nullable(v.string()),
  local: v.string(),
  localPort: port,
  mark: v.nullable(v.string()),
});

/** Null: not a line of a witness's log, or half of one. Never throws. */
export function parseSighting(value: unknown): Sighting | null {
  const parsed = v.safeParse(line, value);
  if (!parsed.success) return null;
  const { n, at, as, protocol, sourcePort, localPort } = parsed.output;
  const source = parseIp(parsed.output.source);
  const local = parseIp(parsed.output.local);
  const via = parsed.output.via === null ? null : parseIp(parsed.output.via);
  if (source === undefined || local === undefined || via === undefined) return null;
  return {
    number: n,
    at,
    listener: as,
    protocol,
    source: { address: source, port: sourcePort },
    via,
    local: { address: local, port: localPort },
    mark: parseMark(parsed.output.mark ?? ""),
  };
}
