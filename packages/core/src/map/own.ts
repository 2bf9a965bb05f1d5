import { setOfCidrs } from "../address/address-set.ts";
import { addressOf, type Cidr, familyOfCidr, hostCidr } from "../address/cidr.ts";
import type { Family, Ip } from "../address/ip.ts";
import type { Host, Interface, InterfaceAddress } from "../model/estate.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { standIn } from "../resolve/sender.ts";

/** One address, or block of addresses, that an interface sends from. */
export interface MapSource {
  readonly host: Host;
  readonly interface: Interface;
  readonly family: Family;
  /** The address itself, or the first of the block. */
  readonly source: Ip;
  /** `source` only stands for these, of which the platform picks one; absent: it is the source. */
  readonly among?: readonly Cidr[];
  readonly cidr: Cidr;
  readonly role: InterfaceAddress["role"];
  readonly stability: InterfaceAddress["stability"];
}

export function sourcesOf(host: Host, one: Interface): readonly MapSource[] {
  const { sendsFromAny } = one;
  if (sendsFromAny !== undefined)
    return ([4, 6] as const).map((family) => {
      const stands = standIn(sendsFromAny, family);
      const cidr = hostCidr(stands.source);
      return { host, interface: one, family, ...stands, cidr, role: "primary", stability: "changing" };
    });
  return one.addresses.map((address) => new Addressed(host, one, address));
}

/** Of a hundred thousand hardly one is asked for more than its prefix. */
class Addressed implements MapSource {
  readonly host: Host;
  readonly interface: Interface;
  readonly family: Family;
  readonly #address: InterfaceAddress;

  constructor(host: Host, one: Interface, address: InterfaceAddress) {
    this.host = host;
    this.interface = one;
    this.family = familyOfCidr(address.cidr);
    this.#address = address;
  }

  get source(): Ip {
    return addressOf(this.#address.cidr);
  }

  get cidr(): Cidr {
    return this.#address.cidr;
  }

  get role(): InterfaceAddress["role"] {
    return this.#address.role;
  }

  get stability(): InterfaceAddress["stability"] {
    return this.#address.stability;
  }
}

/**
 * What belongs to one sender alone, so that senders which differ in nothing else share a map: its source, its public
 * addresses, and the resources that hold them. In a map they are numbered places, `$0`, `$1`.
 */
export interface Own {
  /** As they stand in identities. */
  readonly computed: readonly string[];
  /** As they are shown: a block instead of its first address. */
  readonly shown: readonly string[];
}

/** A source as it stands in identities: always the first place. */
export const computedOf = (from: MapSource): Cidr =>
  from.cidr.endsWith(WHOLE[from.family]) ? from.cidr : hostCidr(from.source);

const WHOLE = { 4: "/32", 6: "/128" } as const;

/** @param more what is its own beside its source */
export function ownOf(from: MapSource, more: readonly string[]): Own {
  const computed = [computedOf(from), ...more];
  return { computed, shown: computed[0] === from.cidr ? computed : [from.cidr, ...more] };
}

/** An identity computed for one sender, for all of its kind. */
export function hiddenIn(identity: EgressIdentity, computed: readonly string[]): EgressIdentity {
  const hide = <T extends string>(text: T): T => {
    const index = computed.indexOf(text);
    return (index < 0 ? text : `$${index}`) as T;
  };
  return {
    ...identity,
    addresses: identity.addresses.map(hide),
    draining: identity.draining.map(hide),
    resource: identity.resource === null ? null : hide(identity.resource),
  };
}

/** Whether senders that share a map show something of their own here. */
export const holdsOwn = ({ addresses, draining, resource }: EgressIdentity): boolean =>
  resource?.startsWith("$") === true || [...addresses, ...draining].some((text) => text.startsWith("$"));

/** An identity of a map as it is for one sender. */
export function shownFor(identity: EgressIdentity, { shown }: Own): EgressIdentity {
  if (!holdsOwn(identity)) return identity;
  const show = <T extends string>(text: T): T => (text.startsWith("$") ? (shown[Number(text.slice(1))] as T) : text);
  const showAll = (cidrs: readonly Cidr[]): readonly Cidr[] => {
    if (!cidrs.some((cidr) => cidr.startsWith("$"))) return cidrs;
    return cidrs.length === 1 ? cidrs.map(show) : setOfCidrs(cidrs.map(show));
  };
  return {
    ...identity,
    addresses: showAll(identity.addresses),
    draining: showAll(identity.draining),
    resource: identity.resource === null ? null : show(identity.resource),
  };
}
