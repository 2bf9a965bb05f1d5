import type { Part } from "./part.ts";
import { type Cutter, cutterOf, type Pieces } from "./pieces.ts";
import type { Tell, Texts } from "./runtime.ts";
import { readPax, readTarHeader, type Said, type TarHeader, wordOf } from "./tar-header.ts";

const BLOCK_BYTES = 512;
/** Of a long name or what pax says: a path has no more than a few thousand bytes. */
const MOST_SAID_BYTES = 1_000_000;

/** `7`, a contiguous file, is one like others. */
const FILES = ["0", "7"];
/** Links, devices, folders and pipes have no content, whatever their size says. */
const WITHOUT_CONTENT = ["1", "2", "3", "4", "5", "6"];

/**
 * The members of a tar (ustar, pax and GNU's long names) as they come. What is no file is passed over: a link's content is
 * in the archive by itself or not at all.
 */
export async function* tarParts(pieces: Pieces, texts: Texts, tell: Tell): AsyncGenerator<Part> {
  const bytes = cutterOf(pieces);
  try {
    for (let said: Said = {}; ; ) {
      const header = await headerIn(bytes, texts);
      if (typeof header === "string") {
        if (header !== "end") tell(header);
        // What it is packed in may be found cut or damaged only at its own end.
        else for (let rest = await bytes.some(ALL); rest !== null; rest = await bytes.some(ALL)) yield passed(rest);
        return;
      }
      const next = await saidBy(header, bytes, texts);
      if (typeof next === "string") {
        tell(next);
        return;
      }
      if (next !== null) {
        said = { ...said, ...next };
        continue;
      }
      const sizeBytes = WITHOUT_CONTENT.includes(header.type) ? 0 : (said.sizeBytes ?? header.sizeBytes);
      const isFile = FILES.includes(header.type);
      if (isFile) yield { kind: "member", path: said.path ?? header.path };
      said = {};
      for (let left = sizeBytes; left > 0; ) {
        const content = await bytes.some(left);
        if (content === null) {
          tell("cut");
          return;
        }
        left -= content.length;
        yield isFile ? { kind: "bytes", bytes: content } : passed(content);
      }
      if ((await bytes.exactly(paddingOf(sizeBytes))) === null) {
        tell("cut");
        return;
      }
    }
  } finally {
    await bytes.end();
  }
}

const ALL = Number.POSITIVE_INFINITY;

const passed = ({ length }: Uint8Array): Part => ({ kind: "passed", length });

const paddingOf = (sizeBytes: number): number => (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;

/** Two blocks of zeros are the end. */
async function headerIn(bytes: Cutter, texts: Texts): Promise<TarHeader | "end" | "cut" | "damaged"> {
  const block = await bytes.exactly(BLOCK_BYTES);
  if (block === null) return "cut";
  if (!isZero(block)) return readTarHeader(block, texts) ?? "damaged";
  const second = await bytes.exactly(BLOCK_BYTES);
  if (second === null) return "cut";
  return isZero(second) ? "end" : "damaged";
}

const isZero = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

/** What a header says of the member after it; null: it is that of a member. */
async function saidBy(
  { type, sizeBytes }: TarHeader,
  bytes: Cutter,
  texts: Texts,
): Promise<Said | null | "cut" | "damaged"> {
  if (!["x", "g", "L", "K"].includes(type)) return null;
  if (sizeBytes > MOST_SAID_BYTES) return "damaged";
  const content = await bytes.exactly(sizeBytes + paddingOf(sizeBytes));
  if (content === null) return "cut";
  const text = content.subarray(0, sizeBytes);
  if (type === "x") return readPax(text, texts) ?? "damaged";
  // Where a link leads, and what holds for all members, is of no use here.
  return type === "L" ? { path: wordOf(text, texts) } : {};
}
