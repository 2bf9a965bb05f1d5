import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the compiled module is of the source as it stands: npm run wasm", async () => {
  const script = new URL("../../../../scripts/wasm.mjs", import.meta.url).href;
  const { scanModule }: { readonly scanModule: () => Promise<string> } = await import(script);
  expect(readFileSync(new URL("./scan-module.ts", import.meta.url), "utf8")).toBe(await scanModule());
});
