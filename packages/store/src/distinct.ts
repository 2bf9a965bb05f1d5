import type { EndColumn, RowColumns } from "./columns.ts";

/** Of one moment, at most so many are compared each with all. */
const FEW = 8;

/** The places of rows that stand in a batch for the first time: rows that agree in every member are one. */
export const distinctRows = (columns: RowColumns): Uint32Array<ArrayBuffer> =>
  isByTime(columns) ? distinctByTime(columns) : distinctByHash(columns);

/** Whether rows come in the order of time, as most logs have them, with few at any moment. */
function isByTime({ atUs, length }: RowColumns): boolean {
  let last = Number.NEGATIVE_INFINITY;
  let alike = 0;
  for (let row = 0; row < length; row += 1) {
    const at = atUs[row] ?? 0;
    alike = at === last ? alike + 1 : 1;
    if (at < last || alike > FEW) return false;
    last = at;
  }
  return true;
}

/** Rows that agree in every member agree in their time, and then stand side by side. */
function distinctByTime(columns: RowColumns): Uint32Array<ArrayBuffer> {
  const { atUs, length } = columns;
  const kept = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row += 1) {
    const at = atUs[row];
    let other = count - 1;
    while (other >= 0 && atUs[kept[other] ?? 0] === at && !isSame(columns, row, kept[other] ?? 0)) other -= 1;
    if (other >= 0 && atUs[kept[other] ?? 0] === at) continue;
    kept[count] = row;
    count += 1;
  }
  return kept.subarray(0, count);
}

/** A hash only finds whom to compare with; what is compared is every member, so no row is ever taken for another. */
function distinctByHash(columns: RowColumns): Uint32Array<ArrayBuffer> {
  const { length } = columns;
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(length, 1) * 2))).fill(-1);
  const mask = slots.length - 1;
  const kept = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row += 1) {
    let slot = hashOf(columns, row) & mask;
    let other = slots[slot] ?? -1;
    while (other !== -1 && !isSame(columns, row, other)) {
      slot = (slot + 1) & mask;
      other = slots[slot] ?? -1;
    }
    if (other !== -1) continue;
    slots[slot] = row;
    kept[count] = row;
    count += 1;
  }
  return kept.subarray(0, count);
}

/** What differs from row to row in most logs; multipliers of MurmurHash3. */
function hashOf({ atUs, before, seen, destination }: RowColumns, row: number): number {
  const time = atUs[row] ?? 0;
  let hash = Math.imul((time % 4_294_967_296) | 0, 0xcc9e2d51) ^ ((time / 4_294_967_296) | 0);
  hash = Math.imul((hash ^ (hash >>> 15)) + (before.v4[row] ?? 0), 0x1b873593);
  hash = Math.imul((hash ^ (hash >>> 13)) + (seen.v4[row] ?? 0), 0x85ebca6b);
  hash = Math.imul((hash ^ (hash >>> 16)) + (destination.v4[row] ?? 0), 0xc2b2ae35);
  hash = Math.imul((hash ^ (hash >>> 15)) + (before.port[row] ?? 0) + ((seen.port[row] ?? 0) << 16), 0x9e3779b1);
  hash ^= hash >>> 13;
  return hash;
}

function isSame(columns: RowColumns, a: number, b: number): boolean {
  return (
    columns.atUs[a] === columns.atUs[b] &&
    columns.lastedUs[a] === columns.lastedUs[b] &&
    columns.kind[a] === columns.kind[b] &&
    columns.strength[a] === columns.strength[b] &&
    columns.event[a] === columns.event[b] &&
    columns.protocol[a] === columns.protocol[b] &&
    columns.workload[a] === columns.workload[b] &&
    columns.reporter[a] === columns.reporter[b] &&
    isSameEnd(columns.before, a, b) &&
    isSameEnd(columns.seen, a, b) &&
    isSameEnd(columns.destination, a, b)
  );
}

function isSameEnd({ v4, port, six }: EndColumn, a: number, b: number): boolean {
  if (port[a] !== port[b]) return false;
  if (six.size === 0) return v4[a] === v4[b];
  const [one, other] = [six.get(a), six.get(b)];
  if (one === undefined || other === undefined) return one === other && v4[a] === v4[b];
  return one.hi === other.hi && one.lo === other.lo;
}
