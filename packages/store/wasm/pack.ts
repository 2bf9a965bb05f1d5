// AssemblyScript, compiled by `npm run wasm` into src/pack-module.ts. It knows nothing of logs or files: it sorts places
// by keys, gathers numbers from columns, and packs them. All of it is given places in memory, from `free` on.

/** What lies below is its own. */
export const free: i32 = 1 << 16;

export { least, most, packDeltas } from "./deltas";
export {
  agree,
  areShown,
  boundsOf,
  bytesIn,
  gatherAddresses,
  gatherBytes,
  gatherNumbers,
  gatherShown,
  gatherTimes,
  gatherWords,
  shownRows,
} from "./gather";
export { endKeys, shifted, spanKeys } from "./keys";
export { fewOf, writePlaces } from "./places";
export { sortRows } from "./sort";
export { leastWord, mostWord, placesOfWords, wordBounds, writeWords } from "./words";
