import type { Cidr } from "../../address/cidr.ts";
import type { NextHop, Route, Usable } from "../../model/egress.ts";
import type { Rule } from "../../model/rule.ts";
import type { Origin } from "../../problem.ts";
import type { Found } from "./read/found.ts";
import type { RawRoute } from "./read/raw.ts";

/** What routes that are alike in all but name and prefix have in common. */
export interface RouteLike {
  readonly hop: NextHop;
  readonly preference: readonly number[];
  readonly usable: Usable;
  readonly rule: Rule;
}

/** One of hundreds of thousands. */
export class FormedRoute implements Route {
  readonly prefix: Cidr;
  readonly like: RouteLike;
  readonly found: Found<RawRoute>;

  constructor(prefix: Cidr, like: RouteLike, found: Found<RawRoute>) {
    this.prefix = prefix;
    this.like = like;
    this.found = found;
  }

  get hop(): NextHop {
    return this.like.hop;
  }

  get preference(): readonly number[] {
    return this.like.preference;
  }

  get usable(): Usable {
    return this.like.usable;
  }

  get name(): string {
    return this.found.name;
  }

  get resource(): string {
    return this.found.path;
  }

  get rule(): Rule {
    return this.like.rule;
  }

  get origin(): Origin {
    return this.found.origin;
  }
}
