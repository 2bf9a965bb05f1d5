// One folder that runs by itself: the command line with the engine and every library in it, cut at each `import()` so
// that a command loads only what it uses.
import { fileURLToPath } from "node:url";
import { build } from "vite";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

await build({
  configFile: false,
  logLevel: "warn",
  root: path("packages/cli"),
  resolve: { alias: { "@seenas/core": path("packages/core/src/index.ts") } },
  ssr: { noExternal: true },
  build: {
    ssr: path("packages/cli/src/main.ts"),
    outDir: path("packages/cli/dist"),
    emptyOutDir: true,
    target: "node20",
    minify: true,
    rolldownOptions: {
      output: { format: "es", entryFileNames: "main.js", chunkFileNames: "[name].js" },
    },
  },
});
