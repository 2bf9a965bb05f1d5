import type * as v from "valibot";
import type { Reducer } from "../../document.ts";
import { fullPath } from "../links.ts";
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
 */
export function gcpReducer(): Reducer {
  const shared = sharing();
  const shapes = new Map<string, Shape>();
  const reduce = (value: Fields): Fields => {
    const { kind } = value;
    const schema = typeof kind === "string" && Object.hasOwn(SCHEMAS, kind) ? SCHEMAS[kind] : undefined;
    if (typeof kind !== "string" || schema === undefined) return value;
    const shape = shapes.get(kind) ?? shapeOf(schema) ?? [];
    shapes.set(kind, shape);
    return { kind: shared("kind", kind), ...picked(value, shape, shared) };
  };
  return { reduce, decidedBy: "kind", readAnew: READ_ANEW, startOf, shared, own: OWN, itself: ITSELF };
}

type Shared = Reducer["shared"];

const READ_ANEW: ReadonlySet<string> = new Set(["metadata"]);

/** Their own names are nobody else's. */
const OWN: ReadonlySet<string> = new Set([
  "name",
  "creationTimestamp",
  "address",
  "destRange",
  "ipCidrRange",
  "networkInterfaces.networkIP",
  "networkInterfaces.ipv6Address",
  "networkInterfaces.accessConfigs.natIP",
  "networkInterfaces.ipv6AccessConfigs.externalIpv6",
]);

const ITSELF = { name: "name", link: "selfLink" } as const;

const NOT_SHARED = new Set([...OWN, ITSELF.link].map((path) => path.slice(path.lastIndexOf(".") + 1)));

/** Of a link to itself the host and the version say nothing. */
function startOf(member: string, text: string): number {
  if (member !== "selfLink") return 0;
  return text.length - (fullPath(text) ?? text).length;
}

function sharing(): Shared {
  const texts = new Map<string, string>();
  return (member, text) => {
    if (NOT_SHARED.has(member)) return text;
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
}

function picked(value: Fields, shape: Shape, shared: Shared): Fields {
  const left: Record<string, unknown> = {};
  for (const [member, inside] of shape) {
    const found = value[member];
    if (found === undefined) continue;
    if (typeof found === "string") left[member] = shared(member, found.slice(startOf(member, found)));
    else if (member === "metadata" && isFields(found)) {
      const metadata = raw.readMetadata(found);
      if (metadata !== null) left[member] = metadata;
    } else left[member] = inside === null ? found : insideOf(found, inside, shared);
  }
  return left;
}

function insideOf(value: unknown, shape: Shape, shared: Shared): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => insideOf(element, shape, shared));
  return isFields(value) ? picked(value, shape, shared) : value;
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** As the schema is built; what it transforms is left as it is. */
function shapeOf(schema: v.GenericSchema): Shape | null {
  if ("wrapped" in schema) return shapeOf(schema.wrapped as v.GenericSchema);
  if ("item" in schema) return shapeOf(schema.item as v.GenericSchema);
  if (schema.type !== "object" || !("entries" in schema)) return null;
  const entries = schema.entries as Readonly<Record<string, v.GenericSchema>>;
  return Object.entries(entries).map(([member, one]) => [member, shapeOf(one)] as const);
}
