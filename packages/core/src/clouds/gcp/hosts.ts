import { addressOf, type Cidr, hostCidr, isHost } from "../../address/cidr.ts";
import type { Egress } from "../../model/egress.ts";
import { type Host, type Interface, type InterfaceAddress, madeAt } from "../../model/estate.ts";
import { type ReservedAddresses, reservedAddresses } from "./external-address.ts";
import type { Facts, GcpHost, Nic } from "./facts.ts";
import { FormedHost, FormedInterface, type Place } from "./formed-host.ts";
import { textOf } from "./read/found.ts";
import { defaultRouteOnNic0, sourceMustBeOwn } from "./rules/vm.ts";

/** Every VM, with how packets leave its interfaces. */
export function hostsOf(facts: Facts, egressOf: (nic: Nic) => Egress): readonly Host[] {
  const placeOf = placesOf(facts, egressOf);
  return facts.hosts.map((host) => hostOf(host, placeOf));
}

function hostOf(host: GcpHost, placeOf: (nic: Nic) => Place): Host {
  const { found, nics } = host;
  const [first, ...rest] = nics;
  const interfaces: Host["interfaces"] = [
    interfaceOf(first, placeOf(first)),
    ...rest.map((nic) => interfaceOf(nic, placeOf(nic))),
  ];
  const written = textOf(found, "creationTimestamp");
  if (first.like !== undefined) return new FormedHost(host, interfaces, defaultRouteOnNic0, written);
  const usual = nics.find(({ name }) => name === "nic0") ?? first;
  return {
    id: found.path,
    name: found.name,
    interfaces,
    defaultInterface: { interface: usual.id, rule: defaultRouteOnNic0 },
    origin: found.origin,
    ...madeAt(written),
  };
}

const FORWARDS = { allowed: true, rule: sourceMustBeOwn } as const;
const FORWARDS_NOT = { allowed: false, rule: sourceMustBeOwn } as const;

function interfaceOf(nic: Nic, place: Place): Interface {
  if (nic.like !== undefined) return new FormedInterface(nic, place);
  const { egress, connected, foreignSources, addressesOf: addresses } = place;
  return {
    id: nic.id,
    name: nic.name,
    resource: nic.id,
    network: nic.network,
    mac: null,
    addresses: addresses(nic),
    connected,
    foreignSources,
    egress,
    origin: nic.instance.origin,
  };
}

/** What is said of interfaces that are alike, and leave in the same way, is said once. */
function placesOf(facts: Facts, egressOf: (nic: Nic) => Egress): (nic: Nic) => Place {
  const reserved = reservedAddresses(facts);
  const connected = connectedOf(facts);
  const addresses = (nic: Nic): readonly InterfaceAddress[] => addressesOf(nic, reserved);
  const known = new Map<Nic, Place>();
  return (nic) => {
    const egress = egressOf(nic);
    const before = nic.like === undefined ? undefined : known.get(nic.like);
    if (before?.egress === egress) return before;
    const foreignSources = nic.forwards ? FORWARDS : FORWARDS_NOT;
    const place = { egress, connected: connected(nic), foreignSources, addressesOf: addresses };
    if (nic.like !== undefined) known.set(nic.like, place);
    return place;
  };
}

/** The ranges of an interface's subnet. */
function connectedOf(facts: Facts): (nic: Nic) => readonly Cidr[] {
  const known = new Map<string, readonly Cidr[]>();
  for (const { path, primary, v6 } of facts.subnetByPath.values()) known.set(path, [...primary, ...v6]);
  return ({ subnet }) => (subnet === null ? NOWHERE : (known.get(subnet) ?? NOWHERE));
}

const NOWHERE: readonly Cidr[] = [];

function addressesOf(nic: Nic, reserved: ReservedAddresses): readonly InterfaceAddress[] {
  const addresses: InterfaceAddress[] = [];
  if (nic.primary !== null) {
    const stability = reserved.isReservedInside(nic.primary) ? "static" : "ephemeral";
    addresses.push({ cidr: hostCidr(nic.primary), role: "primary", stability });
  }
  if (nic.v6 !== null) addresses.push({ cidr: hostCidr(nic.v6), role: "primary" });
  if (nic.externalV6 !== null) {
    addresses.push({
      cidr: hostCidr(addressOf(nic.externalV6)),
      role: nic.v6 === null ? "primary" : "secondary",
    });
    if (!isHost(nic.externalV6)) addresses.push({ cidr: nic.externalV6, role: "range" });
  }
  // Used only by programs that the guest was set up for: https://docs.cloud.google.com/vpc/docs/alias-ip
  for (const { cidr } of nic.aliases) addresses.push({ cidr, role: isHost(cidr) ? "secondary" : "range" });
  return addresses;
}
