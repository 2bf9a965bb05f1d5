// The page, twice from one source: files that a server hands out, and one plain file that opens from a disk.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { build } from "vite";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const dist = path("dist");

const shared = (plugins = []) => ({
  configFile: false,
  logLevel: "warn",
  root: path("."),
  base: "./",
  define: { "process.env.NODE_ENV": '"production"' },
  resolve: { alias: { "@seenas/core": path("../core/src/index.ts") } },
  plugins: [react(), ...plugins],
});

/** A file in place of another. */
const instead = (file, other) => ({
  name: "instead",
  enforce: "pre",
  resolveId: (id) => (id.endsWith(`/${file}`) ? path(other) : null),
});

const target = "es2023";

/** Served by http: an entry, and what is needed later in files of its own. */
async function buildSite() {
  await build({
    ...shared(),
    worker: { format: "es" },
    build: {
      outDir: join(dist, "site"),
      emptyOutDir: true,
      target,
      minify: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
  const file = join(dist, "site/index.html");
  const policy = policyOf({ script: "'self'", style: "'self'", worker: "'self'", connect: "'self'" });
  writeFileSync(file, withPolicy(readFileSync(file, "utf8"), policy));
}

/** One script out of an entry and everything that it loads. */
async function scriptOf(entry, ...plugins) {
  const [built] = [
    await build({
      ...shared(plugins),
      build: {
        write: false,
        target,
        minify: true,
        cssCodeSplit: false,
        modulePreload: false,
        rolldownOptions: {
          input: path(entry),
          // Nothing is loaded at run time: there is no address to load from.
          checks: { emptyImportMeta: false, pluginTimings: false },
          output: { format: "iife", codeSplitting: false },
        },
      },
    }),
  ].flat();
  const code = built.output.find(({ type }) => type === "chunk").code;
  const style = built.output.find(({ fileName }) => fileName.endsWith(".css"))?.source ?? "";
  return { code, style: String(style) };
}

/** What `example-files.ts` holds, which is gathered while it is built. */
async function examples() {
  const [{ code }] = await partsOf("src/files/example-files.ts");
  const part = { exports: {} };
  new Function("seenasPart", code)((_, run) => run(null, part, part.exports));
  return JSON.stringify(part.exports.EXAMPLE_FILES).replaceAll("<", "\\u003c");
}

/** The worker in parts, so that what a question does not need is never compiled: a module each, which `require`s others. */
async function partsOf(entry) {
  const [built] = [
    await build({
      ...shared(),
      // Not for Node, as Vite takes it for: libraries as a browser has them.
      ssr: { noExternal: true, resolve: { conditions: ["browser", "module", "import", "default"] } },
      build: {
        write: false,
        ssr: path(entry),
        target,
        minify: true,
        rolldownOptions: {
          checks: { emptyImportMeta: false, pluginTimings: false },
          output: { format: "cjs", entryFileNames: "[name]", chunkFileNames: "[name]-[hash]" },
        },
      },
    }),
  ].flat();
  return built.output.map(({ fileName, code }) => {
    if (/\bimport\(/.test(code)) throw new Error(`${fileName} imports at run time`);
    return { name: fileName, code: `seenasPart(${JSON.stringify(fileName)},(require,module,exports)=>{${code}\n})` };
  });
}

async function buildPlain() {
  const page = await scriptOf(
    "src/main.tsx",
    instead("start-worker.ts", "src/state/start-worker.plain.ts"),
    instead("example-files.ts", "src/files/example-files.plain.ts"),
  );
  const parts = await partsOf("src/worker/worker.ts");
  const loader = await scriptOf("src/worker/load-parts.ts");
  const script = inScript(page.code);
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  // Scripts of `blob:` are those that the page's own made: the worker and its parts.
  const policy = policyOf({
    script: `${hash(script)} blob:`,
    style: hash(page.style),
    worker: "blob:",
    connect: "'none'",
  });
  const shell = readFileSync(path("index.html"), "utf8").replace(/\s*<script type="module".*<\/script>/, "");
  const inert = (mark, code) => `<script type="text/plain" ${mark}>${inScript(code)}</script>`;
  const worker = [
    inert('id="seenas-worker"', loader.code),
    ...parts.map(({ name, code }) => inert(`data-part="${name}"`, code)),
    `<script type="application/json" id="seenas-examples">${await examples()}</script>`,
  ].join("\n");
  const html = withPolicy(shell, policy)
    .replace("</head>", () => `<style>${page.style}</style>\n</head>`)
    .replace("</body>", () => `${worker}\n<script>${script}</script>\n</body>`);
  writeFileSync(join(dist, "seenas.html"), html);
}

const policyOf = ({ script, style, worker, connect }) =>
  `default-src 'none'; script-src ${script}; style-src ${style}; worker-src ${worker}; connect-src ${connect}; img-src data:; base-uri 'none'; form-action 'none'`;

const withPolicy = (html, policy) =>
  html.replace(
    /(<meta charset="utf-8"\s*\/?>)/,
    (meta) => `${meta}\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
  );

/** What would end a script's element, or begin a comment in it, inside texts and patterns of the code. */
const inScript = (code) => code.replaceAll(/<(?=\/script|!--)/gi, "\\x3C");

/** The session that `seenas serve` runs in a thread of its own. */
async function buildThread() {
  await build({
    ...shared(),
    ssr: { noExternal: true },
    build: {
      ssr: path("src/server/thread.ts"),
      outDir: join(dist, "thread"),
      target: "node20",
      minify: true,
      rolldownOptions: { output: { entryFileNames: "thread.mjs", chunkFileNames: "[name].mjs" } },
    },
  });
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await buildSite();
await buildPlain();
await buildThread();
if (readdirSync(join(dist, "site")).length === 0) throw new Error("nothing was built");
// It ships with the command.
const shipped = path("../cli/dist/page");
rmSync(shipped, { recursive: true, force: true });
cpSync(dist, shipped, { recursive: true });
