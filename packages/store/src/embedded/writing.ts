// What only a writer needs: a question loads none of it.
export { keptOf } from "./batch.ts";
export { strays, writeRows } from "./commit.ts";
export { compacted, forgotten } from "./compact.ts";
export { withLock } from "./lock.ts";
export { removeRejects, writeRejects } from "./rejects.ts";
export { hasThread, WriterThread } from "./thread.ts";
