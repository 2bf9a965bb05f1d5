import { type Cidr, cidrContains, cidrs } from "../../address/cidr.ts";
import { familyOf, type Ip, ipToNumber } from "../../address/ip.ts";
import type { GuestAddress, GuestDevice } from "../guest.ts";

/** Default labels of Linux: https://github.com/torvalds/linux/blob/master/net/ipv6/addrlabel.c */
const LABEL_PREFIXES = cidrs(
  "::1/128",
  "2001:10::/28",
  "2001::/32",
  "::/96",
  "fec0::/10",
  "2002::/16",
  "3ffe::/16",
  "fc00::/7",
  "::/0",
);
const SCOPE_PREFIXES = cidrs("fe80::/10", "fec0::/10", "ff00::/8");

/** Where the choice of a source may change with the destination, apart from the routes. */
export const LABEL_EDGES: readonly Cidr[] = [...LABEL_PREFIXES, ...SCOPE_PREFIXES];

const labelOf = (ip: Ip): number => LABEL_PREFIXES.findIndex((prefix) => cidrContains(prefix, ip));

const LINK_SCOPE = 2;
const SITE_SCOPE = 5;
const GLOBAL_SCOPE = 14;

/** https://www.rfc-editor.org/rfc/rfc6724 section 3.1; a multicast address carries its scope. */
function scopeOf(ip: Ip): number {
  const number = ipToNumber(ip);
  if (number >> 120n === 0xffn) return Number((number >> 112n) & 0xfn);
  if (ip === "::1" || number >> 118n === 0x3fan) return LINK_SCOPE;
  return number >> 118n === 0x3fbn ? SITE_SCOPE : GLOBAL_SCOPE;
}

interface Candidate extends GuestAddress {
  readonly device: string;
}

export interface Source6Options {
  readonly preferTemporary: boolean;
  /** `use_oif_addrs_only`, or a strong host. */
  readonly ownDeviceOnly: boolean;
}

/** Positive: the first is better. One line a rule of RFC 6724 section 5, in its order. */
const RULES: readonly ((a: Candidate, b: Candidate, context: Context) => number)[] = [
  (a, b, { destination }) => Number(a.ip === destination) - Number(b.ip === destination),
  (a, b, { destination }) => compareScopes(scopeOf(a.ip), scopeOf(b.ip), scopeOf(destination)),
  (a, b) => Number(b.deprecated) - Number(a.deprecated),
  (a, b, { device }) => Number(a.device === device) - Number(b.device === device),
  (a, b, { destination }) => sameLabel(a, destination) - sameLabel(b, destination),
  (a, b, { options }) => (Number(a.temporary) - Number(b.temporary)) * (options.preferTemporary ? 1 : -1),
  (a, b, { destination }) => commonLength(a, destination) - commonLength(b, destination),
];

interface Context {
  readonly destination: Ip;
  readonly device: string | null;
  readonly options: Source6Options;
}

function compareScopes(a: number, b: number, destination: number): number {
  if (a === b) return 0;
  if (a < b) return a < destination ? -1 : 1;
  return b < destination ? 1 : -1;
}

const sameLabel = ({ ip }: Candidate, destination: Ip): number => Number(labelOf(ip) === labelOf(destination));

/** Common leading bits, no more than the prefix is long: https://www.rfc-editor.org/rfc/rfc6724 section 2.2 */
const commonLength = ({ ip, prefixLength }: Candidate, destination: Ip): number =>
  Math.min(commonBits(ip, destination), prefixLength ?? 64);

export function commonBits(a: Ip, b: Ip): number {
  const width = familyOf(a) === 4 ? 32 : 128;
  const difference = ipToNumber(a) ^ ipToNumber(b);
  return difference === 0n ? width : width - difference.toString(2).length;
}

/**
 * The addresses that RFC 6724 leaves after its last rule, in printed order: Linux takes the first listed, which is the
 * newest. Empty: there is none.
 *
 * @param device the outgoing one; null when no route was found yet.
 */
export function sourcesFor6(
  devices: readonly GuestDevice[],
  device: string | null,
  destination: Ip,
  options: Source6Options,
): readonly Ip[] {
  const linkOnly = scopeOf(destination) <= LINK_SCOPE;
  const candidates = devices
    .filter(({ name }) => device === null || name === device || !(linkOnly || options.ownDeviceOnly))
    .flatMap(({ name, addresses }) => addresses.map((address): Candidate => ({ ...address, device: name })))
    .filter(({ ip, tentative }) => familyOf(ip) === 6 && !tentative && (ip !== "::1" || destination === "::1"));
  const context: Context = { destination, device, options };
  return candidates
    .reduce<readonly Candidate[]>((best, candidate) => keepBest(best, candidate, context), [])
    .map(({ ip }) => ip);
}

function keepBest(best: readonly Candidate[], candidate: Candidate, context: Context): readonly Candidate[] {
  const [first] = best;
  if (first === undefined) return [candidate];
  for (const compare of RULES) {
    const better = compare(candidate, first, context);
    if (better !== 0) return better > 0 ? [candidate] : best;
  }
  return [...best, candidate];
}
