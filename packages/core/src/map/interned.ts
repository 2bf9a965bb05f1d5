/** Ids stay below this: a pair of two is one number that a double holds. */
const PAIRED = 2 ** 26;

/** Numbers for texts and for pairs of numbers: equal things, equal numbers; a text and a pair never share one. */
export class Interned {
  readonly #texts = new Map<string, number>();
  readonly #pairs = new Map<number, number>();
  #next = 0;

  idOf(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, this.#next);
    this.#next += 1;
    return this.#next - 1;
  }

  pairOf(one: number, other: number): number {
    const pair = one * PAIRED + other;
    const known = this.#pairs.get(pair);
    if (known !== undefined) return known;
    this.#pairs.set(pair, this.#next);
    this.#next += 1;
    return this.#next - 1;
  }
}
