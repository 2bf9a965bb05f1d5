import { type Cidr, cidrContains } from "../address/cidr.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import type { Estate, Group, Host, Interface } from "../model/estate.ts";
import type { Sender } from "./sender.ts";

/** What `--from` names in an estate. */
export type Found =
  | { readonly kind: "sender"; readonly sender: Sender }
  | { readonly kind: "group"; readonly group: Group; readonly members: readonly Sender[] }
  /** None, or more than one: the nearest, as the user would type them. */
  | { readonly kind: "none"; readonly nearest: readonly string[] }
  | { readonly kind: "several"; readonly candidates: readonly string[] };

interface Candidate {
  readonly sender: Sender;
  /** Names one thing only. */
  readonly label: string;
}

/** Finds a VM's name, `name/nic1`, a resource id, an address that an interface owns, or a group. */
export function findSender(estate: Estate, text: string): Found {
  const candidates = candidatesFor(estate, text);
  const [first, ...more] = candidates;
  if (first !== undefined && more.length === 0) return { kind: "sender", sender: first.sender };
  if (first !== undefined) return { kind: "several", candidates: candidates.map(({ label }) => label) };
  const groups = estate.groups.filter(({ id, name }) => sameText(name, text) || sameResource(id, text));
  const [group, ...otherGroups] = groups;
  if (group !== undefined && otherGroups.length === 0)
    return { kind: "group", group, members: membersOf(estate, group) };
  if (group !== undefined) return { kind: "several", candidates: groups.map(({ id }) => id) };
  return { kind: "none", nearest: nearestNames(estate, text) };
}

function candidatesFor(estate: Estate, text: string): readonly Candidate[] {
  const ip = parseIp(text);
  if (ip !== undefined) return ownersOf(estate, ip);
  const exact = estate.hosts.filter((host) => host.name === text || sameResource(host.id, text));
  const hosts = exact.length > 0 ? exact : estate.hosts.filter((host) => sameText(host.name, text));
  if (hosts.length > 0)
    return hosts.map((host) => ({ sender: { host, interface: null, source: null }, label: host.id }));
  return everyInterface(estate).flatMap(([host, one]) =>
    namesInterface(host, one, text)
      ? [{ sender: { host, interface: one, source: null }, label: `${host.id}/${one.name}` }]
      : [],
  );
}

/** An address of its own says more than a range that holds it, and that more than one the platform picks from. */
function ownersOf(estate: Estate, ip: Ip): readonly Candidate[] {
  const tiers: readonly ((one: Interface) => readonly Cidr[])[] = [
    (one) => one.addresses.flatMap(({ cidr, role }) => (role === "range" ? [] : [cidr])),
    (one) => one.addresses.map(({ cidr }) => cidr),
    (one) => one.sendsFromAny ?? [],
  ];
  for (const tier of tiers) {
    const owners = everyInterface(estate).filter(([, one]) => tier(one).some((cidr) => cidrContains(cidr, ip)));
    if (owners.length > 0)
      return owners.map(([host, one]) => ({
        sender: { host, interface: one, source: ip },
        label: `${host.id}/${one.name}`,
      }));
  }
  return [];
}

const everyInterface = (estate: Estate): readonly (readonly [Host, Interface])[] =>
  estate.hosts.flatMap((host) => host.interfaces.map((one) => [host, one] as const));

function namesInterface(host: Host, one: Interface, text: string): boolean {
  if (one.resource !== null && sameResource(one.resource, text)) return true;
  const slash = text.lastIndexOf("/");
  if (slash < 0) return false;
  const hostPart = text.slice(0, slash);
  return (
    sameText(one.name, text.slice(slash + 1)) && (sameText(host.name, hostPart) || sameResource(host.id, hostPart))
  );
}

function membersOf(estate: Estate, group: Group): readonly Sender[] {
  const members = new Set(group.members);
  return everyInterface(estate).flatMap(([host, one]) =>
    members.has(one.id) ? [{ host, interface: one, source: null }] : [],
  );
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Resource ids are compared without case, and a full URL names the same as its path. */
function sameResource(id: string, text: string): boolean {
  const have = id.toLowerCase();
  if (!text.includes("/")) return have === text.toLowerCase();
  const wanted = text.toLowerCase().replace(/^https?:\/\/[^/]+\/(compute\/(v1|beta|alpha)\/)?/, "");
  return have === wanted || have === text.toLowerCase() || have.endsWith(`/${wanted.replace(/^\//, "")}`);
}

const SHOWN = 8;

/** The names most like a mistyped one; those that hold it come first. */
export function nearestNames(estate: Estate, text: string): readonly string[] {
  const names = [...new Set([...estate.hosts.map(({ name }) => name), ...estate.groups.map(({ name }) => name)])];
  const wanted = text.toLowerCase();
  const scored = names.map((name) => {
    const has = name.toLowerCase().includes(wanted) || wanted.includes(name.toLowerCase());
    return { name, distance: has ? 0 : editDistance(name.toLowerCase().slice(0, 64), wanted.slice(0, 64)) };
  });
  return scored
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ name }) => name);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
