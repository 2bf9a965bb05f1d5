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
