import { joined } from "../../documents/bytes.ts";
import { ListReader } from "../../documents/list-reader.ts";
import { markIn } from "../../witness/mark.ts";
import type { Line } from "../lines.ts";
import { readAnyEvidence } from "../read.ts";
import type { LongLog, LongLogOptions, ReadLog } from "./index.ts";
import { MOST_MARKED } from "./mark-bytes.ts";
import { Merged } from "./merge.ts";
import * as problem from "./problems.ts";

const PART_ELEMENTS = 5000;
const PART_LETTERS = 1_000_000;

/** Azure's logs of a storage account; CloudTrail; spans of OpenTelemetry. */
const ENVELOPES = ["records", "Records", "resourceSpans"];

const LINE_END = 10;

/** A long log of JSON objects, in a list or one after another, on one line or many, read a few thousand at a time. */
export class JsonBatches implements LongLog {
  readonly #options: LongLogOptions;
  readonly #merged = new Merged();
  readonly #list: ListReader;
  readonly #marked: Line[] = [];
  #elements: { readonly text: string; readonly line: number }[] = [];
  #letters = 0;
  #rest: Uint8Array = new Uint8Array();
  #count = 0;

  constructor(options: LongLogOptions) {
    this.#options = options;
    this.#list = new ListReader(options.file, {
      textsOf: (bytes) => (from, to) => options.textOf(bytes.subarray(from, to)) ?? "",
      kept: (value, line, envelope) => {
        this.#add(JSON.stringify(envelope === null ? value : { [envelope]: [value] }), line);
        return undefined;
      },
      envelopes: ENVELOPES,
    });
  }

  #add(text: string, line: number): void {
    this.#elements.push({ text, line });
    this.#letters += text.length;
    this.#count += 1;
    if (this.#marked.length < MOST_MARKED && markIn(text) !== null) this.#marked.push({ number: line, text });
  }

  readonly push = async (chunk: Uint8Array): Promise<boolean> => {
    const bytes = this.#rest.length === 0 ? chunk : joined([this.#rest, chunk]);
    const end = bytes.lastIndexOf(LINE_END) + 1 || wholeLetters(bytes);
    this.#rest = bytes.slice(end);
    if (!this.#list.push(bytes.subarray(0, end))) return false;
    if (this.#elements.length >= PART_ELEMENTS || this.#letters >= PART_LETTERS) await this.#read();
    return true;
  };

  readonly end = async (): Promise<ReadLog | null> => {
    if (!this.#list.push(this.#rest)) return null;
    if (!this.#list.isWhole()) return null;
    await this.#read();
    const { file } = this.#options;
    const evidence = this.#merged.of(file);
    const { leftOut } = this.#merged;
    const problems = [
      ...evidence.problems,
      problem.inParts(file),
      ...(leftOut === 0 ? [] : [problem.leftOut(file, leftOut, this.#count)]),
    ];
    return { evidence: { ...evidence, problems }, marked: this.#marked };
  };

  async #read(): Promise<void> {
    if (this.#elements.length === 0) return;
    const elements = this.#elements;
    this.#elements = [];
    this.#letters = 0;
    const text = `[${elements.map((element) => element.text).join(",\n")}]`;
    const { file, hint } = this.#options;
    this.#merged.add(await readAnyEvidence(text, file, { vantage: hint }), (line) => elements[line - 1]?.line ?? line);
  }
}

/** A letter of UTF-8 has up to four bytes, of which all but the first begin with the bits 10. */
function wholeLetters(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return ((bytes[end - 1] ?? 0) & 0x80) === 0 ? bytes.length : end - 1;
}
