/**
 * One shape for the three in which Azure writes a resource. REST and Resource Graph keep `properties`, `az` lifts its
 * members one level, and the casing of names differs between generations of the tools (`privateIPAddress`,
 * `privateIpAddress`): names become lower case and `properties` is lifted everywhere.
 */
export type Plain = null | boolean | number | string | readonly Plain[] | Members;
export interface Members {
  readonly [name: string]: Plain;
}

/** Resources nest about twelve levels; deeper input is no resource, and must not exhaust the stack. */
const DEEPEST = 40;

export function normalise(value: unknown, depth = 0): Plain {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (typeof value !== "object" || depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.map((element) => normalise(element, depth + 1));
  const members = lowered(value, depth);
  const { properties, ...own } = members;
  return isMembers(properties) ? lifted(own, properties) : members;
}

export const isMembers = (value: Plain | undefined): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function lowered(value: object, depth: number): Members {
  const members = new Map<string, Plain>();
  for (const [name, member] of Object.entries(value)) members.set(name.toLowerCase(), normalise(member, depth + 1));
  return Object.fromEntries(members);
}

/** A NAT rule of a gateway has a `type` outside and another inside `properties`; `az` calls the inner one so. */
function lifted(own: Members, properties: Members): Members {
  const { type, ...inner } = properties;
  const typed = type === undefined ? {} : own.type === undefined ? { type } : { typepropertiestype: type };
  return { ...inner, ...own, ...typed };
}
