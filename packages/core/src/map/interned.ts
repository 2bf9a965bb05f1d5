const FIRST_ROOM = 2 ** 10;
const FULL = 0.6;

/** Numbers for texts and for pairs of numbers: equal things, equal numbers; a text and a pair never share one. */
export class Interned {
  readonly #texts = new Map<string, number>();
  #next: number;
  /** Three words a place: the pair, and its id plus one; open addressing. */
  #pairs = new Uint32Array(3 * FIRST_ROOM);
  #room = FIRST_ROOM;
  #pairCount = 0;

  /** @param from the first number given */
  constructor(from = 0) {
    this.#next = from;
  }

  idOf(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, this.#next);
    this.#next += 1;
    return this.#next - 1;
  }

  /** Of two numbers from zero up. */
  pairOf(one: number, other: number): number {
    const place = this.#placeOf(one, other);
    const known = this.#pairs[place + 2] ?? 0;
    if (known > 0) return known - 1;
    const id = this.#next;
    this.#next += 1;
    this.#write(place, one, other, id + 1);
    this.#pairCount += 1;
    if (this.#pairCount > this.#room * FULL) this.#grow();
    return id;
  }

  /** Where the pair stands, or would. */
  #placeOf(one: number, other: number): number {
    const pairs = this.#pairs;
    const mask = this.#room - 1;
    let slot = hashOf(one, other) & mask;
    for (;;) {
      const place = slot * 3;
      if (pairs[place + 2] === 0 || (pairs[place] === one && pairs[place + 1] === other)) return place;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const before = this.#pairs;
    this.#room *= 2;
    this.#pairs = new Uint32Array(3 * this.#room);
    for (let place = 0; place < before.length; place += 3)
      if (before[place + 2] !== 0) {
        const one = before[place] ?? 0;
        const other = before[place + 1] ?? 0;
        this.#write(this.#placeOf(one, other), one, other, before[place + 2] ?? 0);
      }
  }

  #write(place: number, one: number, other: number, mark: number): void {
    this.#pairs[place] = one;
    this.#pairs[place + 1] = other;
    this.#pairs[place + 2] = mark;
  }
}

/** A few bits for each of many numbers from zero up; none are set of a number that was not told. */
export class Marks {
  #bits = new Uint8Array(FIRST_ROOM);

  of(id: number): number {
    return this.#bits[id] ?? 0;
  }

  set(id: number, bits: number): void {
    if (id >= this.#bits.length) {
      const before = this.#bits;
      this.#bits = new Uint8Array(2 * id);
      this.#bits.set(before);
    }
    this.#bits[id] = bits;
  }
}

/** Neighbouring numbers are common: every bit must count. */
function hashOf(one: number, other: number): number {
  const mixed = Math.imul(one, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
