import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { fits } from "./fits.ts";
import * as raw from "./raw.ts";

const SCHEMAS = Object.entries(raw).flatMap(([name, one]) =>
  typeof one === "object" ? [[name, one as v.GenericSchema] as const] : [],
);

/** Something that may or may not be what the schema asks for. */
function arbitraryFor(schema: v.GenericSchema): fc.Arbitrary<unknown> {
  const anything: unknown[] = [
    undefined,
    null,
    "",
    "7",
    "x",
    7,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    {},
    [],
  ];
  const odd = fc.constantFrom(...anything, ["x"], [7], [null], [{}]);
  const inside = insideOf(schema);
  return inside === null ? odd : fc.oneof({ weight: 9, arbitrary: inside }, { weight: 1, arbitrary: odd });
}

function insideOf(schema: v.GenericSchema): fc.Arbitrary<unknown> | null {
  if ("wrapped" in schema) return insideOf(schema.wrapped as v.GenericSchema);
  if ("item" in schema) return fc.array(arbitraryFor(schema.item as v.GenericSchema), { maxLength: 2 });
  if (schema.type === "string") return fc.constantFrom("", "x", "7");
  if (schema.type === "boolean") return fc.boolean();
  if (schema.type === "union") return fc.constantFrom(0, 7, -1, "7", "-7", "x", Number.NaN);
  if (!("entries" in schema)) return null;
  const entries = Object.entries(schema.entries as Readonly<Record<string, v.GenericSchema>>);
  const members = Object.fromEntries(entries.map(([name, one]) => [name, arbitraryFor(one)]));
  return fc.record({ ...members, unread: fc.constant("x") }, { requiredKeys: [] });
}

describe.each(SCHEMAS)("%s", (_, schema) => {
  test("what fits is what the schema makes of it", () => {
    fc.assert(
      fc.property(arbitraryFor(schema), (value) => {
        if (!fits(schema)(value)) return;
        const parsed = v.safeParse(schema, value);
        expect(parsed.success).toBe(true);
        expect(value).toMatchObject(parsed.output as object);
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  [raw.route, { name: "r", destRange: "10.0.0.0/8", priority: 1000, tags: ["a"], nextHopIp: null, other: {} }, true],
  [raw.route, { priority: "1000" }, false],
  [raw.route, { tags: ["a", 1] }, false],
  [raw.instance, { networkInterfaces: [{ networkIP: "10.0.0.2", accessConfigs: [{ natIP: "203.0.113.1" }] }] }, true],
  [raw.instance, { networkInterfaces: [{ networkIP: 7 }] }, false],
  [raw.instance, { metadata: { items: [] } }, false],
  [raw.instance, [], false],
])("%#: fits or does not", (schema, value, expected) => expect(fits(schema)(value)).toBe(expected));
