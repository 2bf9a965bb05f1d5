import type { Evidence, Observation } from "../observation.ts";

/** Of observations that say the same of different times the last is enough; a log has millions. */
const MOST_KEPT = 200_000;

/** Puts together what the parts of one file say. */
export class Merged {
  readonly #observations = new Map<string, Observation>();
  readonly #problems = new Map<string, Evidence["problems"][number]>();
  #kind: Evidence["kind"] = "unknown";
  /** Observations beyond the limit. */
  leftOut = 0;

  /** @param lineOf the line of the whole file that a line of the part is */
  add({ kind, observations, problems }: Evidence, lineOf: (line: number) => number): void {
    if (kind !== "unknown") this.#kind = this.#kind === "unknown" || this.#kind === kind ? kind : "mixed";
    for (const observation of observations) {
      const { line } = observation;
      this.#keep(line === null ? observation : { ...observation, line: lineOf(line) });
    }
    // One of each: a part that holds nothing but lines of no interest is no news.
    for (const problem of problems)
      if (problem.code !== "evidence/nothing-found" && !this.#problems.has(problem.code))
        this.#problems.set(problem.code, problem.line === null ? problem : { ...problem, line: lineOf(problem.line) });
  }

  #keep(observation: Observation): void {
    const key = keyOf(observation);
    if (!this.#observations.has(key) && this.#observations.size >= MOST_KEPT) {
      this.leftOut += 1;
      return;
    }
    this.#observations.set(key, observation);
  }

  of(file: string): Evidence {
    return {
      file,
      kind: this.#kind,
      observations: [...this.#observations.values()],
      paths: [],
      names: [],
      problems: [...this.#problems.values()],
    };
  }
}

const keyOf = ({ kind, seen, before, sender, strength, vantage, claimed }: Observation): string =>
  [
    kind,
    strength,
    vantage,
    before?.text,
    sender,
    seen.source?.text,
    seen.destination?.text ?? seen.destinationName,
    seen.destinationPort,
    seen.protocol,
    claimed,
  ].join(" ");
