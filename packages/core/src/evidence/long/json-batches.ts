import { ListReader } from "../../documents/list-reader.ts";
import type { Evidence } from "../observation.ts";
import { readAnyEvidence } from "../read.ts";
import type { LongLog, LongLogOptions } from "./index.ts";
import { Merged } from "./merge.ts";
import * as problem from "./problems.ts";

const PART_ELEMENTS = 5000;

const LINE_END = 10;

/** A long log of JSON objects, in a list or one after another, read a few thousand at a time. */
export class JsonBatches implements LongLog {
  readonly #options: LongLogOptions;
  readonly #merged = new Merged();
  readonly #list: ListReader;
  #elements: { readonly text: string; readonly line: number }[] = [];
  #rest: Uint8Array = new Uint8Array();
  #count = 0;

  constructor(options: LongLogOptions) {
    this.#options = options;
    this.#list = new ListReader(options.file, {
      textsOf: (bytes) => (from, to) => options.textOf(bytes.subarray(from, to)) ?? "",
      kept: (value, line) => {
        this.#elements.push({ text: JSON.stringify(value), line });
        this.#count += 1;
        return undefined;
      },
    });
  }

  readonly push = async (chunk: Uint8Array): Promise<boolean> => {
    const end = chunk.lastIndexOf(LINE_END) + 1;
    if (end === 0) return this.#wait(chunk);
    const lines = joined(this.#rest, chunk.subarray(0, end));
    this.#rest = chunk.slice(end);
    if (!this.#list.push(lines)) return false;
    if (this.#elements.length >= PART_ELEMENTS) await this.#read();
    return true;
  };

  /** A list on one line is none of the logs that are read in parts. */
  #wait(chunk: Uint8Array): boolean {
    this.#rest = joined(this.#rest, chunk);
    return this.#rest.length < 8_000_000;
  }

  readonly end = async (): Promise<Evidence | null> => {
    if (!this.#list.push(this.#rest)) return null;
    if (!this.#list.isWhole()) return null;
    await this.#read();
    const { file } = this.#options;
    const evidence = this.#merged.of(file);
    const { leftOut } = this.#merged;
    return {
      ...evidence,
      problems: [
        ...evidence.problems,
        problem.inParts(file),
        ...(leftOut === 0 ? [] : [problem.leftOut(file, leftOut, this.#count)]),
      ],
    };
  };

  async #read(): Promise<void> {
    if (this.#elements.length === 0) return;
    const elements = this.#elements;
    this.#elements = [];
    const text = `[${elements.map((element) => element.text).join(",\n")}]`;
    const { file, hint } = this.#options;
    this.#merged.add(await readAnyEvidence(text, file, { vantage: hint }), (line) => elements[line - 1]?.line ?? line);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
