import type { Span, Workspace } from "../pack.ts";
import type { WordBytes } from "./word-bytes.ts";

/** Values of one column: whole numbers, or words by their codes. */
export type Values =
  | { readonly kind: "same"; readonly value: number }
  /** Up to 52 bits; put at an address, eight bytes each. */
  | { readonly kind: "numbers"; readonly putAt: (address: number) => void }
  | { readonly kind: "wide"; readonly values: BigUint64Array | BigInt64Array }
  | { readonly kind: "same-word"; readonly code: number; readonly words: WordBytes }
  /** Their codes, put at an address, four bytes each. */
  | { readonly kind: "words"; readonly putAt: (address: number) => void; readonly words: WordBytes };

export interface Encoded {
  /** Places in the dictionary; without one, the differences between the numbers. */
  readonly data: Span;
  readonly dictionary: { readonly bytes: Uint8Array | Span; readonly count: number } | null;
  /** As they stand in a dictionary; null: they are too long to be worth it. */
  readonly least: Uint8Array | null;
  readonly most: Uint8Array | null;
}

/** The greatest whole number whose double is exact. */
export const LARGEST = 2 ** 52;

/** Numbers of which there are more than so many are written as differences. */
const FEW = 256;
/** A word that is longer tells no more of where to look. */
const LONGEST_BOUND = 256;
/** What a number takes at most, packed, and what stands around all of them. */
const [PACKED_BYTES, HEADS] = [9, 1 << 10];

/** Words as they lie in a workspace, and a number for each. */
interface Placed {
  readonly bytes: number;
  readonly ends: number;
  readonly known: number;
}

/**
 * Encodes columns in a workspace, one after the other, up to so many values of each at a time. What it has encoded stays
 * there, one behind the other.
 */
export class ColumnEncoder {
  readonly #space: Workspace;
  readonly #numbers: number;
  readonly #places: number;
  readonly #list: number;
  readonly #few: number;
  /** Bytes that so many values take at most. */
  readonly #most: number;
  readonly #words = new Map<WordBytes, Placed>();

  constructor(space: Workspace, most: number) {
    this.#space = space;
    this.#numbers = space.room(most * 8);
    // A group of places is read behind the last.
    this.#places = space.room((most + 8) * 4);
    this.#list = space.room(most * 4);
    this.#few = space.room(FEW * 8);
    this.#most = most * PACKED_BYTES + HEADS;
  }

  /** @param bytes of a number */
  encode(values: Values, length: number, bytes: 4 | 8): Encoded {
    if (values.kind === "same") return this.#same(plainNumbers([BigInt(values.value)], bytes), length);
    if (values.kind === "same-word") return this.#sameWord(values.words.of(values.code), length);
    if (values.kind === "wide") return this.#wide(values.values, length);
    if (values.kind === "words") return this.#manyWords(values, length);
    values.putAt(this.#numbers);
    return this.#manyNumbers(length, bytes);
  }

  #same(plain: Uint8Array, length: number): Encoded {
    this.#space.words(this.#places, length).fill(0);
    return { data: this.#packed(length, 1), dictionary: { bytes: plain, count: 1 }, least: plain, most: plain };
  }

  #sameWord(word: Uint8Array, length: number): Encoded {
    const bytes = Buffer.alloc(4 + word.length);
    bytes.writeInt32LE(word.length);
    bytes.set(word, 4);
    const bound = boundOf(word);
    return { ...this.#same(bytes, length), least: bound, most: bound };
  }

  #manyNumbers(length: number, bytes: 4 | 8): Encoded {
    const { pack } = this.#space;
    const count = pack.fewOf(this.#numbers, length, FEW, this.#places, this.#few);
    const plain = (numbers: readonly bigint[]): Uint8Array => plainNumbers(numbers, bytes);
    if (count === -1) {
      const data = this.#written((out) => pack.packDeltas(this.#numbers, length, out));
      return { data, dictionary: null, least: plain([pack.least.value]), most: plain([pack.most.value]) };
    }
    const few = [...this.#space.numbers(this.#few, count)];
    const [least, most] = boundsOf(few);
    const dictionary = { bytes: plain(few), count };
    return { data: this.#packed(length, count), dictionary, least: plain([least]), most: plain([most]) };
  }

  #wide(values: BigUint64Array | BigInt64Array, length: number): Encoded {
    const places = this.#space.words(this.#places, length);
    const known = new Map<bigint, number>();
    for (let at = 0; at < length; at += 1) {
      const value = values[at] ?? 0n;
      const place = known.get(value) ?? known.size;
      if (place === known.size) known.set(value, place);
      places[at] = place;
    }
    const [least, most] = boundsOf([...known.keys()]);
    const plain = (numbers: Iterable<bigint>): Uint8Array => new Uint8Array(BigInt64Array.from(numbers).buffer);
    const dictionary = { bytes: plain(known.keys()), count: known.size };
    return { data: this.#packed(length, known.size), dictionary, least: plain([least]), most: plain([most]) };
  }

  #manyWords({ putAt, words }: Extract<Values, { kind: "words" }>, length: number): Encoded {
    const { pack } = this.#space;
    const { bytes, ends, known } = this.#placed(words);
    putAt(this.#places);
    const count = pack.placesOfWords(this.#places, length, known, this.#list);
    const size = pack.wordBounds(this.#list, count, bytes, ends) + count * 4;
    const [least, most] = [words.of(pack.leastWord.value), words.of(pack.mostWord.value)].map(boundOf);
    const dictionary = {
      bytes: this.#written((out) => pack.writeWords(this.#list, count, bytes, ends, out), size),
      count,
    };
    return { data: this.#packed(length, count), dictionary, least: least ?? null, most: most ?? null };
  }

  #placed(words: WordBytes): Placed {
    const known = this.#words.get(words);
    if (known !== undefined) return known;
    const space = this.#space;
    const table = space.put(new Uint32Array(words.count));
    const placed = { bytes: space.put(words.bytes), ends: space.put(words.ends), known: table };
    this.#words.set(words, placed);
    return placed;
  }

  /** The places of a dictionary of so many. */
  #packed(length: number, count: number): Span {
    return this.#written((out) => this.#space.pack.writePlaces(this.#places, length, count - 1, out));
  }

  /** @param write gives where it ends */
  #written(write: (out: number) => number, most = this.#most): Span {
    const at = this.#space.room(most);
    const end = write(at);
    this.#space.release(end);
    return { at, length: end - at };
  }
}

function plainNumbers(numbers: readonly bigint[], bytes: 4 | 8): Uint8Array {
  const plain = Buffer.alloc(numbers.length * bytes);
  for (const [index, value] of numbers.entries())
    if (bytes === 4) plain.writeInt32LE(Number(value), index * 4);
    else plain.writeBigInt64LE(value, index * 8);
  return plain;
}

function boundsOf(numbers: readonly bigint[]): readonly [least: bigint, most: bigint] {
  let [least = 0n, most = 0n] = [numbers[0], numbers[0]];
  for (const value of numbers) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

const boundOf = (word: Uint8Array): Uint8Array | null => (word.length > LONGEST_BOUND ? null : word);
