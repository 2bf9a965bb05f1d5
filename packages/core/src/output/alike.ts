import type { Cidr } from "../address/cidr.ts";

/** Numbers lists of destinations, equal lists alike: pieces share lists of tens of thousands, each of which is read once. */
export class Lists {
  readonly #numbers = new Map<readonly Cidr[], number>();
  readonly #byContent = new Map<string, number>();

  numberOf(list: readonly Cidr[]): number {
    const known = this.#numbers.get(list);
    if (known !== undefined) return known;
    const content = list.join();
    const number = this.#byContent.get(content) ?? this.#byContent.size;
    this.#byContent.set(content, number);
    this.#numbers.set(list, number);
    return number;
  }
}

/** Before what is shown of one of several that differ in nothing else. */
export const EACH_ITS_OWN = { en: "each its own, as ", zh: "各自的地址，如 " } as const;
