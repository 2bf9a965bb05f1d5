// A Vitest reporter: each skipped test with its reason, and one plain line with the counts, into the file that
// SEENAS_TEST_SUMMARY names.
import { writeFileSync } from "node:fs";

// biome-ignore lint/style/noDefaultExport: Vitest loads a reporter by the default export of its file.
export default class ClosingLine {
  onTestRunEnd(modules, unhandledErrors) {
    const path = process.env.SEENAS_TEST_SUMMARY;
    if (path !== undefined) writeFileSync(path, `${summaryOf(modules, unhandledErrors).join("\n")}\n`);
  }
}

function summaryOf(modules, unhandledErrors) {
  const lines = [];
  let passed = 0;
  // A file that cannot be loaded holds no test that could fail.
  let failed = unhandledErrors.length + modules.filter((module) => module.errors().length > 0).length;
  let skipped = 0;
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state, note } = test.result();
      if (state === "passed") passed += 1;
      else if (state === "failed") failed += 1;
      else {
        skipped += 1;
        lines.push(`skipped: ${module.relativeModuleId} > ${test.fullName}: ${note ?? "no reason given"}`);
      }
    }
  }
  return [...lines, `${passed} passed, ${failed} failed, ${skipped} skipped`];
}
