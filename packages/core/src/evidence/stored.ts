import type { Ip } from "../address/ip.ts";
import type { Protocol } from "../model/flow.ts";
import type { Evidence, EvidenceKind, Strength } from "./observation.ts";

/** A source that a store of logs has for a flow: many records of one kind, told once. */
export interface StoredSource {
  readonly kind: EvidenceKind;
  readonly strength: Strength;
  readonly source: Ip;
  /** The sender's own address, where the flow's is known. */
  readonly before: Ip | null;
  readonly destination: Ip | null;
  readonly destinationPort: number | null;
  readonly protocol: Protocol | null;
  /** RFC 3339 */
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** What the records prove, in the words that a file of them is read with. `store`: as the user named it. */
export const storedEvidence = async (sources: readonly StoredSource[], store: string): Promise<Evidence> =>
  (await import("./on-demand/stored.ts")).evidenceOfStored(sources, store);
