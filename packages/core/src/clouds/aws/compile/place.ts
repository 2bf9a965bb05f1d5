/** Where a packet is: what picks the route table, and what a target of that table may depend on. */
export interface Place {
  readonly vpc: string;
  /** Null: the export does not tell it. */
  readonly subnet: string | null;
  /** `eu-west-1a`: an account's own name of the zone. */
  readonly zone: string | null;
  /** `euw1-az1`: the same zone in every account. */
  readonly zoneId: string | null;
  /** The table that applies, where no subnet picks it (a regional NAT gateway has one of its own). */
  readonly table?: string;
}
