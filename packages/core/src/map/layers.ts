import type { Family } from "../address/ip.ts";
import {
  constantSteps,
  coverSteps,
  joinSteps,
  type Layer,
  layered,
  type StepFunction,
} from "../address/step-function.ts";
import type { Match } from "../model/flow.ts";
import type { Interned } from "./interned.ts";
import type { Keys } from "./keys.ts";

/** What comes first where it means a destination. */
export interface Reading {
  readonly match: Match;
  /** How it reads. */
  readonly key: number;
  /** What comes after it does not count. */
  readonly isFinal: boolean;
}

/** Lists of which the first that means a destination counts, by what they say there. */
export class Layers {
  readonly #keys: Keys;
  readonly #ids: Interned;
  /** By the number of a place. */
  readonly #insides: Record<Family, Map<number, StepFunction>> = { 4: new Map(), 6: new Map() };

  constructor(keys: Keys) {
    this.#keys = keys;
    this.#ids = keys.ids;
  }

  /** What comes first where it means the destination; the rest counts where it may not decide alone. */
  of(family: Family, rest: number, readings: readonly Reading[]): StepFunction {
    const layers = readings.toReversed().map(({ match, key, isFinal }): Layer => {
      const over = isFinal ? () => key : (below: number) => this.#ids.pairOf(key, below);
      return { where: this.#insideOf(match, family), over };
    });
    return layered(family, rest, layers);
  }

  /** Many offers and filters hold in the same place. */
  #insideOf(match: Match, family: Family): StepFunction {
    const place = this.#keys.place(match);
    const known = this.#insides[family].get(place) ?? insideOf(match, family);
    this.#insides[family].set(place, known);
    return known;
  }
}

/** 1 where a match means the destination. */
function insideOf({ destinations, exceptDestinations }: Match, family: Family): StepFunction {
  const inside = destinations === undefined ? constantSteps(family, 1) : coverSteps(family, destinations);
  if (exceptDestinations === undefined) return inside;
  return joinSteps(inside, coverSteps(family, exceptDestinations), (one, except) => (except === 1 ? 0 : one));
}
