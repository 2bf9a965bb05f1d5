import type { Form } from "../clouds/document.ts";
import { isSame } from "./moulds.ts";

/** How many letters at the end of a text tell it from others, mostly. */
const TOLD_BY = 6;

/** Where texts stand that elements share with some others alone: two numbers each, where it begins and where it ends. */
export interface Written {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly places: Int32Array;
  count: number;
}

/**
 * A place in the tree of what elements of a kind were like, member by member: those that are written alike up to here came
 * the same way. At its leaves they part by the texts that are not each one's own.
 */
export class Branch {
  #key: unknown = null;
  #next: Branch | null = null;
  #others: Map<unknown, Branch> | null = null;
  readonly #leaves = new Map<number, Leaf>();

  /** Mostly the same as the last time. */
  to(key: unknown): Branch {
    if (this.#next !== null && this.#key === key) return this.#next;
    this.#others ??= new Map();
    const next = this.#others.get(key) ?? new Branch();
    this.#others.set(key, next);
    this.#key = key;
    this.#next = next;
    return next;
  }

  leafOf(written: Written): Leaf {
    const told = toldBy(written);
    const first = this.#leaves.get(told) ?? null;
    for (let leaf = first; leaf !== null; leaf = leaf.other) if (leaf.says(written)) return leaf;
    const leaf = new Leaf(written, first);
    this.#leaves.set(told, leaf);
    return leaf;
  }
}

export class Leaf {
  form: Form | null = null;
  /** One that is told by the same number. */
  readonly other: Leaf | null;
  /** One text behind the other, and where each ends. */
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #ends: Int32Array;

  constructor({ bytes, places, count }: Written, other: Leaf | null) {
    this.other = other;
    this.#ends = new Int32Array(count);
    let end = 0;
    for (let text = 0; text < count; text += 1) {
      end += (places[2 * text + 1] ?? 0) - (places[2 * text] ?? 0);
      this.#ends[text] = end;
    }
    this.#bytes = new Uint8Array(end);
    this.#view = new DataView(this.#bytes.buffer);
    for (let text = 0; text < count; text += 1)
      this.#bytes.set(bytes.subarray(places[2 * text], places[2 * text + 1]), text === 0 ? 0 : this.#ends[text - 1]);
  }

  says({ bytes, view, places, count }: Written): boolean {
    const ends = this.#ends;
    if (count !== ends.length) return false;
    let from = 0;
    for (let text = 0; text < count; text += 1) {
      const end = ends[text] ?? 0;
      const start = places[2 * text] ?? 0;
      if ((places[2 * text + 1] ?? 0) - start !== end - from) return false;
      if (!isSame(this.#bytes, this.#view, from, end, bytes, view, start)) return false;
      from = end;
    }
    return true;
  }
}

function toldBy({ bytes, places, count }: Written): number {
  let told = count;
  for (let text = 0; text < 2 * count; text += 2) {
    const from = places[text] ?? 0;
    const to = places[text + 1] ?? 0;
    told = (Math.imul(told, 31) + to - from) | 0;
    for (let at = Math.max(from, to - TOLD_BY); at < to; at += 1) told = (Math.imul(told, 31) + (bytes[at] ?? 0)) | 0;
  }
  return told;
}
