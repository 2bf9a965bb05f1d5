import type { ConfigDocument } from "../clouds/document.ts";
import type { ListReader, TextsOf } from "./list-reader.ts";

export const textsOf: TextsOf = (bytes) => (from, to) => Buffer.from(bytes.subarray(from, to)).toString("utf8");

/** A text in pieces of so many letters; null: it was not read. */
export function inPieces(reader: ListReader, text: string, letters: number): readonly ConfigDocument[] | null {
  for (let at = 0; at < text.length; at += letters) reader.push(Buffer.from(text.slice(at, at + letters)));
  return reader.end();
}
