import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The source, not a build that may be old.
  resolve: {
    alias: {
      "@seenas/core/address": fileURLToPath(new URL("packages/core/src/address/door.ts", import.meta.url)),
      "@seenas/core": fileURLToPath(new URL("packages/core/src/index.ts", import.meta.url)),
      "@seenas/store/sql": fileURLToPath(new URL("packages/store/src/sql/index.ts", import.meta.url)),
      "@seenas/store": fileURLToPath(new URL("packages/store/src/index.ts", import.meta.url)),
    },
  },
  test: {
    environment: "node",
    // Many tests wait for other programs: as many files at a time as there are processors, not one less.
    maxWorkers: "100%",
    // No test is about time; a machine that does something else takes longer.
    testTimeout: 60_000,
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    exclude: [
      "**/node_modules/**",
      "**/dist/**",
      "**/build/**",
      // Pictures, made when they are asked for: npm run screenshots.
      ...(process.env["SCREENSHOTS"] === "1" ? [] : ["**/screenshots.test.ts"]),
    ],
  },
});
