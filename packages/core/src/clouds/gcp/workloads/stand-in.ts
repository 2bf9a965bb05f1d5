import type { Cidr } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Host, Interface } from "../../../model/estate.ts";
import type { Origin } from "../../../problem.ts";
import type { Nic } from "../facts.ts";
import { projectOf, UNKNOWN_PROJECT } from "../links.ts";
import { sourceMustBeOwn } from "../rules/vm.ts";
import { senderIsOne } from "./rules/serverless.ts";

/** What stands in a network like an interface of a VM, though no VM is in the export. */
export interface Place {
  readonly path: string;
  readonly name: string;
  readonly origin: Origin;
  readonly network: string;
  readonly subnet: string | null;
  readonly region: string | null;
  readonly primary?: Ip | null;
  /** Its external address; null: it has one that is not shown. */
  readonly external?: Ip | null;
  readonly aliases?: Nic["aliases"];
  readonly pool?: readonly Cidr[];
  readonly tags?: readonly string[];
}

/** The rules of VMs apply to it as they are. */
export function standIn(place: Place): Nic {
  const { path, name, origin, network, subnet, region, external } = place;
  return {
    id: `${path}/networkInterfaces/nic0`,
    name: "nic0",
    instance: {
      value: {},
      path,
      name,
      origin,
      project: projectOf(path) ?? UNKNOWN_PROJECT,
      updateTime: null,
    },
    raw: { accessConfigs: external === undefined ? [] : [{ natIP: external }] },
    network,
    subnet,
    region,
    primary: place.primary ?? null,
    v6: null,
    externalV6: null,
    aliases: place.aliases ?? [],
    pool: place.pool ?? [],
    forwards: false,
    running: true,
    tags: place.tags ?? [],
    serviceAccounts: [],
  };
}

/** A sender with one way out. */
export function senderOf(
  who: { readonly path: string; readonly name: string; readonly origin: Origin },
  by: Pick<Interface, "network" | "egress"> & Partial<Pick<Interface, "id" | "name" | "addresses" | "sendsFromAny">>,
): Host {
  const { path, name, origin } = who;
  const only: Interface = {
    id: `${path}/egress`,
    name: "egress",
    resource: path,
    mac: null,
    addresses: [],
    connected: [],
    foreignSources: { allowed: false, rule: sourceMustBeOwn },
    origin,
    ...by,
  };
  return { id: path, name, interfaces: [only], defaultInterface: { interface: only.id, rule: senderIsOne }, origin };
}
