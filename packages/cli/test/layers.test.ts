import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

// A layer rule that never fires looks like one that holds: each is shown a file that breaks it.

const root = fileURLToPath(new URL("../../../", import.meta.url));

const uses = (from: string): string => `import { x } from ${JSON.stringify(from)};\nexport const y = x;\n`;

const IMPORTS = "lint/style/noRestrictedImports";

/** Where, what stands there, and the rule that must refuse it; null: allowed. */
const FILES: readonly (readonly [string, string, string | null])[] = [
  ["address/a.ts", uses("../model/x.ts"), IMPORTS],
  ["address/b.ts", uses("ipaddr.js"), null],
  ["address/c.ts", uses("../problem.ts"), null],
  ["model/a.ts", uses("../clouds/x.ts"), IMPORTS],
  ["model/b.ts", uses("ipaddr.js"), IMPORTS],
  ["model/c.ts", uses("../address/x.ts"), null],
  ["documents/a.ts", uses("../clouds/gcp/x.ts"), IMPORTS],
  ["documents/b.ts", uses("../clouds/document.ts"), null],
  ["documents/c.ts", uses("yaml"), IMPORTS],
  ["documents/yaml.ts", uses("yaml"), null],
  ["clouds/gcp/a.ts", uses("../../resolve/x.ts"), IMPORTS],
  ["clouds/gcp/b.ts", uses("../../guests/x.ts"), IMPORTS],
  ["clouds/gcp/c.ts", uses("../../model/x.ts"), null],
  ["guests/a.ts", uses("../clouds/x.ts"), IMPORTS],
  ["guests/linux/b.ts", uses("../../evidence/x.ts"), IMPORTS],
  ["guests/c.ts", uses("../documents/x.ts"), null],
  ["resolve/a.ts", uses("../clouds/gcp/x.ts"), IMPORTS],
  ["resolve/b.ts", uses("../verdict/x.ts"), IMPORTS],
  ["resolve/c.ts", uses("../guests/x.ts"), null],
  ["evidence/a.ts", uses("../resolve/x.ts"), IMPORTS],
  ["evidence/b.ts", uses("../documents/x.ts"), null],
  ["witness/a.ts", uses("../evidence/x.ts"), IMPORTS],
  ["witness/b.ts", uses("../model/x.ts"), null],
  ["intake/a.ts", uses("../verdict/x.ts"), IMPORTS],
  ["intake/b.ts", uses("../evidence/x.ts"), null],
  ["verdict/a.ts", uses("../output/x.ts"), IMPORTS],
  ["verdict/b.ts", uses("../resolve/x.ts"), null],
  ["verdict/c.ts", uses("../map/x.ts"), IMPORTS],
  ["verdict/d.ts", uses("../allow/x.ts"), IMPORTS],
  ["map/d.ts", uses("../allow/x.ts"), IMPORTS],
  ["allow/a.ts", uses("../output/x.ts"), IMPORTS],
  ["allow/b.ts", uses("../clouds/gcp/x.ts"), IMPORTS],
  ["allow/c.ts", uses("../map/x.ts"), null],
  ["map/a.ts", uses("../clouds/gcp/x.ts"), IMPORTS],
  ["map/b.ts", uses("../output/x.ts"), IMPORTS],
  ["map/c.ts", uses("../verdict/x.ts"), null],
  ["output/a.ts", uses("../testing/x.ts"), IMPORTS],
  ["output/b.ts", uses("../verdict/x.ts"), null],
  ["index.ts", uses("./verdict/x.ts"), null],
  ["a.ts", uses("./testing/x.ts"), IMPORTS],
  ["output/node.ts", uses("node:fs"), "lint/correctness/noNodejsModules"],
  ["output/date.ts", "export const now = Date.now();\n", "lint/style/noRestrictedGlobals"],
  ["output/default.ts", "export default 1;\n", "lint/style/noDefaultExport"],
  ["output/a.test.ts", uses("node:fs"), null],
];

let refused = new Map<string, string[]>();
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-layers-"));
  const config: { vcs?: unknown } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  delete config.vcs;
  writeFileSync(join(folder, "biome.json"), JSON.stringify(config));
  for (const [path, content] of FILES) {
    const whole = join(folder, "packages/core/src", path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, content);
  }
  refused = lint();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of output().split("\n")) {
    // ::error title=lint/style/x,file=packages/core/src/…,line=1…
    const [, rule, path] = /title=([\w/]+),file=\S*?packages\/core\/src\/([^,]+)/.exec(line) ?? [];
    if (rule !== undefined && path !== undefined) found.set(path, [...(found.get(path) ?? []), rule]);
  }
  return found;
}

function output(): string {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "lint", "--reporter=github", "--max-diagnostics=500", "--diagnostic-level=error", "."];
  try {
    return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    // Diagnostics are a failing exit status, and that is what is wanted here.
    return error instanceof Error && "stdout" in error ? String(error.stdout) : "";
  }
}

test.each(FILES)("%s", (path, _, rule) => expect(refused.get(path) ?? []).toEqual(rule === null ? [] : [rule]));
