import { isPrivate } from "../../../address/cidr.ts";
import type { ObservedAddress } from "../../observation.ts";
import type { Sighting } from "../observe.ts";

/** Which side of a filter the packet came from, as far as its own words tell it. */
export type Side = "outside" | "inside" | "own" | "unknown";

/** One record of a filter. `before` of the sighting is set where the filter translated the source itself. */
export interface Filtered {
  readonly sighting: Sighting;
  readonly product: string;
  readonly denied: boolean;
  readonly side: Side;
}

/** A private source that is being forwarded may still be changed; a public one came in from outside. */
export function sideOf(source: ObservedAddress | null, from: string): Side {
  if (/^(?:out|untrust|wan|internet|public|ext)/i.test(from) || /(?:outside|untrust|internet)$/i.test(from))
    return "outside";
  if (source?.ip === null || source === null) return "unknown";
  return isPrivate(source.ip) ? "inside" : "unknown";
}
