import { PACK_MODULE } from "./pack-module.ts";
import { type Global, instanceOf, PAGE, type WasmMemory } from "./web-assembly.ts";

/** What `wasm/pack.ts` exports. */
interface Pack {
  readonly memory: WasmMemory;
  readonly values: Global;
  readonly least: Global;
  readonly most: Global;
  packDeltas(length: number): number;
  sortRows(rows: number, all: number, keys: number): number;
}

let pack: Pack | null = null;

/** @returns memory with so many bytes from `values` on */
function packWith(bytes: number): Pack & { readonly buffer: ArrayBuffer } {
  pack ??= instanceOf<Pack>(PACK_MODULE);
  const missing = pack.values.value + bytes - pack.memory.buffer.byteLength;
  if (missing > 0) pack.memory.grow(Math.ceil(missing / PAGE));
  return { ...pack, buffer: pack.memory.buffer };
}

/** Numbers as the differences between them. To be looked at before anything else is packed or sorted. */
export interface Deltas {
  readonly bytes: Uint8Array;
  readonly least: number;
  readonly most: number;
}

/** A number and what it may become: eight bytes each, and the heads of blocks. */
const BYTES = 8 + 8 + 1;
const HEADS = 1 << 10;

/** @param numbers whole ones of up to 52 bits */
export function deltasOf(numbers: Float64Array, length: number): Deltas {
  const { values, least, most, buffer, packDeltas } = packWith(length * BYTES + HEADS);
  new Float64Array(buffer, values.value, length).set(numbers.subarray(0, length));
  const end = packDeltas(length);
  const from = values.value + length * 8;
  return { bytes: new Uint8Array(buffer, from, end - from), least: least.value, most: most.value };
}

/** What rows are sorted by, most significant first: a number of 32 bits for each row. */
export type Key = Uint32Array;

/** Sorts places of rows by keys. Those that agree in all of them stay in their sequence. */
export function sortRows(rows: Uint32Array, keys: readonly Key[]): Uint32Array {
  const all = keys[0]?.length ?? 0;
  const digits = Math.ceil(all / 2) * 4;
  const { values, buffer, sortRows: sorted } = packWith(rows.length * 8 + digits + keys.length * all * 4);
  new Uint32Array(buffer, values.value, rows.length).set(rows);
  const keysAt = values.value + rows.length * 8 + digits;
  for (const [index, key] of keys.entries()) new Uint32Array(buffer, keysAt + index * all * 4, all).set(key);
  const at = sorted(rows.length, all, keys.length);
  return new Uint32Array(buffer, at, rows.length).slice();
}
