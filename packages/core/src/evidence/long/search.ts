import { joined } from "../../documents/bytes.ts";
import { readAnyEvidence } from "../read.ts";
import { recogniseEvidence } from "../recognise.ts";
import { countLines } from "./batches.ts";
import type { LongLog, LongLogOptions, ReadLog } from "./index.ts";

const LINE_END = 10;
/** No more than is looked at when a kind is told. */
const PART_BYTES = 1 << 20;

/**
 * A long text that begins with nothing known: a system's log in which a server speaks up later, or what is no evidence at
 * all. What tells nothing is passed over; from the first part that is a log on it is read as one.
 */
export class Search implements LongLog {
  readonly #options: LongLogOptions;
  readonly #open: (head: string) => LongLog | null;
  #found: LongLog | null = null;
  #rest: Uint8Array = new Uint8Array();
  #linesBefore = 0;

  /** @param open what reads a log that begins so; null: it is to be read as a whole */
  constructor(options: LongLogOptions, open: (head: string) => LongLog | null) {
    this.#options = options;
    this.#open = open;
  }

  readonly push = async (chunk: Uint8Array): Promise<boolean> =>
    this.#found === null ? this.#search(joined([this.#rest, chunk])) : this.#found.push(chunk);

  async #search(bytes: Uint8Array): Promise<boolean> {
    let at = 0;
    while (this.#found === null && bytes.length - at >= PART_BYTES) {
      const end = bytes.lastIndexOf(LINE_END, at + PART_BYTES - 1) + 1;
      const part = bytes.subarray(at, end > at ? end : at + PART_BYTES);
      if (!(await this.#look(part))) return false;
      at += part.length;
    }
    if (this.#found !== null) return this.#found.push(bytes.subarray(at));
    this.#rest = bytes.slice(at);
    return true;
  }

  /** @returns false: it is of a kind that is read as a whole */
  async #look(part: Uint8Array): Promise<boolean> {
    // Behind a line of its own: an object that a part happens to begin with makes no JSON of the rest.
    const head = `-\n${this.#options.textOf(part) ?? ""}`;
    if (recogniseEvidence(head) === "unknown") {
      this.#linesBefore += countLines(part);
      return true;
    }
    const log = this.#open(head);
    this.#found = log;
    return log !== null && (await log.push(part));
  }

  readonly end = async (): Promise<ReadLog | null> => {
    const { file, hint } = this.#options;
    if (this.#found === null && !(await this.#look(this.#rest))) return null;
    if (this.#found === null) return { evidence: await readAnyEvidence("", file, { vantage: hint }), marked: [] };
    const read = await this.#found.end();
    return read === null ? null : this.#moved(read);
  };

  #moved({ evidence, marked }: ReadLog): ReadLog {
    const moved = <T extends { readonly line: number | null }>(one: T): T =>
      one.line === null ? one : { ...one, line: one.line + this.#linesBefore };
    return {
      evidence: {
        ...evidence,
        observations: evidence.observations.map(moved),
        problems: evidence.problems.map(moved),
      },
      marked: marked.map((line) => ({ ...line, number: line.number + this.#linesBefore })),
    };
  }
}
