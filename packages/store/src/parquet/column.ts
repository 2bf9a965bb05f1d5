import { deltasOf } from "../pack.ts";
import type { BitWriter } from "./bits.ts";
import { writePlaces, writeRun } from "./encodings.ts";
import type { WordBytes } from "./word-bytes.ts";

/** Values of one column: whole numbers of up to 52 bits, of 64 bits, or words by their codes. */
export type Values =
  | { readonly kind: "same"; readonly value: number }
  | { readonly kind: "numbers"; readonly values: Float64Array }
  | { readonly kind: "wide"; readonly values: BigUint64Array | BigInt64Array }
  | { readonly kind: "words"; readonly codes: Uint32Array; readonly words: WordBytes };

export interface Encoded {
  /** Places in the dictionary; without one, the differences between the numbers. */
  readonly data: Uint8Array;
  readonly dictionary: { readonly bytes: Uint8Array; readonly count: number } | null;
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

/** @param bytes of a number */
export function encodeColumn(values: Values, length: number, bytes: 4 | 8, out: BitWriter): Encoded {
  if (values.kind === "same") return encodeSame(values.value, length, bytes, out);
  if (values.kind === "words") return encodeWords(values.codes, values.words, length, out);
  if (values.kind === "wide") return encodeWide(values.values, length, out);
  return encodeNumbers(values.values, length, bytes, out);
}

let places = new Uint32Array(0);

/** Memory for as many places, and for a group behind them. */
function placesFor(length: number): Uint32Array {
  if (places.length < length + 8) places = new Uint32Array(length + 8);
  return places;
}

function encodeSame(value: number, length: number, bytes: 4 | 8, out: BitWriter): Encoded {
  const plain = plainNumbers([value], bytes);
  out.clear();
  writeRun(out, length);
  return { data: out.written().slice(), dictionary: { bytes: plain, count: 1 }, least: plain, most: plain };
}

function encodeNumbers(values: Float64Array, length: number, bytes: 4 | 8, out: BitWriter): Encoded {
  const few = fewOf(values, length);
  const plain = (numbers: readonly number[]): Uint8Array => plainNumbers(numbers, bytes);
  if (few === null) {
    const { bytes: data, least, most } = deltasOf(values, length);
    return { data: data.slice(), dictionary: null, least: plain([least]), most: plain([most]) };
  }
  out.clear();
  writePlaces(out, placesFor(length), length, few.length - 1);
  return {
    data: out.written().slice(),
    dictionary: { bytes: plain(few), count: few.length },
    least: plain([Math.min(...few)]),
    most: plain([Math.max(...few)]),
  };
}

/** Places of ports, which have few values in most logs, and of what stands in place of one. */
const ofPorts = new Int16Array(2 ** 16 + 2);

/** The few values that there are, with the place of each row's among them; null: there are many. */
function fewOf(values: Float64Array, length: number): readonly number[] | null {
  const found = placesFor(length);
  const few: number[] = [];
  const known = new Map<number, number>();
  ofPorts.fill(-1);
  let last = Number.NaN;
  let place = -1;
  for (let at = 0; at < length; at += 1) {
    const value = values[at] ?? 0;
    if (value !== last) {
      last = value;
      const isPort = value >= -2 && value < 65_536;
      place = isPort ? (ofPorts[value + 2] ?? -1) : (known.get(value) ?? -1);
      if (place === -1) {
        if (few.length === FEW) return null;
        place = few.push(value) - 1;
        if (isPort) ofPorts[value + 2] = place;
        else known.set(value, place);
      }
    }
    found[at] = place;
  }
  return few;
}

function plainNumbers(numbers: readonly number[], bytes: 4 | 8): Uint8Array {
  const plain = Buffer.alloc(numbers.length * bytes);
  for (const [index, value] of numbers.entries())
    if (bytes === 4) plain.writeInt32LE(value, index * 4);
    else plain.writeBigInt64LE(BigInt(value), index * 8);
  return plain;
}

function encodeWide(values: BigUint64Array | BigInt64Array, length: number, out: BitWriter): Encoded {
  const found = placesFor(length);
  const known = new Map<bigint, number>();
  let [least, most] = [values[0] ?? 0n, values[0] ?? 0n];
  for (let at = 0; at < length; at += 1) {
    const value = values[at] ?? 0n;
    const place = known.get(value) ?? known.size;
    if (place === known.size) known.set(value, place);
    found[at] = place;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const plain = (numbers: Iterable<bigint>): Uint8Array => new Uint8Array(BigInt64Array.from(numbers).buffer);
  out.clear();
  writePlaces(out, found, length, known.size - 1);
  return {
    data: out.written().slice(),
    dictionary: { bytes: plain(known.keys()), count: known.size },
    least: plain([least]),
    most: plain([most]),
  };
}

let placeOfCode = new Int32Array(0);

function encodeWords(codes: Uint32Array, words: WordBytes, length: number, out: BitWriter): Encoded {
  if (placeOfCode.length < words.count) placeOfCode = new Int32Array(words.count * 2);
  const known = placeOfCode.fill(-1, 0, words.count);
  const found = placesFor(length);
  out.clear();
  let count = 0;
  let [least, most] = [codes[0] ?? 0, codes[0] ?? 0];
  for (let at = 0; at < length; at += 1) {
    const code = codes[at] ?? 0;
    let place = known[code] ?? -1;
    if (place === -1) {
      place = count;
      known[code] = place;
      count += 1;
      const word = words.of(code);
      out.int32(word.length);
      out.bytes(word);
      if (words.compare(code, least) < 0) least = code;
      if (words.compare(code, most) > 0) most = code;
    }
    found[at] = place;
  }
  const dictionary = { bytes: out.written().slice(), count };
  out.clear();
  writePlaces(out, found, length, count - 1);
  return {
    data: out.written().slice(),
    dictionary,
    least: boundOf(words.of(least)),
    most: boundOf(words.of(most)),
  };
}

const boundOf = (word: Uint8Array): Uint8Array | null => (word.length > LONGEST_BOUND ? null : word);
