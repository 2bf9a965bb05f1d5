import * as v from "valibot";
import { type Ip, parseIp } from "../address/ip.ts";
import type { Protocol } from "../model/flow.ts";
import { type Mark, parseMark } from "./mark.ts";
import type { End } from "./receipt.ts";

export const PROBE_SCHEMA = "seenas/probe@1";

/** One hello that was sent, and where to; what ties a line of somebody's log to this host. */
export interface SentHello {
  readonly mark: Mark;
  /** null: not recorded. */
  readonly local: End | null;
  /** True: the program chose the source itself; it does not show which one others get. */
  readonly bound: boolean;
  readonly to: { readonly address: Ip | null; readonly name: string | null; readonly port: number | null };
  readonly protocol: Protocol;
  /** RFC 3339. */
  readonly at: string | null;
}

export type SentHellos = ReadonlyMap<Mark, SentHello>;

/** A hello, and what came back. */
export interface Try extends SentHello {
  /** Both sides as a transcript, bounded; empty: nothing came. */
  readonly transcript: string;
  readonly receipt: string | null;
  /** What the probe found when it looked at the signature and the mark. */
  readonly receiptIsSound: boolean;
  /** The source that a server of STUN says it sees. */
  readonly mapped: End | null;
}

export interface ProbeFile {
  readonly tries: readonly Try[];
  /** Entries that are not in this form. */
  readonly damaged: number;
}

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));
const end = v.object({ address: v.string(), port });
const PROTOCOLS = ["tcp", "udp"] as const satisfies readonly Protocol[];

const file = v.object({
  schema: v.literal(PROBE_SCHEMA),
  to: v.object({ name: v.nullable(v.string()), port, protocol: v.picklist(PROTOCOLS) }),
  tries: v.array(v.unknown()),
});

const entry = v.object({
  mark: v.string(),
  at: v.nullish(v.string(), null),
  bound: v.boolean(),
  local: v.nullish(end, null),
  remote: v.nullish(end, null),
  transcript: v.nullish(v.string(), null),
  receipt: v.nullish(v.object({ line: v.string(), state: v.nullish(v.string(), "sound") }), null),
  mapped: v.nullish(end, null),
});

/** Null: not what `seenas probe --json` writes. Never throws. */
export function parseProbeFile(value: unknown): ProbeFile | null {
  const parsed = v.safeParse(file, value);
  if (!parsed.success) return null;
  const { to, tries } = parsed.output;
  const read = tries.flatMap((one) => tryOf(one, to) ?? []);
  return { tries: read, damaged: tries.length - read.length };
}

function tryOf(value: unknown, to: v.InferOutput<typeof file>["to"]): Try | null {
  const parsed = v.safeParse(entry, value);
  if (!parsed.success) return null;
  const { output } = parsed;
  const mark = parseMark(output.mark);
  if (mark === null) return null;
  const remote = endOf(output.remote);
  return {
    mark,
    local: endOf(output.local),
    bound: output.bound,
    to: { address: remote?.address ?? null, name: to.name, port: to.port },
    protocol: to.protocol,
    at: output.at,
    transcript: output.transcript ?? "",
    receipt: output.receipt?.line ?? null,
    receiptIsSound: output.receipt?.state === "sound",
    mapped: endOf(output.mapped),
  };
}

function endOf(written: v.InferOutput<typeof end> | null): End | null {
  const address = parseIp(written?.address ?? "");
  return written === null || address === undefined ? null : { address, port: written.port };
}

/** The hellos that texts tell of: files of `seenas probe --json`, and of the script for hosts. */
export function sentIn(texts: readonly string[]): SentHellos {
  const sent = texts.flatMap((text): readonly SentHello[] => {
    const kit = sentByKit(text);
    return kit === null ? (parseProbeFile(jsonOf(text))?.tries ?? []) : [kit];
  });
  return new Map(sent.map((hello) => [hello.mark, hello]));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The line by which the script of `seenas collect host` says what its hello carried: `# seenas mark D to H:P at T` */
const KIT_LINE =
  /^# seenas mark ([0-9a-f]{24}) to (?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,255})):(\d{1,5}) at (\S{10,40})$/m;

/** What a kit's file says it sent; null: its hello carried no mark. */
export function sentByKit(text: string): SentHello | null {
  const [, digits = "", six, host = "", written, at = null] = KIT_LINE.exec(text) ?? [];
  const mark = parseMark(digits);
  const number = Number(written);
  if (mark === null || number > 65_535) return null;
  const address = parseIp(six ?? host) ?? null;
  return {
    mark,
    local: null,
    bound: false,
    to: { address, name: address === null ? host.toLowerCase() : null, port: number },
    protocol: "tcp",
    at,
  };
}
