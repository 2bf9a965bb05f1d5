import type { Cidr } from "../../../address/cidr.ts";
import type { NextHop, Route } from "../../../model/egress.ts";
import type { Rule } from "../../../model/rule.ts";

/** The rank of a static route: it goes before all others. https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html */
export const STATIC = 0;

/** A route that stands in no table of the export. */
export const fixed = (prefix: Cidr, hop: NextHop, rule: Rule, name: string): Route => ({
  prefix,
  hop,
  preference: [STATIC],
  usable: { kind: "yes" },
  name,
  resource: null,
  rule,
  origin: null,
});
