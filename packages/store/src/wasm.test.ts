import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test.each([
  { source: "scan", module: "read/scan-module.ts" },
  { source: "pack", module: "pack-module.ts" },
])("the compiled module of $source is of its source as it stands: npm run wasm", async ({ source, module }) => {
  const script = new URL("../../../scripts/wasm.mjs", import.meta.url).href;
  const { moduleOf }: { readonly moduleOf: (source: string) => Promise<string> } = await import(script);
  expect(readFileSync(new URL(module, import.meta.url), "utf8")).toBe(await moduleOf(source));
});
