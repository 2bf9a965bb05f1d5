// What was built before must not outlive its source: a deleted file would still be packed.
import { rmSync } from "node:fs";

for (const built of ["packages/core/dist", "packages/store/dist", "packages/cli/dist", "packages/web/dist", "dist"])
  rmSync(new URL(`../${built}`, import.meta.url), { recursive: true, force: true });
