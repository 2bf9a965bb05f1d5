export interface ArchiveLimits {
  /** Of one member that is text. */
  readonly memberBytes: number;
  /** Of all that is in memory at the end. */
  readonly keptBytes: number;
  /** Of all that is expanded, captures and what is passed over with it: what takes time, not memory. */
  readonly expandedBytes: number;
  readonly members: number;
}

export const archiveLimits = (memberBytes: number): ArchiveLimits => ({
  memberBytes,
  keptBytes: 2 * memberBytes,
  expandedBytes: 20_000_000_000,
  members: 10_000,
});
