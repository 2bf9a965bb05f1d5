import type { Names } from "../columns.ts";
import { type Global, instanceOf, PAGE, type WasmMemory } from "../web-assembly.ts";
import { SCAN_MODULE } from "./scan-module.ts";

/** What a value between constants is, and is read as. */
export type Kind = "text" | "number" | "quad" | "port-text" | "port-number" | "stamp" | "word";

const KINDS: readonly Kind[] = ["text", "number", "quad", "port-text", "port-number", "stamp", "word"];

/** What `wasm/scan.ts` exports: places in memory, and functions that take such. */
interface Scan {
  readonly memory: WasmMemory;
  readonly layouts: Global;
  readonly LAYOUT_BYTES: Global;
  readonly LAYOUTS: Global;
  readonly found: Global;
  readonly VALUES: Global;
  readonly ROWS: Global;
  readonly CELLS: Global;
  readonly cells: Global;
  readonly lines: Global;
  readonly rows: Global;
  readonly stop: Global;
  scan(layout: number, from: number, end: number, limit: number): number;
  addWord(start: number, end: number, code: number): void;
}

/** Of a value that was found: start, end, and what it was read as. */
export const FOUND = 3;
const MINUTE = 16;
const VECTOR = 16;
const HEAD_BYTES = 16;
const PART_BYTES = 32;
const SLOTS = 1 << 12;

/**
 * Compares lines with layouts, sixteen bytes at a time, and reads what stands between. Lines lie in its own memory:
 * `room` gives it. One for all that is read into the same names.
 */
export class Scanner {
  readonly names: Names;
  readonly #scan: Scan;
  readonly #free: number[];
  /** Lines whose values lie in `cells` at a time. */
  readonly rowsAtOnce: number;
  #bytes: Buffer;
  #found: Int32Array;
  #cells: Int32Array;
  readonly #pairs = new Map<number, number>();
  /** The pair that was asked for last of those whose first is in the same slot: a first, a second, their code. */
  readonly #recent = new Int32Array(SLOTS * 3).fill(-1);

  constructor(names: Names) {
    this.names = names;
    this.#scan = instanceOf<Scan>(SCAN_MODULE);
    const { layouts, LAYOUTS, LAYOUT_BYTES, ROWS } = this.#scan;
    this.#free = Array.from({ length: LAYOUTS.value }, (_, index) => layouts.value + index * LAYOUT_BYTES.value);
    this.rowsAtOnce = ROWS.value;
    [this.#bytes, this.#found, this.#cells] = this.#views();
  }

  /** Of each value of the line that was looked at last, one after the other, `FOUND` numbers. Not to be kept. */
  get found(): Int32Array {
    return this.#found;
  }

  /** What the values of all lines that were read were read as: `rowsAtOnce` of the first one, then of the next. Not to be kept. */
  get cells(): Int32Array {
    return this.#cells;
  }

  /** How many lines were read last. */
  get rows(): number {
    return this.#scan.rows.value;
  }

  /** Memory for lines, at least so much; what was in it stays. Memory that was given before is not to be used again. */
  room(atLeast: number): Buffer {
    const from = this.#scan.lines.value;
    const missing = from + atLeast + VECTOR - this.#bytes.length;
    if (missing > 0) {
      this.#scan.memory.grow(Math.ceil(missing / PAGE));
      [this.#bytes, this.#found, this.#cells] = this.#views();
    }
    return this.#bytes.subarray(from, this.#bytes.length - VECTOR);
  }

  /** The same bytes in its own memory. */
  own(bytes: Buffer): Buffer {
    if (bytes.buffer === this.#bytes.buffer) return bytes;
    const room = this.room(bytes.length);
    room.set(bytes);
    return room.subarray(0, bytes.length);
  }

  /**
   * Takes in what stands between values.
   *
   * @param between one more than there are values
   * @returns where it is; null: there is no room for it
   */
  place(kinds: readonly Kind[], between: readonly Uint8Array[]): number | null {
    const { LAYOUT_BYTES, VALUES } = this.#scan;
    const constants = between.reduce((sum, { length }) => sum + VECTOR + vectors(length), 0);
    const head = HEAD_BYTES + between.length * PART_BYTES;
    const stamps = kinds.filter((kind) => kind === "stamp").length * MINUTE;
    if (kinds.length > VALUES.value || head + stamps + constants > LAYOUT_BYTES.value) return null;
    const layout = this.#free.pop();
    if (layout === undefined) return null;
    const numbers = new Int32Array(this.#bytes.buffer, layout, head / 4).fill(0);
    numbers[0] = kinds.length;
    let minute = layout + head;
    let constant = minute + stamps;
    this.#bytes.fill(0, minute, constant + constants);
    for (const [index, bytes] of between.entries()) {
      const kind = kinds[index] ?? "text";
      const length = vectors(bytes.length);
      const ofPart = [constant, bytes.length, length, KINDS.indexOf(kind), kind === "stamp" ? minute : 0];
      numbers.set(ofPart, (HEAD_BYTES + index * PART_BYTES) / 4);
      const behind = constant + VECTOR;
      this.#bytes.fill(255, behind - 1 - ((bytes.length - 1) % VECTOR), behind);
      this.#bytes.set(bytes, behind + length - bytes.length);
      constant = behind + length;
      if (kind === "stamp") minute += MINUTE;
    }
    return layout;
  }

  /** Its memory is given to another. */
  forget(layout: number): void {
    this.#free.push(layout);
  }

  /**
   * Reads lines that are laid out so, and whose values are plain, into `cells`: at most as many as given.
   *
   * @returns where the next one begins
   */
  scan(layout: number, bytes: Buffer, from: number, limit: number): number {
    const { byteOffset, length } = bytes;
    return this.#scan.scan(layout, byteOffset + from, byteOffset + length, limit) - byteOffset;
  }

  /** Where the next line ends, if it is laid out so, and not all of its values are plain: `found` has them; -1: it is not. */
  stopIn({ byteOffset }: Buffer): number {
    const stop = this.#scan.stop.value;
    return stop === -1 ? -1 : stop - byteOffset;
  }

  /** @param value its place in `found` */
  textAt(value: number): string {
    return this.#bytes.toString("utf8", this.#found[value], this.#found[value + 1]);
  }

  /** The code of a name, which is known from then on. */
  codeAt(value: number): number {
    const code = this.#found[value + 2] ?? -1;
    if (code !== -1) return code;
    const added = this.names.codeOf(this.textAt(value));
    this.#scan.addWord(this.#found[value] ?? 0, this.#found[value + 1] ?? 0, added);
    return added;
  }

  /** The minute of a stamp is what others of its place are compared with. */
  setMinute(layout: number, index: number): void {
    const minute = new Int32Array(this.#bytes.buffer, layout)[(HEAD_BYTES + index * PART_BYTES) / 4 + 4] ?? 0;
    const from = this.#found[index * FOUND] ?? 0;
    this.#bytes.copyWithin(minute, from, from + MINUTE);
  }

  /** Of `first/second`. */
  codeOfPair(first: number, second: number): number {
    const slot = (first & (SLOTS - 1)) * 3;
    const recent = this.#recent;
    if (recent[slot] === first && recent[slot + 1] === second) return recent[slot + 2] ?? 0;
    const code = this.#pairOf(first, second);
    recent[slot] = first;
    recent[slot + 1] = second;
    recent[slot + 2] = code;
    return code;
  }

  #pairOf(first: number, second: number): number {
    const key = first * 4_294_967_296 + second;
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    const code = this.names.codeOf(`${this.names.list[first] ?? ""}/${this.names.list[second] ?? ""}`);
    this.#pairs.set(key, code);
    return code;
  }

  #views(): [Buffer, Int32Array, Int32Array] {
    const { memory, found, VALUES, cells, CELLS, ROWS } = this.#scan;
    const numbers = (at: number, count: number): Int32Array => new Int32Array(memory.buffer, at, count);
    const ofLine = numbers(found.value, VALUES.value * FOUND);
    return [Buffer.from(memory.buffer), ofLine, numbers(cells.value, CELLS.value * ROWS.value)];
  }
}

/** Constants are read sixteen bytes at a time. */
const vectors = (length: number): number => Math.ceil(length / VECTOR) * VECTOR;
