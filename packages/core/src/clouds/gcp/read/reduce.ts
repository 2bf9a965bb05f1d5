import type * as v from "valibot";
import type { Fields } from "../recognise.ts";
import * as raw from "./raw.ts";

/** Those that exports hold by the thousand. */
const SCHEMAS: Readonly<Record<string, v.GenericSchema>> = {
  "compute#instance": raw.instance,
  "compute#route": raw.route,
  "compute#subnetwork": raw.subnetwork,
  "compute#address": raw.address,
  "compute#firewall": raw.firewall,
  "compute#forwardingRule": raw.forwardingRule,
  "compute#vpnTunnel": raw.vpnTunnel,
};

/** Which members of a value are read, and of which members again only some; null: the value as it is. */
type Shape = readonly (readonly [string, Shape | null])[];

/**
 * Resources of long exports with only the members that are read, so that the rest need not stay in memory. Texts that
 * many of them share, links above all, are one. What is of the wrong type stays, to be reported.
 *
 * @returns for each value what is left of it; the value itself where its kind does not say what it is
 */
export function gcpReducer(): (value: Fields) => Fields {
  const texts = new Map<string, string>();
  const shapes = new Map<string, Shape>();
  return (value) => {
    const { kind } = value;
    const schema = typeof kind === "string" && Object.hasOwn(SCHEMAS, kind) ? SCHEMAS[kind] : undefined;
    if (typeof kind !== "string" || schema === undefined) return value;
    const shape = shapes.get(kind) ?? shapeOf(schema) ?? [];
    shapes.set(kind, shape);
    return { kind: shared(texts, kind), ...picked(value, shape, texts) };
  };
}

/** Their own names are nobody else's. */
const OWN = new Set(["name", "selfLink", "networkIP", "address", "destRange", "creationTimestamp"]);

function picked(value: Fields, shape: Shape, texts: Map<string, string>): Fields {
  const left: Record<string, unknown> = {};
  for (const [member, inside] of shape) {
    const found = value[member];
    if (found === undefined) continue;
    if (typeof found === "string") left[member] = OWN.has(member) ? found : shared(texts, found);
    else if (member === "metadata" && isFields(found)) {
      const metadata = raw.readMetadata(found);
      if (metadata !== null) left[member] = metadata;
    } else left[member] = inside === null ? found : insideOf(found, inside, texts);
  }
  return left;
}

function insideOf(value: unknown, shape: Shape, texts: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => insideOf(element, shape, texts));
  return isFields(value) ? picked(value, shape, texts) : value;
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

function shared(texts: Map<string, string>, text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  texts.set(text, text);
  return text;
}

/** As the schema is built; what it transforms is left as it is. */
function shapeOf(schema: v.GenericSchema): Shape | null {
  if ("wrapped" in schema) return shapeOf(schema.wrapped as v.GenericSchema);
  if ("item" in schema) return shapeOf(schema.item as v.GenericSchema);
  if (schema.type !== "object" || !("entries" in schema)) return null;
  const entries = schema.entries as Readonly<Record<string, v.GenericSchema>>;
  return Object.entries(entries).map(([member, one]) => [member, shapeOf(one)] as const);
}
