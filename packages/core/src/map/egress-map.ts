import { addressAt, firstOfEach, mapSteps, type StepFunction } from "../address/step-function.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Outcome } from "../model/outcome.ts";
import { identityKey } from "../resolve/combine.ts";
import { sentFrom } from "../resolve/resolve.ts";
import { type Prediction, predictionOf } from "../verdict/predict.ts";
import { decisionsOf } from "./decisions.ts";
import type { MapSource } from "./own.ts";
import { type TrafficClass, trafficClassesOf } from "./traffic.ts";

/** What the destination sees, as far as the configuration tells. */
export interface MapAnswer {
  readonly identity: EgressIdentity;
  readonly certainty: Prediction<Outcome>["certainty"];
  /** The rule that decided last; null when nothing did. */
  readonly rule: string | null;
}

/** For every destination of a family and every kind of traffic, what is seen of one sender. */
export interface EgressMap {
  readonly traffic: readonly TrafficClass[];
  /** Ids are indexes into `profiles`. */
  readonly steps: StepFunction;
  /** For each class of traffic, an index into `answers`. */
  readonly profiles: readonly (readonly number[])[];
  readonly answers: readonly MapAnswer[];
}

/**
 * Asks once for every decision that differs: the same look-up that answers one flow, at one address of each.
 *
 * @param spoiled a configuration file had an error: nothing is more than possible
 */
export function egressMapFrom(from: MapSource, spoiled: boolean): EgressMap {
  const { egress } = from.interface;
  const traffic = trafficClassesOf(egress);
  const decisions = decisionsOf(egress, from.family);
  const table = new Answers();
  const profileOf = new Map<number, number>();
  for (const [id, position] of firstOfEach(decisions)) {
    const destination = addressAt(from.family, position);
    const answers = traffic.map(({ protocol, ports }) => {
      const one = { protocol, port: ports?.first ?? null };
      return table.answerId(predictionOf(sentFrom(from.interface, from.source, one, destination), spoiled));
    });
    profileOf.set(id, table.profileId(answers));
  }
  return { traffic, steps: mapSteps(decisions, (id) => profileOf.get(id) ?? 0), ...table.done() };
}

class Answers {
  readonly #answers = new Map<string, MapAnswer>();
  readonly #ids = new Map<string, number>();
  readonly #profiles: (readonly number[])[] = [];
  readonly #profileIds = new Map<string, number>();

  answerId({ answer, certainty, chosen }: Prediction<Outcome>): number {
    const rule = chosen[0]?.steps.at(-1)?.rule.id ?? null;
    const key = `${identityKey(answer)} ${certainty} ${rule}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#ids.size);
    this.#answers.set(key, { identity: answer, certainty, rule });
    return this.#ids.size - 1;
  }

  profileId(answers: readonly number[]): number {
    const key = answers.join();
    const known = this.#profileIds.get(key);
    if (known !== undefined) return known;
    this.#profileIds.set(key, this.#profiles.length);
    this.#profiles.push(answers);
    return this.#profiles.length - 1;
  }

  done(): Pick<EgressMap, "profiles" | "answers"> {
    return { profiles: this.#profiles, answers: [...this.#answers.values()] };
  }
}
