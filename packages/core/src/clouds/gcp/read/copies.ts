import type { Found } from "./found.ts";

/** Places for each resource, so that hardly two want the same. */
const ROOM = 2;

/**
 * Whether a path stands twice, or one has none. Hardly ever one does, so of hundreds of thousands none is spelled out
 * unless another is told by the same number.
 */
export function hasCopies(all: readonly Found<unknown>[]): boolean {
  const numberOf = numbering();
  const room = 2 ** Math.ceil(Math.log2(Math.max(1, all.length) * ROOM));
  const slots = new Int32Array(room);
  const numbers = new Int32Array(all.length);
  for (let index = 0; index < all.length; index += 1) {
    const one = all[index];
    const number = one === undefined ? null : numberOf(one);
    if (number === null) return true;
    numbers[index] = number;
    let slot = (number ^ (number >>> 15)) & (room - 1);
    for (; slots[slot] !== 0; slot = (slot + 1) & (room - 1)) {
      const other = (slots[slot] ?? 0) - 1;
      if (numbers[other] === number && all[other]?.path === one?.path) return true;
    }
    slots[slot] = index + 1;
  }
  return false;
}

/** Numbers for paths; null: it has none. What those say before their names that are alike is gone through once. */
function numbering(): (one: Found<unknown>) => number | null {
  let head = "";
  let ofHead = 0;
  return (one) => {
    const { like } = one;
    if (like === undefined) return one.path === "" ? null : numbered(one.path, 0);
    if (like.head !== head) ofHead = numbered(like.head, 0);
    head = like.head;
    return numbered(one.name, ofHead);
  };
}

/** Of one text behind another the same as of both as one. */
function numbered(text: string, before: number): number {
  let number = before;
  for (let at = 0; at < text.length; at += 1) number = (Math.imul(number, 0x01000193) + text.charCodeAt(at)) | 0;
  return number;
}
