import { expect, test } from "vitest";
import { guestRules } from "./index.ts";

test("every rule has its own id and label, a source, and both languages", () => {
  expect(new Set(guestRules.map(({ id }) => id)).size).toBe(guestRules.length);
  expect(new Set(guestRules.map(({ ref }) => ref)).size).toBe(guestRules.length);
  for (const { id, source, says } of guestRules) {
    expect(id).toMatch(/^(linux|windows)\/(rule|route|source|lookup|filter|proxy)\/[a-z0-9-]+$/);
    expect(source).toMatch(/^https:\/\//);
    expect(says.en.length * says.zh.length).toBeGreaterThan(0);
  }
});
