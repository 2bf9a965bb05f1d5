import type { ConfigDocument } from "../clouds/document.ts";
import { joined } from "../documents/bytes.ts";
import type { Wanted } from "../evidence/capture/flows.ts";
import type { CaptureReader, Counted as CountedCapture } from "../evidence/capture/index.ts";
import { isCapture } from "../evidence/capture/magic.ts";
import type { LongLog, ReadLog } from "../evidence/long/index.ts";
import type { VantageHint } from "../evidence/observation.ts";
import { openCapture, openLongLog } from "../intake/intake.ts";
import type { Problem } from "../problem.ts";
import { decode } from "./decode.ts";
import * as problem from "./problems.ts";
import type { Texts } from "./runtime.ts";

export type LoadedFile = { readonly name: string } & Content;

/** A packet capture and a long log are read while they arrive, of a long export each element is; all else is text. */
export type Content =
  | { readonly text: string }
  | { readonly capture: CountedCapture }
  | { readonly documents: readonly ConfigDocument[] }
  | { readonly log: ReadLog };

/** What those who read are told: by the question, and by the runtime that they run in. */
export interface Reading {
  readonly texts: Texts;
  /** Given: long logs are read while they arrive, with what the user says of where each was taken. */
  readonly vantageOf?: (file: string) => VantageHint | null;
  /** The destination in question, which no limit of a capture may cut off. */
  readonly wanted?: Wanted | null;
  /** WebAssembly may be compiled, which the policy of a page forbids: long captures are then read faster. */
  readonly mayCompile?: boolean;
  /** Called when all was read and there is much to tell of it: what reading left behind may be collected. */
  readonly onMuchToTell?: () => void;
}

/** What came of one path: of an archive the files in it, of anything else one file or none. */
export interface Loaded {
  readonly files: readonly LoadedFile[];
  readonly problems: readonly Problem[];
}

/** What came of a file's pieces: of a packet capture its counts, of a long log what it says, of all else the bytes. */
export type Gathered =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "capture"; readonly capture: CountedCapture }
  | { readonly kind: "log"; readonly log: ReadLog }
  /** It began as a log and went on as something else. */
  | { readonly kind: "not-in-parts" }
  | { readonly kind: "too-large" };

export interface Gathering {
  push(piece: Uint8Array): Promise<void>;
  /** Of a capture and a long log none, whatever its size. */
  keptBytes(): number;
  /** Nothing more has to be pushed: it is too large, or not what it began as. */
  isOver(): boolean;
  end(): Promise<Gathered>;
}

/** Enough to tell a capture from a text. */
const SIGN_BYTES = 4;

/** A log is not kept as a whole beyond this; of what begins it, this much tells what it is. */
const LONG_BYTES = 8_000_000;
const LOG_HEAD_BYTES = 65_536;
/** Of hosts in a capture: so many take more memory to tell than to read. */
const MANY_PAIRS = 5000;

/**
 * The pieces of one file put together; whoever gave one may use its memory again.
 *
 * @param expectedBytes of the file, 0 where nobody knows
 */
export function gathering(name: string, limitBytes: number, reading: Reading, expectedBytes = 0): Gathering {
  const kept: Uint8Array[] = [];
  let capture: CaptureReader | null = null;
  let log: LongLog | null = null;
  let isMixed = false;
  let bytes = 0;
  const isTooLarge = (): boolean =>
    capture === null && log === null && (bytes > limitBytes || (expectedBytes > limitBytes && bytes >= LONG_BYTES));
  const pushLog = async (to: LongLog, piece: Uint8Array): Promise<void> => {
    isMixed = !(await to.push(piece));
  };
  const push = async (piece: Uint8Array): Promise<void> => {
    const before = bytes;
    bytes += piece.length;
    if (capture !== null) capture.push(piece);
    else if (log !== null) await pushLog(log, piece);
    else kept.push(new Uint8Array(piece));
    // A pipe may begin with a single byte.
    if (before < SIGN_BYTES && bytes >= SIGN_BYTES) {
      const head = joined(kept);
      capture = isCapture(head) ? await openCapture(reading.wanted, reading.mayCompile) : null;
      capture?.push(head);
    }
    if (capture === null && before < LONG_BYTES && bytes >= LONG_BYTES) {
      log = await longLogOf(kept, name, reading);
      if (log !== null) for (const one of kept) if (!isMixed) await pushLog(log, one);
    }
    if (capture !== null || log !== null || isTooLarge()) kept.length = 0;
  };
  const end = async (): Promise<Gathered> => {
    if (capture !== null) {
      const counted = capture.end();
      if (counted.pairs > MANY_PAIRS) reading.onMuchToTell?.();
      return { kind: "capture", capture: counted };
    }
    if (isTooLarge()) return { kind: "too-large" };
    if (log === null) return { kind: "bytes", bytes: joined(kept) };
    reading.onMuchToTell?.();
    const read = isMixed ? null : await log.end();
    return read === null ? { kind: "not-in-parts" } : { kind: "log", log: read };
  };
  return { push, end, isOver: () => isMixed || isTooLarge(), keptBytes: () => (kept.length === 0 ? 0 : bytes) };
}

async function longLogOf(
  kept: readonly Uint8Array[],
  file: string,
  { vantageOf, texts }: Reading,
): Promise<LongLog | null> {
  if (vantageOf === undefined) return null;
  // Logs hold what clients sent: bytes that are no UTF-8 are replaced, and nothing that is read of a line rests on them.
  const textOf = (bytes: Uint8Array): string => texts.loosely("utf-8", bytes);
  const head = textOf(joined(kept).subarray(0, LOG_HEAD_BYTES));
  // UTF-16, which has a zero in every letter of a log, is read as a whole.
  if (head.includes("\0")) return null;
  return await openLongLog(head, { file, hint: vantageOf(file), textOf });
}

export function loadedFrom(gathered: Gathered, name: string, limitBytes: number, texts: Texts): Loaded {
  switch (gathered.kind) {
    case "capture":
      return { files: [{ name, capture: gathered.capture }], problems: [] };
    case "log":
      return { files: [{ name, log: gathered.log }], problems: [] };
    case "not-in-parts":
      return { files: [], problems: [problem.notInParts(name)] };
    case "too-large":
      return { files: [], problems: [problem.tooLarge(name, limitBytes)] };
    case "bytes": {
      const decoded = decode(gathered.bytes, name, texts);
      return {
        files: decoded.kind === "text" ? [{ name, text: decoded.text }] : [],
        problems: decoded.problem === null ? [] : [decoded.problem],
      };
    }
    default:
      return gathered satisfies never;
  }
}
