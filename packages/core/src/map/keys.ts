import type {
  Alternative,
  Appliance,
  ApplianceAction,
  Filter,
  Gap,
  Link,
  NextHop,
  Offer,
  Usable,
} from "../model/egress.ts";
import type { Match, PortRange } from "../model/flow.ts";
import type { Assumption, Step } from "../model/outcome.ts";
import { identityKey } from "../resolve/combine.ts";
import type { Interned } from "./interned.ts";
import { remembered } from "./remembered.ts";

/**
 * What of the model can change an answer, as numbers: equal numbers, equal answers. Names, places and sentences are left
 * out. A number is that of a word with what belongs to it, so that those of different things never meet.
 */
export class Keys {
  readonly ids: Interned;
  readonly #lists = new WeakMap<readonly unknown[], number>();
  readonly #links = new WeakMap<Link, number>();
  readonly #appliances = new WeakMap<Appliance, number>();
  readonly #nothing: number;
  readonly #assumes: number;
  readonly #keepsSource: number;

  constructor(ids: Interned) {
    this.ids = ids;
    this.#nothing = ids.idOf("nothing");
    this.#assumes = ids.idOf("assumes");
    this.#keepsSource = ids.idOf("keeps-source");
  }

  assumption(assumption: Assumption | null | undefined): number {
    if (assumption === null || assumption === undefined) return this.#nothing;
    return this.ids.pairOf(
      this.#assumes,
      this.ids.pairOf(this.ids.idOf(assumption.basis), this.ids.idOf(assumption.id)),
    );
  }

  /** Everything that a match asks for. */
  match(match: Match): number {
    return this.#told("match", this.#list(match.sources), this.place(match), this.#traffic(match));
  }

  /** Where a match holds. */
  place({ destinations, exceptDestinations }: Match): number {
    return this.ids.pairOf(this.#list(destinations), this.#list(exceptDestinations));
  }

  alternatives(alternatives: readonly Alternative[]): number {
    let all = this.#nothing;
    for (const one of alternatives) all = this.ids.pairOf(all, this.#alternative(one));
    return all;
  }

  /** How an offer reads, wherever and for whomever it applies. */
  offer({ match, step, fallsThrough, alternatives }: Offer): number {
    const applies = this.ids.pairOf(this.#traffic(match), this.assumption(fallsThrough));
    return this.#told("offer", this.ids.idOf(step.rule.id), applies, this.alternatives(alternatives));
  }

  /** How a filter reads, wherever and for whomever it applies. */
  filter({ match, action, rule, unless, list, perhaps }: Filter): number {
    const decides = this.ids.idOf(`${action} ${list ?? ""} ${rule.id}`);
    const held = this.ids.pairOf(this.assumption(unless?.holds), this.assumption(unless?.lifted));
    const meant = this.ids.pairOf(this.assumption(perhaps?.applies), this.assumption(perhaps?.not));
    return this.#told("filter", decides, this.#traffic(match), this.ids.pairOf(held, meant));
  }

  gap({ harmless, otherwise }: Gap): number {
    return this.#told("gap", this.assumption(harmless), this.alternatives(otherwise), this.#nothing);
  }

  hop(hop: NextHop): number {
    switch (hop.kind) {
      case "internet":
      case "next-stage":
        return this.ids.idOf(hop.kind);
      case "local":
      case "drop":
        return this.ids.idOf(`${hop.kind} ${hop.rule.id}`);
      case "link":
        return remembered(this.#links, hop.link, () => this.#link(hop.link));
      case "appliance": {
        let all = this.#nothing;
        for (const one of hop.appliances)
          all = this.ids.pairOf(
            all,
            remembered(this.#appliances, one, () => this.#appliance(one)),
          );
        return this.#told("appliances", all, this.#nothing, this.#nothing);
      }
      case "alternatives":
        return this.#told("alternatives", this.alternatives(hop.alternatives), this.#nothing, this.#nothing);
      default:
        return hop satisfies never;
    }
  }

  /** Whether a route counts, and for which packets. */
  fit(usable: Usable, match: Match | undefined): number {
    return this.#told(
      "fits",
      this.#usable(usable),
      match === undefined ? this.#nothing : this.match(match),
      this.#nothing,
    );
  }

  #told(word: string, one: number, other: number, third: number): number {
    return this.ids.pairOf(this.ids.idOf(word), this.ids.pairOf(one, this.ids.pairOf(other, third)));
  }

  #link({ keeps, offers, beyond }: Link): number {
    let all = this.#nothing;
    for (const offer of offers) all = this.ids.pairOf(all, this.ids.pairOf(this.match(offer.match), this.offer(offer)));
    let past = this.#nothing;
    for (const gap of beyond)
      past = this.ids.pairOf(past, this.ids.pairOf(this.#list(gap.destinations), this.gap(gap)));
    return this.#told("link", this.ids.idOf(keeps.id), all, past);
  }

  /** How it sends on is known by its id, and what it does by where a route enters it: a device has several interfaces. */
  #appliance({ id, name, resource, behaviours }: Appliance): number {
    let all = this.#nothing;
    for (const { match, step, does } of behaviours) {
      let done = this.ids.idOf(step.rule.id);
      for (const action of does) done = this.ids.pairOf(done, this.#action(action));
      all = this.ids.pairOf(all, this.ids.pairOf(this.match(match), done));
    }
    return this.ids.pairOf(this.ids.idOf(`appliance ${id} ${name} ${resource ?? ""}`), all);
  }

  #action(action: ApplianceAction): number {
    if (action.kind === "answers") return this.#alternative(action.alternative);
    const { assumptions, steps } = action;
    const does =
      action.kind === "forwards"
        ? action.kind
        : `${action.kind} ${action.translator} ${action.complete} ${action.sources.join()} ${action.among?.join() ?? ""}`;
    return this.#told(does, this.#assumed(assumptions), this.#rules(steps), this.#nothing);
  }

  #alternative({ identity, assumptions, steps }: Alternative): number {
    const seen = identity.kind === "keeps-source" ? this.#keepsSource : this.ids.idOf(identityKey(identity));
    return this.#told("alternative", seen, this.#assumed(assumptions), this.#rules(steps));
  }

  #assumed(assumptions: readonly Assumption[]): number {
    let all = this.#nothing;
    for (const one of assumptions) all = this.ids.pairOf(all, this.assumption(one));
    return all;
  }

  #rules(steps: readonly Step[]): number {
    let all = this.#nothing;
    for (const { rule } of steps) all = this.ids.pairOf(all, this.ids.idOf(rule.id));
    return all;
  }

  #usable(usable: Usable): number {
    if (usable.kind === "yes") return this.#nothing;
    if (usable.kind === "no") return this.ids.idOf(usable.rule.id);
    return this.ids.pairOf(this.assumption(usable.up), this.assumption(usable.down));
  }

  #traffic({ protocols, ports }: Match): number {
    if (protocols === undefined && ports === undefined) return this.#nothing;
    const ranges = ports && remembered(this.#lists, ports, () => this.ids.idOf(ports.map(rangeText).join()));
    return this.ids.pairOf(this.ids.idOf(protocols?.join() ?? "any"), ranges ?? this.#nothing);
  }

  /** Many matches share a list. */
  #list(list: readonly string[] | undefined): number {
    return list === undefined ? this.#nothing : remembered(this.#lists, list, () => this.ids.idOf(list.join()));
  }
}

const rangeText = ({ first, last }: PortRange): string => `${first}-${last}`;
