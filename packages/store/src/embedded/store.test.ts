import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeConformance } from "../testing/conformance.ts";
import { EmbeddedStore } from "./store.ts";

storeConformance("a folder of segments", async () => {
  const parent = mkdtempSync(join(tmpdir(), "seenas-store-"));
  const folder = join(parent, "store");
  let store = new EmbeddedStore(folder);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = new EmbeddedStore(folder);
      return store;
    },
    remove: async () => {
      await store.close();
      rmSync(parent, { recursive: true });
    },
  };
});
