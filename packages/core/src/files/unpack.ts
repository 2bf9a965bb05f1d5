import { PACKING_HEAD_BYTES, type Packing, packingOf } from "./packing.ts";
import type { Part } from "./part.ts";
import { type Pieces, withHead } from "./pieces.ts";
import type { Fault, Gunzip, Tell, Texts } from "./runtime.ts";
import { tarParts } from "./tar.ts";
import { zipParts } from "./zip.ts";

/** Where a file that is packed by itself has no name, the path is empty. Never throws for what the bytes are. */
export async function* partsOf(packing: Packing, pieces: Pieces, texts: Texts, gunzip: Gunzip): AsyncGenerator<Part> {
  const faults: Fault[] = [];
  const tell = (fault: Fault): void => void faults.push(fault);
  yield* packing === "zip"
    ? zipParts(pieces, tell)
    : packing === "tar"
      ? tarParts(pieces, texts, tell)
      : gzipParts(gunzip(pieces, tell), texts, tell);
  const [first] = faults;
  if (first !== undefined) yield { kind: "fault", fault: first };
}

async function* gzipParts(expanded: Pieces, texts: Texts, tell: Tell): AsyncGenerator<Part> {
  const inside = await withHead(expanded, PACKING_HEAD_BYTES);
  if (packingOf(inside.head) === "tar") {
    yield* tarParts(inside.pieces, texts, tell);
    return;
  }
  if (inside.head.length > 0) yield { kind: "member", path: "" };
  for await (const bytes of inside.pieces) yield { kind: "bytes", bytes };
}
