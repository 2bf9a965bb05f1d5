import type { Text } from "../problem.ts";

/**
 * How well a rule is backed. `read`: the vendor's own wording was read (or, for an operating system, the behaviour was
 * measured). `partly`: only a part, an old revision or a third party's quotation. `derived`: follows from rules that
 * were read. `unsourced`: believed; never gives an exact answer alone.
 */
export type RuleMark = "read" | "partly" | "derived" | "unsourced";

/** One documented behaviour of a cloud or an operating system. */
export interface Rule {
  /** `provider/area/what`, for example `gcp/nat/public-needs-internet-gateway`. Stable. */
  readonly id: string;
  /** Its short label in the reference tables, for example `NAT-1`. */
  readonly ref: string;
  readonly says: Text;
  readonly source: string;
  /** The date printed on the page, `YYYY-MM`; null when the page prints none. */
  readonly pageDate: string | null;
  readonly mark: RuleMark;
  /** Ids of the scenarios and tests that hold this rule, for example `gcp/T05`. */
  readonly cases: readonly string[];
  /** Why no case can hold it: no answer rests on it. Only where `cases` is empty. */
  readonly decidesNothing?: Text;
}
