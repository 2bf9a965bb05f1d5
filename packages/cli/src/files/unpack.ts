import { setImmediate as turn } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { Unzip, UnzipInflate } from "fflate";
import { createTarDecoder } from "modern-tar";
import { type Packing, packingOf } from "./packing.ts";
import { type Pieces, withHead } from "./pieces.ts";

/** An archive in the order it is written. A `fault` is the last of it, or of one member. */
export type Part =
  | { readonly kind: "member"; readonly path: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "fault"; readonly fault: Fault };

/** `damaged`: not what was packed, or locked with a password. */
export type Fault = "cut" | "damaged";

type Tell = (fault: Fault) => void;

/** Expanded at once, so that no more than a thousand times as much is in memory. */
const SLICE_BYTES = 16_384;

/** Where a file that is packed by itself has no name, the path is empty. Never throws for what the bytes are. */
export async function* partsOf(packing: Packing, pieces: Pieces): AsyncGenerator<Part> {
  const faults: Fault[] = [];
  const tell = (fault: Fault): void => void faults.push(fault);
  yield* packing === "zip"
    ? zipParts(pieces, tell)
    : packing === "tar"
      ? tarParts(pieces, tell)
      : gzipParts(pieces, tell);
  const [first] = faults;
  if (first !== undefined) yield { kind: "fault", fault: first };
}

async function* gzipParts(pieces: Pieces, tell: Tell): AsyncGenerator<Part> {
  const inside = await withHead(gunzipped(pieces, tell));
  if (packingOf(inside.head) === "tar") {
    yield* tarParts(inside.pieces, tell);
    return;
  }
  if (inside.head.length > 0) yield { kind: "member", path: "" };
  for await (const bytes of inside.pieces) yield { kind: "bytes", bytes };
}

/** Not piped: a stream that fails throws away what it has expanded before. */
async function* gunzipped(pieces: Pieces, tell: Tell): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const ready: Uint8Array[] = [];
  const failures: unknown[] = [];
  gunzip.on("data", (bytes: Uint8Array) => void ready.push(bytes));
  const failed = new Promise<void>((resolve) => {
    gunzip.on("error", (error) => {
      failures.push(error);
      resolve();
    });
  });
  try {
    for await (const slice of slicesOf(pieces)) {
      // What failed calls nobody back.
      await Promise.race([failed, new Promise((resolve) => gunzip.write(slice, resolve))]);
      yield* ready.splice(0);
      if (failures.length > 0) break;
    }
    if (failures.length === 0)
      await Promise.race([failed, new Promise((resolve) => gunzip.once("end", resolve).end())]);
    yield* ready.splice(0);
    for (const failure of failures) tell(isCut(failure) ? "cut" : "damaged");
  } finally {
    gunzip.destroy();
  }
}

const isCut = (failure: unknown): boolean =>
  failure instanceof Error && "code" in failure && failure.code === "Z_BUF_ERROR";

async function* slicesOf(pieces: Pieces): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES);
}

/** Links and devices are passed over: a link's content is in the archive by itself or not at all. */
async function* tarParts(pieces: Pieces, tell: Tell): AsyncGenerator<Part> {
  const decoder = createTarDecoder({ strict: true });
  const entries = decoder.readable.getReader();
  const taker = { waits: false };
  const feeding = feed(decoder.writable.getWriter(), pieces, taker);
  const take = async <T>(read: Promise<T>): Promise<T> => {
    taker.waits = true;
    const taken = await read;
    taker.waits = false;
    return taken;
  };
  try {
    for (;;) {
      const entry = await take(entries.read());
      if (entry.done) return;
      const { header, body } = entry.value;
      if (header.type !== undefined && header.type !== "file") continue;
      yield { kind: "member", path: header.name };
      const content = body.getReader();
      for (let piece = await take(content.read()); !piece.done; piece = await take(content.read()))
        yield { kind: "bytes", bytes: piece.value };
    }
  } catch (error) {
    tell(error instanceof Error && error.message.includes("truncated") ? "cut" : "damaged");
  } finally {
    await entries.cancel().catch(() => undefined);
    await feeding;
  }
}

/** The decoder throws away what it still holds when told that nothing more comes: that has to be taken before. */
async function feed(
  writer: { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> },
  pieces: Pieces,
  taker: { readonly waits: boolean },
): Promise<void> {
  try {
    for await (const piece of pieces) await writer.write(new Uint8Array(piece));
    do await turn();
    while (!taker.waits);
    await writer.close();
  } catch {
    // Whoever takes the entries is told.
  }
}

/** Read from the front, so that one that is cut gives what it has; its directory is at the end. */
async function* zipParts(pieces: Pieces, tell: Tell): AsyncGenerator<Part> {
  const parts: Part[] = [];
  const unzip = new Unzip((member) => {
    parts.push({ kind: "member", path: member.name });
    member.ondata = (error, bytes) => {
      if (error !== null) tell("damaged");
      else if (bytes.length > 0) parts.push({ kind: "bytes", bytes });
    };
    member.start();
  });
  unzip.register(UnzipInflate);
  let tail: Uint8Array = new Uint8Array();
  try {
    for await (const slice of slicesOf(pieces)) {
      unzip.push(new Uint8Array(slice));
      yield* parts.splice(0);
      tail = Buffer.concat([tail, slice]).subarray(-LONGEST_END_BYTES);
    }
    unzip.push(new Uint8Array(), true);
    yield* parts.splice(0);
    if (!Buffer.from(tail).includes(END_OF_ZIP, 0, "latin1")) tell("cut");
  } catch {
    tell(Buffer.from(tail).includes(END_OF_ZIP, 0, "latin1") ? "damaged" : "cut");
  }
}

const END_OF_ZIP = "PK\x05\x06";
/** With the longest comment. */
const LONGEST_END_BYTES = 22 + 65_535;
