import type { Cidr } from "../address/cidr.ts";
import type { Ip } from "../address/ip.ts";
import type { Origin, Text } from "../problem.ts";
import type { Route, RouteStage } from "./egress.ts";
import type { EgressIdentity } from "./identity.ts";
import type { Rule } from "./rule.ts";

/** What to do to learn a missing fact. */
export interface Ask {
  readonly text: Text;
  /** To copy and run; null when there is none. */
  readonly command: string | null;
  /** What knowing it would settle. */
  readonly settles: Text;
  /** Needs neither the internet nor a provider's API. Absent: it may. */
  readonly inside?: true;
}

/**
 * Something an outcome takes without input. `default`: the documented behaviour unless somebody changed it.
 * `open`: either way is as plausible.
 */
export interface Assumption {
  readonly id: string;
  readonly basis: "default" | "open";
  readonly text: Text;
  readonly ask: Ask | null;
}

/** One predicted step on the way out, with the rule that makes it so. A step is predicted; a hop is observed. */
export interface Step {
  readonly rule: Rule;
  readonly resource: string | null;
  readonly text: Text;
  readonly origin: Origin | null;
  /** Where the step is that of a route: who was in the running. See `contendersOf`. */
  readonly contest?: Contest;
  /** Where a look-up of a guest begins: the routes in the running, the one that was taken first. Worked out when asked. */
  readonly runners?: () => readonly Runner[];
}

/**
 * How a route fared. `shared`: taken together with equal ones. `later-table`: its table was never asked. `rule-not-met`:
 * the policy rule that leads to its table does not hold for the packet.
 */
export type Fate =
  | "taken"
  | "shared"
  | "unusable"
  | "less-preferred"
  | "less-specific"
  | "later-table"
  | "rule-not-met";

/** A route of a guest, and by which rule it won or lost; null: nobody compared it. */
export interface Runner {
  readonly prefix: Cidr;
  /** With its table, where there are several. */
  readonly text: Text;
  readonly fate: Fate;
  readonly rule: Rule | null;
  readonly origin: Origin;
}

/** One look-up in one stage of a route table. */
export interface Contest {
  readonly stage: RouteStage;
  readonly destination: Ip;
  /** They share the traffic. */
  readonly winners: readonly Route[];
  /** Of the same prefix, and less preferred. */
  readonly losers: readonly Route[];
  /** Of the same prefix, and without a usable next hop. */
  readonly dead: readonly Route[];
}

/** One egress identity the configuration allows, the assumptions under which it holds, and why. */
export interface Outcome {
  readonly identity: EgressIdentity;
  readonly assumptions: readonly Assumption[];
  readonly steps: readonly Step[];
  /** Holds only if a documented default does not: shown as "unless", never beside what holds by default. */
  readonly againstDefault: boolean;
}
