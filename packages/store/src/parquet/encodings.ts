import { type BitWriter, widthOf } from "./bits.ts";

// https://github.com/apache/parquet-format/blob/master/Encodings.md

/** From so many alike on, a count of them is shorter than they are. */
const RUN = 8;

/**
 * Places in a dictionary: runs of one as a count, what is between in groups of eight. The width of a place stands in
 * front.
 *
 * @param places with room for a group behind the last
 */
export function writePlaces(out: BitWriter, places: Uint32Array, length: number, most: number): void {
  const width = Math.max(1, widthOf(most));
  out.byte(width);
  places.fill(0, length, length + RUN);
  let plain = 0;
  for (let at = 0; at < length; ) {
    const run = runAt(places, at, length);
    if (run < RUN) {
      at += RUN;
      continue;
    }
    writeGroups(out, places, plain, at, width);
    out.varint(run * 2);
    const value = places[at] ?? 0;
    for (let shift = 0; shift < width; shift += 8) out.byte((value >>> shift) & 255);
    at += run;
    plain = at;
  }
  writeGroups(out, places, plain, length, width);
}

/** The first place of a dictionary, so many times. */
export function writeRun(out: BitWriter, length: number): void {
  out.byte(1);
  out.varint(length * 2);
  out.byte(0);
}

function runAt(places: Uint32Array, from: number, length: number): number {
  const value = places[from];
  let to = from + 1;
  while (to < length && places[to] === value) to += 1;
  return to - from;
}

/** The last group is filled up with what stands behind: nobody reads it. */
function writeGroups(out: BitWriter, places: Uint32Array, from: number, to: number, width: number): void {
  if (from === to) return;
  const groups = Math.ceil((to - from) / 8);
  out.varint(groups * 2 + 1);
  out.pack(places, from, from + groups * 8, width);
}

const [BLOCK, MINIBLOCK] = [128, 32];
const narrow = new Uint32Array(BLOCK);
const wide = new Float64Array(BLOCK);

/** Whole numbers as differences from one to the next, each 32 of them as narrow as they can be. */
export function writeDeltas(out: BitWriter, values: Float64Array, length: number): void {
  for (const of of [BLOCK, BLOCK / MINIBLOCK, length]) out.varint(of);
  out.zigzag(values[0] ?? 0);
  for (let from = 1; from < length; from += BLOCK) writeBlock(out, values, from, Math.min(from + BLOCK, length));
}

function writeBlock(out: BitWriter, values: Float64Array, from: number, to: number): void {
  let least = Number.POSITIVE_INFINITY;
  for (let at = from; at < to; at += 1) {
    const delta = (values[at] ?? 0) - (values[at - 1] ?? 0);
    if (delta < least) least = delta;
    wide[at - from] = delta;
  }
  out.zigzag(least);
  wide.fill(least, to - from);
  const widths = [0, 0, 0, 0];
  for (const [mini] of widths.entries()) {
    let most = 0;
    for (let at = mini * MINIBLOCK; at < (mini + 1) * MINIBLOCK; at += 1) {
      const above = (wide[at] ?? 0) - least;
      if (above > most) most = above;
      wide[at] = above;
      narrow[at] = above;
    }
    widths[mini] = widthOf(most);
    out.byte(widths[mini] ?? 0);
  }
  const filled = Math.ceil((to - from) / MINIBLOCK);
  for (let mini = 0; mini < filled; mini += 1) {
    const [start, end, width] = [mini * MINIBLOCK, (mini + 1) * MINIBLOCK, widths[mini] ?? 0];
    if (width <= 32) out.pack(narrow, start, end, width);
    else out.packWide(wide, start, end, width);
  }
}
