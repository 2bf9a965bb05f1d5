/** Numbers for texts: equal texts, equal numbers. */
export class Interned {
  readonly #ids = new Map<string, number>();

  get size(): number {
    return this.#ids.size;
  }

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(text, id);
    return id;
  }
}

/** Ids stay below this: a pair of two is one number that a double holds. */
const PAIRED = 2 ** 26;

/** Numbers for pairs of numbers. */
export class InternedPairs {
  readonly #ids = new Map<number, number>();

  idOf(one: number, other: number): number {
    const pair = one * PAIRED + other;
    const known = this.#ids.get(pair);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(pair, id);
    return id;
  }
}
