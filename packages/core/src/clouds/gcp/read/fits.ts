import type * as v from "valibot";
import { type Fields, isFields } from "../recognise.ts";

/** True only where the schema would give the value back as it is, but for members that nothing reads. */
export type Fits = (value: unknown) => boolean;

const known = new WeakMap<v.GenericSchema, Fits>();

/**
 * The cheap half of a check: most resources of an export are as they should be, and a hundred thousand of them need not
 * be copied to see that. Where it does not hold, the schema says what is wrong, or what it makes of it.
 */
export function fits(schema: v.GenericSchema): Fits {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const made = madeFor(schema);
  known.set(schema, made);
  return made;
}

function madeFor(schema: v.GenericSchema): Fits {
  if ("pipe" in schema) return pipedFits(schema.pipe as Pipe);
  if ("wrapped" in schema) {
    const inner = fits(schema.wrapped as v.GenericSchema);
    return schema.type === "nullish" ? (value) => value === undefined || value === null || inner(value) : never;
  }
  if ("item" in schema) {
    const each = fits(schema.item as v.GenericSchema);
    return (value) => Array.isArray(value) && value.every(each);
  }
  switch (schema.type) {
    case "string":
      return (value) => typeof value === "string";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "number":
      return (value) => typeof value === "number" && !Number.isNaN(value);
    case "union":
      return "options" in schema ? anyOf(schema.options as readonly v.GenericSchema[]) : never;
    case "object":
      return "entries" in schema ? objectOf(schema.entries as Readonly<Record<string, v.GenericSchema>>) : never;
    default:
      return never;
  }
}

const never: Fits = () => false;

type Pipe = readonly [v.GenericSchema, ...(v.GenericSchema | v.PipeItem<unknown, unknown, v.BaseIssue<unknown>>)[]];

/** What is transformed is never as it is. */
function pipedFits([first, ...rest]: Pipe): Fits {
  const inner = fits(first);
  return rest.every(({ type }) => type === "finite") ? (value) => inner(value) && Number.isFinite(value) : never;
}

function anyOf(schemas: readonly v.GenericSchema[]): Fits {
  const options = schemas.map(fits);
  return (value) => options.some((option) => option(value));
}

function objectOf(entries: Readonly<Record<string, v.GenericSchema>>): Fits {
  const members = Object.entries(entries).map(([member, schema]) => ({ member, inside: fits(schema) }));
  return (value) => isFields(value) && hasAll(value, members);
}

const hasAll = (value: Fields, members: readonly { readonly member: string; readonly inside: Fits }[]): boolean => {
  for (const { member, inside } of members) if (!inside(value[member])) return false;
  return true;
};
