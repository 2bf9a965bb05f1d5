import { type Cidr, cidrContains, inAny, isHost, LINK_LOCAL, LOOPBACK, lengthOf } from "../address/cidr.ts";
import type { Ip } from "../address/ip.ts";
import type { Estate, Host, Interface } from "../model/estate.ts";
import { notInEstate } from "./calls.ts";
import type { AttachedGuest, GuestDevice, GuestFacts } from "./guest.ts";
import { SHARED_DEVICE } from "./read/part.ts";

/** What is known of one device, to find its interface by. Names are no proof: eth1 need not be the second interface. */
interface Traits {
  readonly name: string | null;
  readonly mac: string | null;
  readonly addresses: readonly Ip[];
  /** Prefixes on its link, without the address that the host has there. */
  readonly links: readonly Cidr[];
}

/**
 * Joins by address, then by MAC (the numbering of devices is not stable:
 * https://docs.microsoft.com/en-us/azure/virtual-network/virtual-networks-multiple-nics), then by what is on the link.
 */
export function attachGuest(facts: GuestFacts, host: Host): AttachedGuest {
  const all = traitsOf(facts);
  const byName = new Map(all.map((traits) => [traits.name, interfaceFor(traits, host, all)]));
  return {
    interfaceOf: (device, interfaceAddress) => {
      const byAddress = interfaceAddress === null ? undefined : withAddress(host, interfaceAddress);
      if (byAddress !== undefined || device === null) return byAddress ?? byName.get(nameWith(facts, interfaceAddress));
      return byName.get(device);
    },
    notInEstate,
    deviceOf: (by) => [...byName].find(([name, one]) => one?.id === by.id && name !== null)?.[0] ?? null,
  };
}

/** The hosts whose addresses or MACs the facts show; empty: the facts are of none of them. */
export function guestFits(facts: GuestFacts, estate: Estate): readonly Host[] {
  const all = traitsOf(facts);
  const sure = estate.hosts.filter((host) => all.some((traits) => shows(traits, host)));
  return sure.length > 0 ? sure : estate.hosts.filter((host) => fitsByLinks(facts, all, host));
}

function traitsOf(facts: GuestFacts): readonly Traits[] {
  const routed = facts.routes.flatMap(({ hops }) => hops.flatMap(({ device }) => device ?? []));
  const names = new Set([...facts.devices.map(({ name }) => name), ...routed]);
  const named = [...names].map((name) =>
    traitsOfDevice(
      facts,
      name,
      facts.devices.find((device) => device.name === name),
    ),
  );
  const bare = facts.routes.flatMap(({ hops }) => hops.flatMap(({ interfaceAddress }) => interfaceAddress ?? []));
  const unnamed = [...new Set(bare)].map((ip): Traits => ({ name: null, mac: null, addresses: [ip], links: [] }));
  return [...named, ...unnamed].filter(({ name }) => name !== "lo");
}

function traitsOfDevice(facts: GuestFacts, name: string, device: GuestDevice | undefined): Traits {
  const mine = facts.routes.filter(({ hops }) => hops.length === 1 && hops[0]?.device === name);
  const onLink = mine.filter(
    ({ hops, type, prefix }) => hops[0]?.gateway === null && type === "unicast" && lengthOf(prefix) > 0,
  );
  // A route's src may be an address of another interface; that of a connected route is the device's own.
  const hinted = onLink.flatMap(({ source, prefix }) =>
    source !== null && cidrContains(prefix, source) ? [source] : [],
  );
  const sources = mine.flatMap(({ source, protocol }) => (source !== null && protocol === "dhcp" ? [source] : []));
  const own = (device?.addresses ?? []).map(({ ip }) => ip);
  return {
    name,
    mac: device?.mac ?? null,
    addresses: [...new Set([...own, ...hinted, ...sources])].filter(isTelling),
    links: onLink.map(({ prefix }) => prefix).filter((prefix) => !isHost(prefix) && !prefix.startsWith("fe80:")),
  };
}

const isTelling = (ip: Ip): boolean => !inAny(LOOPBACK, ip) && !inAny(LINK_LOCAL, ip);

const withAddress = (host: Host, ip: Ip): Interface | undefined =>
  host.interfaces.find(({ addresses }) =>
    addresses.some(({ cidr, role }) => role !== "range" && cidrContains(cidr, ip)),
  );

const contradicts = ({ mac }: Traits, by: Interface): boolean => mac !== null && by.mac !== null && mac !== by.mac;

/** Address or MAC: the facts can be of no other host that has neither. */
function shows(traits: Traits, host: Host): boolean {
  return byAddressOrMac(traits, host) !== undefined;
}

function byAddressOrMac(traits: Traits, host: Host): Interface | undefined {
  const byAddress = traits.addresses
    .flatMap((ip) => withAddress(host, ip) ?? [])
    .find((by) => !contradicts(traits, by));
  if (byAddress !== undefined) return byAddress;
  return traits.mac === null ? undefined : host.interfaces.find(({ mac }) => mac === traits.mac);
}

function interfaceFor(traits: Traits, host: Host, all: readonly Traits[]): Interface | undefined {
  const known = byAddressOrMac(traits, host);
  if (known !== undefined) return known;
  const linked = linkedTo(traits, host);
  if (linked.length === 1) return linked[0];
  // One device that leads outside, one interface: there is nothing to mistake it for.
  const outward = all.filter(({ addresses, links }) => addresses.length > 0 || links.length > 0);
  return host.interfaces.length === 1 && all.length === 1 && outward.length === 0 ? host.interfaces[0] : undefined;
}

/** Interfaces with an address on the device's link; a device with addresses of its own is told by those alone. */
function linkedTo({ addresses, links }: Traits, host: Host): readonly Interface[] {
  if (addresses.length > 0) return [];
  return host.interfaces.filter((by) =>
    by.addresses.some(({ cidr, role }) => role === "primary" && links.some((link) => cidrContains(link, ipOf(cidr)))),
  );
}

const ipOf = (cidr: Cidr): Ip => cidr.slice(0, cidr.indexOf("/")) as Ip;

/** Facts without addresses fit a host when each of its interfaces is on the link of one device, and no device is left. */
function fitsByLinks(facts: GuestFacts, all: readonly Traits[], host: Host): boolean {
  if (facts.hostName !== null && facts.hostName.toLowerCase() !== host.name.toLowerCase()) return false;
  if (all.some(({ addresses }) => addresses.length > 0)) return false;
  const outward = all.filter(({ name, links }) => links.length > 0 && !SHARED_DEVICE.test(name ?? ""));
  const matched = new Set(outward.flatMap((traits) => linkedTo(traits, host)));
  return outward.length === host.interfaces.length && matched.size === host.interfaces.length;
}

/** The device that has this address, for an interface that is known by another of its addresses. */
const nameWith = (facts: GuestFacts, ip: Ip | null): string | null =>
  facts.devices.find(({ addresses }) => addresses.some((address) => address.ip === ip))?.name ?? null;
