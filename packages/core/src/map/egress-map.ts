import type { Ip } from "../address/ip.ts";
import { addressAt, type Position, type StepFunction } from "../address/step-function.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Assumption, Outcome } from "../model/outcome.ts";
import { identityKey, uniqueById } from "../resolve/combine.ts";
import { sentFrom } from "../resolve/resolve.ts";
import { isOpen, type Prediction, predictionOf } from "../verdict/predict.ts";
import { Decisions } from "./decisions.ts";
import { Interned } from "./interned.ts";
import { Keys } from "./keys.ts";
import { type Kind, Kinds } from "./kinds.ts";
import { computedOf, hiddenIn, type MapSource } from "./own.ts";
import { Likes, type TrafficClass, trafficClassesOf, trafficMatchesOf } from "./traffic.ts";

/** What the destination sees, as far as the configuration tells; what is the sender's own stands in numbered places. */
export interface MapAnswer {
  readonly identity: EgressIdentity;
  readonly certainty: Prediction<Outcome>["certainty"];
  /** The rule that decided last; null when nothing did. */
  readonly rule: string | null;
  /** What it rests on that may as well be otherwise: why it is not certain. */
  readonly open: readonly Assumption[];
}

/** For every destination of a family and every kind of traffic, what is seen of one sender and all of its kind. */
export interface EgressMap {
  readonly traffic: readonly TrafficClass[];
  /** Ids are indexes into `profiles`. */
  readonly steps: StepFunction;
  /** For each class of traffic, an index into `answers`. Shared by all maps that were made together. */
  readonly profiles: readonly (readonly number[])[];
  readonly answers: readonly MapAnswer[];
}

interface Cuts {
  readonly traffic: readonly TrafficClass[];
  /** Of what does not come to the way to the internet. */
  readonly inside: Likes;
  readonly all: Likes;
}

/** Makes maps. What reads alike in two of them is asked once: the same look-up that answers one flow. */
export class Mapper {
  readonly #keys = new Keys(new Interned());
  readonly #decisions = new Decisions(this.#keys);
  readonly #kinds = new Kinds(this.#keys);
  readonly #spoiled: boolean;
  readonly #answers: MapAnswer[] = [];
  readonly #answerIds = new Interned();
  readonly #profiles: (readonly number[])[] = [];
  readonly #profileIds = new Interned();
  /** By decision, within one context and one cut of the traffic. */
  readonly #asked = new Map<string, Map<number, number>>();

  /** @param spoiled a configuration file had an error: nothing is more than possible */
  constructor(spoiled: boolean) {
    this.#spoiled = spoiled;
  }

  kindOf(from: MapSource): Kind {
    return this.#kinds.kindOf(from);
  }

  mapOf(from: MapSource, kind: Kind): EgressMap {
    const matches = trafficMatchesOf(from.interface.egress);
    const traffic = trafficClassesOf(matches);
    const cuts = { traffic, inside: new Likes(matches.inside, traffic), all: new Likes(matches.all, traffic) };
    const context = `${kind.context} ${traffic.map(({ protocol, ports }) => `${protocol}${ports?.first}`).join()}`;
    const asked = this.#asked.get(context) ?? new Map<number, number>();
    this.#asked.set(context, asked);
    const steps = this.#decisions.of(from, kind.keyOf, (decision, first, isOut) => {
      const known = asked.get(decision) ?? this.#profileAt(from, kind, cuts, first, isOut);
      asked.set(decision, known);
      return known;
    });
    return { traffic, steps, profiles: this.#profiles, answers: this.#answers };
  }

  #profileAt(from: MapSource, { more }: Kind, cuts: Cuts, position: Position, isOut: boolean): number {
    const destination = addressAt(from.family, position);
    const likes = (isOut ? cuts.all : cuts.inside).at(destination);
    const computed = [computedOf(from), ...more];
    const answers: number[] = [];
    for (let index = 0; index < likes.length; index += 1) {
      const like = answers[likes[index] ?? index];
      answers.push(like ?? this.#ask(from, computed, cuts.traffic[index] as TrafficClass, destination));
    }
    const id = this.#profileIds.idOf(answers.join());
    this.#profiles[id] ??= answers;
    return id;
  }

  #ask(from: MapSource, computed: readonly string[], { protocol, ports }: TrafficClass, destination: Ip): number {
    const one = { protocol, port: ports?.first ?? null };
    const outcomes = sentFrom(from.interface, from.source, one, destination, from.among);
    const { answer, certainty, chosen } = predictionOf(outcomes, this.#spoiled);
    const rule = chosen[0]?.steps.at(-1)?.rule.id ?? null;
    const open = uniqueById(chosen.flatMap(({ assumptions }) => assumptions.filter(isOpen)));
    return this.#answerId({ identity: hiddenIn(answer, computed), certainty, rule, open });
  }

  #answerId(answer: MapAnswer): number {
    const { identity, certainty, rule, open } = answer;
    const id = this.#answerIds.idOf(
      `${identityKey(identity)} ${certainty} ${rule} ${open.map((one) => one.id).join()}`,
    );
    this.#answers[id] ??= answer;
    return id;
  }
}
