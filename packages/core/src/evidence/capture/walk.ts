import { EVENT_WORDS, type Events, ROW_ENDS } from "./events.ts";
import type { Flows, Limits } from "./flows.ts";
import { type HashTable, moveTable, SLOT, tableSizes } from "./hash-table.ts";
import type { NetworkInterface } from "./pcapng-interface.ts";
import type { Tally } from "./tally.ts";
import { WALK_MODULE } from "./walk-module.ts";
import { instanceOf, type Variable } from "./web-assembly.ts";

/**
 * Reads what nearly all of a capture is, in WebAssembly, into the same tables: TCP and UDP on Ethernet. At any other packet
 * it stops, and that one is read as ever.
 */
export interface Walk {
  /** What is to be read is put there first. */
  readonly room: Uint8Array;
  /** The same bytes. What lies elsewhere is not walked. */
  readonly view: DataView;
  /**
   * Records of a pcap in little-endian, on Ethernet.
   *
   * @param nanoseconds of one unit of the fraction of a second
   * @returns where the first one begins that is to be read as ever; behind the end where the last one reaches there
   */
  pcap(at: number, end: number, longest: number, nanoseconds: number): number;
  /** Blocks of a section in little-endian. @returns as `pcap` does */
  pcapng(at: number, end: number, interfaces: readonly NetworkInterface[]): number;
}

/** What packages/core/wasm/walk.ts exports. */
interface Module {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly sizes: Variable;
  readonly interfaces: Variable;
  readonly INTERFACES: Variable;
  readonly room: Variable;
  readonly ROOM_BYTES: Variable;
  readonly tables: Variable;
  useTable(words: number, slots: number, mask: number, connections: number): void;
  useAddresses(words: number, slots: number, mask: number): void;
  useEvents(words: number, ends: number, most: number): void;
  pcap(from: number, until: number, longest: number, nanoseconds: number): number;
  pcapng(from: number, until: number): number;
}

/** Packets. */
const LONGEST_PAUSE = 63;

/** @returns null where there is no WebAssembly, or the tables may become too large for its memory: they are then left as they are */
export function beginWalk(into: Tally): Walk | null {
  const module = instanceOf<Module>(WALK_MODULE);
  if (module === null) return null;
  const words = moveAll(into.flows, into.limits, module);
  if (words === null) return null;
  const { buffer } = module.memory;
  const sizes = new Int32Array(buffer, module.sizes.value, 3);
  const units = new Int32Array(buffer, module.interfaces.value, module.INTERFACES.value);
  const { table, events } = into.flows;
  let hasEvents = true;
  const tellSizes = (): void => {
    sizes[0] = into.packets;
    sizes[1] = table.size;
    sizes[2] = events.size;
    if (hasEvents && events.words !== words) {
      // There were too many.
      module.useEvents(0, 0, 0);
      hasEvents = false;
    }
  };
  let pause = 0;
  let lastPause = 0;
  /** Where nothing is read, the next packets are left alone: of a capture of nothing else a call for each would be in vain. */
  const isPausing = (): boolean => {
    pause -= 1;
    return pause >= 0;
  };
  const setPause = (from: number, to: number): void => {
    lastPause = to === from ? Math.min(lastPause * 2 + 1, LONGEST_PAUSE) : 0;
    pause = lastPause;
  };
  const takeSizes = (from: number, at: number): number => {
    setPause(from, at);
    into.packets = sizes[0] ?? 0;
    table.size = sizes[1] ?? 0;
    events.size = sizes[2] ?? 0;
    return at;
  };
  let known: readonly NetworkInterface[] = [];
  let described = 0;
  const describe = (all: readonly NetworkInterface[]): void => {
    if (all === known && all.length === described) return;
    known = all;
    described = all.length;
    units.fill(0);
    units.set(all.slice(0, units.length).map(({ plainUnits }) => plainUnits));
  };
  return {
    room: new Uint8Array(buffer, module.room.value, module.ROOM_BYTES.value),
    view: new DataView(buffer, module.room.value, module.ROOM_BYTES.value),
    pcap(at, end, longest, nanoseconds) {
      if (isPausing()) return at;
      tellSizes();
      return takeSizes(at, module.pcap(at, end, longest, nanoseconds));
    },
    pcapng(at, end, interfaces) {
      if (isPausing()) return at;
      tellSizes();
      describe(interfaces);
      return takeSizes(at, module.pcapng(at, end));
    },
  };
}

/**
 * Moves all that is kept into the module's memory, with as much room as the limits allow: nothing has to grow there but
 * events, which go elsewhere when there are too many.
 *
 * @returns the words of the events; null: there is too little room
 */
function moveAll({ table, addresses, events }: Flows, limits: Limits, module: Module): Int32Array | null {
  const { buffer } = module.memory;
  const rows = Math.max(limits.connections, limits.wanted === undefined ? limits.rows : limits.rows * 2);
  const sizes = tableSizes(rows);
  const ends = Math.max(rows * ROW_ENDS, events.ends.length);
  let free = module.tables.value;
  const left = (buffer.byteLength - free) / 4 - 2 * (sizes.words + sizes.slots) - ends;
  const most = Math.floor(left / EVENT_WORDS) * EVENT_WORDS;
  if (!(most > events.words.length)) return null;
  const wordsOf = (length: number): Int32Array => {
    const words = new Int32Array(buffer, free, length);
    free += words.byteLength;
    return words;
  };
  const move = (one: HashTable): void => moveTable(one, wordsOf(sizes.words), wordsOf(sizes.slots));
  move(table);
  move(addresses);
  moveEvents(events, wordsOf(ends), wordsOf(most));
  module.useTable(table.words.byteOffset, table.slots.byteOffset, table.slots.length - SLOT, limits.connections);
  module.useAddresses(addresses.words.byteOffset, addresses.slots.byteOffset, addresses.slots.length - SLOT);
  module.useEvents(events.words.byteOffset, events.ends.byteOffset, most / EVENT_WORDS);
  return events.words;
}

function moveEvents(events: Events, ends: Int32Array, words: Int32Array): void {
  ends.set(events.ends);
  words.set(events.words);
  events.ends = ends;
  events.words = words;
}
