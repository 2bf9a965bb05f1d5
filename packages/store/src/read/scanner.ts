import type { Names } from "../columns.ts";
import { SCAN_MODULE } from "./scan-module.ts";

/** What a value between constants is, and is read as. */
export type Kind = "text" | "number" | "quad" | "port-text" | "port-number" | "stamp" | "word";

const KINDS: readonly Kind[] = ["text", "number", "quad", "port-text", "port-number", "stamp", "word"];

/** What `wasm/scan.ts` exports: places in memory, and functions that take such. */
interface Scan {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly layouts: { readonly value: number };
  readonly LAYOUT_BYTES: { readonly value: number };
  readonly LAYOUTS: { readonly value: number };
  readonly found: { readonly value: number };
  readonly VALUES: { readonly value: number };
  readonly lines: { readonly value: number };
  match(layout: number, from: number, end: number): number;
  addWord(start: number, end: number, code: number): void;
}

// Types of Node do not have it, and those of a browser would bring all the rest.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Scan };
};

const PAGE = 1 << 16;
/** Of a value that was found: start, end, and what it was read as. */
export const FOUND = 3;
const MINUTE = 16;
const PART_BYTES = 16;
const SLOTS = 1 << 12;

let compiled: object | null = null;

/**
 * Compares lines with layouts, sixteen bytes at a time, and reads what stands between. Lines lie in its own memory:
 * `room` gives it. One for all that is read into the same names.
 */
export class Scanner {
  readonly names: Names;
  readonly #scan: Scan;
  readonly #free: number[];
  #bytes: Buffer;
  #found: Int32Array;
  readonly #pairs = new Map<number, number>();
  /** The pair that was asked for last of those whose first is in the same slot: a first, a second, their code. */
  readonly #recent = new Int32Array(SLOTS * 3).fill(-1);

  constructor(names: Names) {
    this.names = names;
    compiled ??= new WebAssembly.Module(Buffer.from(SCAN_MODULE, "base64"));
    this.#scan = new WebAssembly.Instance(compiled).exports;
    const { layouts, LAYOUTS, LAYOUT_BYTES } = this.#scan;
    this.#free = Array.from({ length: LAYOUTS.value }, (_, index) => layouts.value + index * LAYOUT_BYTES.value);
    [this.#bytes, this.#found] = this.#views();
  }

  /** Of each value of the line that was matched last, one after the other, `FOUND` numbers. Not to be kept. */
  get found(): Int32Array {
    return this.#found;
  }

  /** Memory for lines, at least so much; what was in it stays. Memory that was given before is not to be used again. */
  room(atLeast: number): Buffer {
    const from = this.#scan.lines.value;
    const missing = from + atLeast + PART_BYTES - this.#bytes.length;
    if (missing > 0) {
      this.#scan.memory.grow(Math.ceil(missing / PAGE));
      [this.#bytes, this.#found] = this.#views();
    }
    return this.#bytes.subarray(from, this.#bytes.length - PART_BYTES);
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
    const constants = between.reduce((sum, { length }) => sum + vectors(length), 0);
    const head = PART_BYTES * (1 + between.length);
    const stamps = kinds.filter((kind) => kind === "stamp").length * MINUTE;
    if (kinds.length > VALUES.value || head + stamps + constants > LAYOUT_BYTES.value) return null;
    const layout = this.#free.pop();
    if (layout === undefined) return null;
    const numbers = new Int32Array(this.#bytes.buffer, layout, head / 4).fill(0);
    numbers[0] = kinds.length;
    let minute = layout + head;
    let constant = minute + stamps;
    this.#bytes.fill(0, minute, constant);
    for (const [index, bytes] of between.entries()) {
      const kind = kinds[index] ?? "text";
      numbers.set([constant, bytes.length, KINDS.indexOf(kind), kind === "stamp" ? minute : 0], 4 + index * 4);
      this.#bytes.set(bytes, constant);
      constant += vectors(bytes.length);
      if (kind === "stamp") minute += MINUTE;
    }
    return layout;
  }

  /** Its memory is given to another. */
  forget(layout: number): void {
    this.#free.push(layout);
  }

  /** @returns where the record ends that begins at `from`; -1: it is laid out in another way. `found` has its values */
  match(layout: number, bytes: Buffer, from: number): number {
    const { byteOffset, length } = bytes;
    const stop = this.#scan.match(layout, byteOffset + from, byteOffset + length);
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
    const minute = new Int32Array(this.#bytes.buffer, layout)[4 + index * 4 + 3] ?? 0;
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

  #views(): [Buffer, Int32Array] {
    const { memory, found, VALUES } = this.#scan;
    return [Buffer.from(memory.buffer), new Int32Array(memory.buffer, found.value, VALUES.value * FOUND)];
  }
}

/** Constants are read sixteen bytes at a time. */
const vectors = (length: number): number => Math.ceil(length / PART_BYTES) * PART_BYTES;
