import type { Answered } from "../questions.ts";
import type { LogRow } from "../row.ts";
import type { LogStore } from "../store.ts";
import { storeConformance } from "./conformance.ts";
import { coverageOf, distinct, keyOf, seenOf, usedOf, whoOf } from "./oracle.ts";

// The suite against the oracle itself: what it expects by hand is what the oracle says.
storeConformance("a list of rows", async () => {
  const store = listStore();
  return { store, reopen: async () => store, remove: async () => {} };
});

function listStore(): LogStore {
  let rows: readonly LogRow[] = [];
  const answer = <Row>(found: readonly Row[], limit: number): Answered<Row> => ({
    rows: found.slice(0, limit),
    truncated: found.length > limit,
    missing: [],
    coverage: coverageOf(rows),
  });
  return {
    ingest: async (block) => {
      const known = new Set(rows.map(keyOf));
      const added = distinct(block.rows).filter((row) => !known.has(keyOf(row)));
      rows = [...rows, ...added];
      return { added: added.length, duplicates: block.rows.length - added.length };
    },
    used: async (question, limit) => answer(usedOf(rows, question), limit),
    who: async (question, limit) => answer(whoOf(rows, question), limit),
    seen: async (question, limit) => answer(seenOf(rows, question), limit),
    coverage: async () => coverageOf(rows),
    forget: async (beforeUs) => {
      const kept = rows.filter(({ untilUs }) => untilUs >= beforeUs);
      const forgotten = rows.length - kept.length;
      rows = kept;
      return forgotten;
    },
    close: async () => {},
  };
}
