import { type Cidr, cidrsOfRange, familyOfCidr, lengthOf, pushCidrs4, rangeOf } from "./cidr.ts";
import { bitsOf } from "./ip.ts";
import { runsWhere, type StepFunction } from "./step-function.ts";

/** The largest prefixes of a list, IPv4 before IPv6 and the lower address first where they are equally long. */
export function largestOf(cidrs: Iterable<Cidr>, count: number): readonly Cidr[] {
  const largest = new Largest(count);
  for (const cidr of cidrs) largest.add(cidr);
  return largest.all();
}

/** The same of `prefixesWhere`, without writing down the thousands that are not among them. */
export function largestWhere(steps: StepFunction, isWanted: (id: number) => boolean, count: number): readonly Cidr[] {
  const largest = new Largest(count);
  const bits = bitsOf(steps.family);
  for (const { first, last } of runsWhere(steps, isWanted)) {
    if (Number(last) - Number(first) + 1 < 2 ** (bits - largest.longest)) continue;
    const inside: Cidr[] = [];
    if (typeof first === "number") pushCidrs4(inside, first, Number(last));
    else inside.push(...cidrsOfRange({ family: 6, first, last: BigInt(last) }));
    for (const cidr of inside) largest.add(cidr);
  }
  return largest.all();
}

class Largest {
  readonly #count: number;
  readonly #found: Placed[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** What is longer than this has no place any more. */
  get longest(): number {
    return this.#found.length < this.#count ? 128 : (this.#found.at(-1)?.length ?? 128);
  }

  add(cidr: Cidr): void {
    const found = this.#found;
    const one = { cidr, length: lengthOf(cidr) };
    const last = found.at(-1);
    if (found.length === this.#count && last !== undefined && !isBefore(one, last)) return;
    const at = found.findIndex((other) => isBefore(one, other));
    found.splice(at < 0 ? found.length : at, 0, one);
    found.length = Math.min(found.length, this.#count);
  }

  all(): readonly Cidr[] {
    return this.#found.map(({ cidr }) => cidr);
  }
}

interface Placed {
  readonly cidr: Cidr;
  readonly length: number;
}

function isBefore(one: Placed, other: Placed): boolean {
  if (one.length !== other.length) return one.length < other.length;
  const [family, others] = [familyOfCidr(one.cidr), familyOfCidr(other.cidr)];
  return family === others ? rangeOf(one.cidr).first < rangeOf(other.cidr).first : family < others;
}
