// Where the cases that rules name stand: a scenario is a file of its own, any other case is a test that carries its id.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const root = fileURLToPath(new URL("../../", import.meta.url));

const filesIn = (folder, ending) =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(ending))
    .sort();

const textOf = (path) => readFileSync(root + path, "utf8");

/** Every scenario by its id: its title in both languages, and its file. */
export function readScenarios() {
  const files = filesIn("scenarios", ".yaml").map((path) => ({ path, content: parse(textOf(path)) }));
  return new Map(
    files.flatMap(({ path, content: { id, title, expect } }) =>
      id === undefined || expect === undefined ? [] : [[id, { id, title, path }]],
    ),
  );
}

/** @returns for a case's id the scenario or the test that holds it; undefined: there is none */
export function caseFinder() {
  const scenarios = readScenarios();
  const tests = filesIn("packages/core/src", ".test.ts").map((path) => ({ path, text: textOf(path) }));
  return (id) => {
    const scenario = scenarios.get(id);
    if (scenario !== undefined) return scenario;
    const [area, short] = id.split("/");
    const holds = ({ text }) => [`${id}:`, `"${id}"`, `"${short}"`].some((mention) => text.includes(mention));
    // A label like L06 may stand for something else in another folder's tests.
    const near = tests.filter(({ path }) => path.includes(`/${area}`));
    const test = near.find(holds) ?? tests.find(holds);
    return test === undefined ? undefined : { id, title: null, path: test.path };
  };
}
