const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

/**
 * Compiling takes most of a cold start. The build leaves V8's own form of what it compiled beside each file of the
 * program; only the Node that made it takes it. Any other compiles, and from 22.1 on remembers that by itself.
 *
 * @param {string} folder of the built program
 * @returns {{ main(argv: readonly string[]): Promise<number> } | null} null: not built
 */
exports.loadProgram = (folder) => {
  const program = programIn(folder, (file) => readOrNull(join(folder, cacheOf(file))));
  if (program === null) return null;
  if (program.usesCache) return program.take("main.cjs");
  require("node:module").enableCompileCache?.();
  return require(join(folder, "main.cjs"));
};

/** `cachedData` gives the compiled form of a file; null: compile. The scripts taken so far are kept in `scripts`. */
function programIn(folder, cachedData) {
  const scripts = new Map();
  const modules = new Map();
  const compiled = (file) => {
    const known = scripts.get(file);
    if (known !== undefined) return known;
    const source = readOrNull(join(folder, file), "latin1");
    if (source === null) return null;
    const script = new Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
      filename: join(folder, file),
      cachedData: cachedData(file) ?? undefined,
    });
    scripts.set(file, script);
    return script;
  };
  const take = (file) => {
    const known = modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const near = (id) => (id.startsWith("./") ? take(id.slice(2)) : require(id));
    compiled(file).runInThisContext()(module.exports, near, module, join(folder, file), folder);
    return module.exports;
  };
  const main = compiled("main.cjs");
  if (main === null) return null;
  return { take, scripts, usesCache: main.cachedDataRejected === false };
}
exports.programIn = programIn;

const cacheOf = (file) => file.replace(/\.cjs$/, ".cache");
exports.cacheOf = cacheOf;

function readOrNull(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch {
    return null;
  }
}
