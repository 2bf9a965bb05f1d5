// npm run docs: writes the pages that are generated from the rules and the cases. With --check: fails where one is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { allRules, RULE_MARKS } from "@seenas/core";
import { caseFinder, root } from "./docs/case-files.mjs";
import { casePages } from "./docs/case-pages.mjs";
import { rulePages } from "./docs/rule-pages.mjs";

const findCase = caseFinder();
const pages = new Map([...rulePages(await allRules(), RULE_MARKS, findCase), ...casePages(findCase)]);

const folder = "docs/rules";
const standing = existsSync(root + folder) ? readdirSync(root + folder).map((name) => `${folder}/${name}`) : [];
const leftOver = standing.filter((path) => !pages.has(path));
const changed = [...pages].filter(
  ([path, text]) => !existsSync(root + path) || readFileSync(root + path, "utf8") !== text,
);
const stale = [...leftOver, ...changed.map(([path]) => path)];

if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    console.error(`stale, run npm run docs:\n${stale.map((path) => `  ${path}`).join("\n")}`);
    process.exitCode = 1;
  }
} else {
  for (const path of leftOver) rmSync(root + path);
  for (const [path, text] of changed) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
  }
  console.error(stale.length === 0 ? "nothing changed" : `${stale.length} pages changed`);
}
