import type { Part } from "./part.ts";
import { type Cutter, cutterOf, type Pieces } from "./pieces.ts";
import type { Fault, Tell, Texts } from "./runtime.ts";
import { readPax, readTarHeader, type Said, type TarHeader, wordOf } from "./tar-header.ts";

const BLOCK_BYTES = 512;
/** Of a long name or what pax says: a path has no more than a few thousand bytes. */
const MOST_SAID_BYTES = 1_000_000;

/** `7`, a contiguous file, is one like others. */
const FILES = ["0", "7"];
/** Links, devices, folders and pipes have no content, whatever their size says. */
const WITHOUT_CONTENT = ["1", "2", "3", "4", "5", "6"];

/** Of the member after it: what pax says, and GNU's long names. */
const OF_THE_NEXT = ["x", "g", "L", "K"];

class Broken extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault);
    this.fault = fault;
  }
}

/**
 * The members of a tar (ustar, pax and GNU's long names) as they come. What is no file is passed over: a link's content is
 * in the archive by itself or not at all.
 */
export async function* tarParts(pieces: Pieces, texts: Texts, tell: Tell): AsyncGenerator<Part> {
  const bytes = cutterOf(pieces);
  try {
    yield* membersIn(bytes, texts);
    // What it is packed in may be found cut or damaged only at its own end.
    for (let rest = await bytes.some(ALL); rest !== null; rest = await bytes.some(ALL)) yield passed(rest.length);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    tell(error.fault);
  } finally {
    await bytes.end();
  }
}

const ALL = Number.POSITIVE_INFINITY;

const passed = (length: number): Part => ({ kind: "passed", length });

async function* membersIn(bytes: Cutter, texts: Texts): AsyncGenerator<Part> {
  for (let said: Said = {}; ; ) {
    const header = await headerIn(bytes, texts);
    if (header === null) return;
    yield passed(BLOCK_BYTES);
    if (OF_THE_NEXT.includes(header.type)) {
      said = { ...said, ...(await saidBy(header, bytes, texts)) };
      yield passed(header.sizeBytes);
    } else {
      yield* memberOf({ ...header, ...said }, bytes);
      said = {};
    }
  }
}

async function* memberOf({ path, type, sizeBytes }: TarHeader, bytes: Cutter): AsyncGenerator<Part> {
  const contentBytes = WITHOUT_CONTENT.includes(type) ? 0 : sizeBytes;
  const isFile = FILES.includes(type);
  if (isFile) yield { kind: "member", path };
  for (let left = contentBytes; left > 0; ) {
    const content = there(await bytes.some(left));
    left -= content.length;
    yield isFile ? { kind: "bytes", bytes: content } : passed(content.length);
  }
  there(await bytes.exactly(paddingOf(contentBytes)));
}

function there(bytes: Uint8Array | null): Uint8Array {
  if (bytes === null) throw new Broken("cut");
  return bytes;
}

const paddingOf = (sizeBytes: number): number => (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;

/** null: two blocks of zeros, which are the end. */
async function headerIn(bytes: Cutter, texts: Texts): Promise<TarHeader | null> {
  const block = there(await bytes.exactly(BLOCK_BYTES));
  if (isZero(block) && isZero(there(await bytes.exactly(BLOCK_BYTES)))) return null;
  return sound(readTarHeader(block, texts));
}

const isZero = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

function sound<T>(read: T | null): T {
  if (read === null) throw new Broken("damaged");
  return read;
}

async function saidBy({ type, sizeBytes }: TarHeader, bytes: Cutter, texts: Texts): Promise<Said> {
  if (sizeBytes > MOST_SAID_BYTES) throw new Broken("damaged");
  const content = there(await bytes.exactly(sizeBytes + paddingOf(sizeBytes))).subarray(0, sizeBytes);
  if (type === "x") return sound(readPax(content, texts));
  // Where a link leads, and what holds for all members, is of no use here.
  return type === "L" ? { path: wordOf(content, texts) } : {};
}
