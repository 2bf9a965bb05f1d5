/** How a format is read: whole records of what is there, and what the next one needs. */
export interface Format {
  /**
   * Reads records from `at` on, as many as lie whole before `end`. Of a long record the beginning is enough; the rest is
   * then left in `skip`.
   *
   * @returns where the first record begins that is not there yet; `needs` is how many bytes of it must be
   */
  step(bytes: DataView, at: number, end: number): number;
  needs: number;
  /** Bytes of the record just read that are still to come. */
  skip: number;
  /** Set when what follows cannot be read: nothing after it is. */
  damage: Damage | null;
}

export interface Damage {
  readonly kind: "length" | "block";
  /** How many packets were read before it. */
  readonly after: number;
}
