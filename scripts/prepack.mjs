// Run by `npm pack` and `npm publish` in a package's folder: nothing old is packed, and the licence goes with it.
import { copyFileSync, existsSync } from "node:fs";
import { isStale } from "./stale.mjs";

const root = new URL("../", import.meta.url);

const stale = isStale();
if (stale !== undefined) {
  process.stderr.write(`${stale}; run at the root of the checkout: npm run build\n`);
  process.exit(1);
}
copyFileSync(new URL("LICENSE", root), "LICENSE");
// The core has a README of its own; the command's is the project's.
if (!existsSync("bin")) process.exit(0);
copyFileSync(new URL("README.md", root), "README.md");
