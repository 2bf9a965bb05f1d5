// Words by their codes: their bytes lie one behind the other, and where each ends is a number of 32 bits.

export let leastWord: i32 = 0;
export let mostWord: i32 = 0;

/**
 * Makes of codes the places of their words among those that occur, in the sequence in which they do.
 *
 * @param known a number for each word there is, all 0; they are 0 again when it returns
 * @param list room for as many codes: those that occur
 * @returns how many words occur
 */
export function placesOfWords(codes: i32, count: i32, known: i32, list: i32): i32 {
  let found = 0;
  for (let at = codes; at < codes + count * 4; at += 4) {
    const slot = known + load<i32>(at) * 4;
    let place = load<i32>(slot);
    if (place === 0) {
      store<i32>(list + found * 4, load<i32>(at));
      place = ++found;
      store<i32>(slot, place);
    }
    store<i32>(at, place - 1);
  }
  for (let at = list; at < list + found * 4; at += 4) store<i32>(known + load<i32>(at) * 4, 0);
  return found;
}

/** Finds the least and the greatest word, as bytes compare. @returns how long all of them are together */
export function wordBounds(list: i32, count: i32, bytes: i32, ends: i32): i32 {
  let length = 0;
  leastWord = mostWord = load<i32>(list);
  for (let at = list; at < list + count * 4; at += 4) {
    const code = load<i32>(at);
    length += endOf(ends, code) - endOf(ends, code - 1);
    if (compare(bytes, ends, code, leastWord) < 0) leastWord = code;
    if (compare(bytes, ends, code, mostWord) > 0) mostWord = code;
  }
  return length;
}

function endOf(ends: i32, code: i32): i32 {
  return code < 0 ? 0 : load<i32>(ends + code * 4);
}

function compare(bytes: i32, ends: i32, one: i32, other: i32): i32 {
  const a = endOf(ends, one - 1);
  const b = endOf(ends, other - 1);
  const ofOne = endOf(ends, one) - a;
  const ofOther = endOf(ends, other) - b;
  const common = min(ofOne, ofOther);
  for (let at = 0; at < common; at++) {
    const difference = <i32>load<u8>(bytes + a + at) - <i32>load<u8>(bytes + b + at);
    if (difference !== 0) return difference;
  }
  return ofOne - ofOther;
}

/** Each word with its length in front. @returns where it ends */
export function writeWords(list: i32, count: i32, bytes: i32, ends: i32, start: i32): i32 {
  let out = start;
  for (let at = list; at < list + count * 4; at += 4) {
    const code = load<i32>(at);
    const from = endOf(ends, code - 1);
    const length = endOf(ends, code) - from;
    store<i32>(out, length);
    memory.copy(out + 4, bytes + from, length);
    out += 4 + length;
  }
  return out;
}
