import { PACK_MODULE } from "./pack-module.ts";
import { type Global, instanceOf, PAGE, type WasmMemory } from "./web-assembly.ts";

/** What `wasm/pack.ts` exports: all numbers but counts are addresses. */
export interface Pack {
  readonly memory: WasmMemory;
  readonly free: Global;
  readonly least: Global<bigint>;
  readonly most: Global<bigint>;
  packDeltas(numbers: number, count: number, out: number): number;
  sortRows(places: number, count: number, all: number, digits: number, keys: number, keyCount: number): number;
  spanKeys(times: number, count: number, span: number, out: number): void;
  shifted(numbers: number, count: number, by: number, out: number): void;
  endKeys(v4: number, ports: number, count: number, family: number, value: number): void;
  gatherTimes(times: number, rows: number, count: number, out: number): void;
  gatherNumbers(numbers: number, rows: number, count: number, out: number): void;
  gatherAddresses(
    ...[v4, ports, other, otherPorts, rows, count, out]: [number, number, number, number, number, number, number]
  ): void;
  gatherShown(v4: number, rows: number, count: number, out: number): void;
  gatherWords(codes: number, rows: number, count: number, out: number): void;
  gatherBytes(codes: number, rows: number, count: number, out: number): void;
  shownRows(ports: number, bytes: number, without: number, rows: number, count: number): number;
  areShown(ports: number, count: number): number;
  agree(bytes: number, count: number): number;
  bytesIn(bytes: number, rows: number, count: number): bigint;
  boundsOf(times: number, lasted: number, rows: number, count: number, out: number): void;
  fewOf(numbers: number, count: number, most: number, places: number, few: number): number;
  writePlaces(places: number, count: number, most: number, out: number): number;
  readonly leastWord: Global;
  readonly mostWord: Global;
  placesOfWords(codes: number, count: number, known: number, list: number): number;
  wordBounds(list: number, count: number, bytes: number, ends: number): number;
  writeWords(list: number, count: number, bytes: number, ends: number, out: number): number;
}

type Numbers = Uint8Array | Int32Array | Uint32Array | Float64Array | BigInt64Array;

/** Bytes in a workspace. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/**
 * Memory of the module that sorts and packs, given out from below; `release` gives back all that was given since. What
 * `room` and `put` return are addresses; memory seen by `bytes` and the like may lie elsewhere after either.
 */
export class Workspace {
  readonly pack = instanceOf<Pack>(PACK_MODULE);
  #next = this.pack.free.value;

  /** What has been given out up to now, for `release`. */
  get mark(): number {
    return this.#next;
  }

  release(mark: number): void {
    this.#next = mark;
  }

  room(bytes: number): number {
    const at = Math.ceil(this.#next / ALIGNED) * ALIGNED;
    this.#next = at + bytes;
    const missing = this.#next + ALIGNED - this.pack.memory.buffer.byteLength;
    if (missing > 0) this.pack.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  put(numbers: Numbers): number {
    const at = this.room(numbers.byteLength);
    this.set(at, numbers);
    return at;
  }

  set(at: number, { buffer, byteOffset, byteLength }: Numbers): void {
    this.bytes(at, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.pack.memory.buffer, at, length);
  }

  words(at: number, count: number): Uint32Array {
    return new Uint32Array(this.pack.memory.buffer, at, count);
  }

  numbers(at: number, count: number): BigInt64Array {
    return new BigInt64Array(this.pack.memory.buffer, at, count);
  }

  doubles(at: number, count: number): Float64Array {
    return new Float64Array(this.pack.memory.buffer, at, count);
  }

  /**
   * Sorts places of rows by keys. Those that agree in all of them stay in their sequence.
   *
   * @param rows that are sorted, of `all`
   * @param keys where they lie, most significant first: a number of 32 bits for each of all rows
   */
  sort(rows: Uint32Array, all: number, keys: readonly number[]): Uint32Array {
    const { mark } = this;
    const places = this.room(rows.length * 8);
    this.set(places, rows);
    const digits = this.room(all * 2);
    const list = this.put(Uint32Array.from(keys));
    const sorted = this.pack.sortRows(places, rows.length, all, digits, list, keys.length);
    this.release(mark);
    return this.words(sorted, rows.length).slice();
  }
}

/** Vectors may be read where memory given out begins. */
const ALIGNED = 16;

const idle: Workspace[] = [];

/** Work with memory of its own: while it waits for something, there may be other such work. */
export async function withWorkspace<T>(work: (space: Workspace) => Promise<T>): Promise<T> {
  const space = idle.pop() ?? new Workspace();
  const { mark } = space;
  try {
    return await work(space);
  } finally {
    space.release(mark);
    idle.push(space);
  }
}
