import { addressOf as addressIn, type Cidr, cidrContains, familyOfCidr, isHost } from "../../../address/cidr.ts";
import { type Group, type Host, type Interface, type InterfaceAddress, madeAt } from "../../../model/estate.ts";
import type { Problem } from "../../../problem.ts";
import { missingNic } from "../read/problems.ts";
import type { IpConfiguration, Nic, VirtualMachine } from "../read/resource.ts";
import { type Key, keyOf, nameOf, parentOf } from "../read/resource-id.ts";
import { defaultRouteOnPrimaryNic, primaryFlag, sourceCheck } from "../rules/guest-nic.ts";
import { showCommand } from "./ask.ts";
import { unknownTable } from "./routes.ts";
import { placeOf, primarySubnet, type World } from "./world.ts";

/** VMs, also those that only their NICs tell of; a NIC without a VM stands for itself. */
export function hostsOf(world: World): { readonly hosts: readonly Host[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const hosts: Host[] = [];
  const machines = new Set([...world.all.virtualMachines.keys(), ...world.nicsOfVm.keys()]);
  for (const key of machines) {
    const vm = world.all.virtualMachines.get(key);
    const host = hostOf(world, key, vm);
    if (host !== undefined) hosts.push(host);
    if (vm !== undefined) problems.push(...missingNics(world, vm));
  }
  for (const nic of world.all.nics.values())
    if (nic.virtualMachine === null && nic.privateEndpoint === null && !attached(world).has(nic.key))
      hosts.push(loneHost(world, nic));
  return { hosts, problems };
}

const attachedNics = new WeakMap<World, ReadonlySet<Key>>();

function attached(world: World): ReadonlySet<Key> {
  const known = attachedNics.get(world);
  if (known !== undefined) return known;
  const set = new Set([...world.all.virtualMachines.values()].flatMap(({ nics }) => nics.map(({ id }) => keyOf(id))));
  attachedNics.set(world, set);
  return set;
}

const missingNics = (world: World, vm: VirtualMachine): readonly Problem[] =>
  vm.nics
    .filter(({ id }) => !world.all.nics.has(keyOf(id)))
    .map(({ id }) => missingNic(vm, nameOf(id), showCommand(id)));

function hostOf(world: World, key: Key, vm: VirtualMachine | undefined): Host | undefined {
  const listed = (vm?.nics ?? []).flatMap(({ id }) => world.all.nics.get(keyOf(id)) ?? []);
  const nics = [...new Set([...listed, ...(world.nicsOfVm.get(key) ?? [])])];
  const [one] = nics;
  const missing = (vm?.nics ?? []).filter(({ id }) => !world.all.nics.has(keyOf(id)));
  const [first, ...rest] = [
    ...nics.map((nic) => interfaceOf(world, nic)),
    ...missing.map(({ id }) => missingInterface(id)),
  ];
  if (first === undefined || one === undefined) return undefined;
  const id = vm?.id ?? one.virtualMachine ?? key;
  return {
    id,
    name: vm?.name ?? nameOfInstance(id),
    interfaces: [first, ...rest],
    defaultInterface: primaryOf(nics, vm),
    origin: vm?.origin ?? one.origin,
    ...madeAt(vm?.timeCreated),
  };
}

/** Instances of a Uniform scale set are numbers below it. */
function nameOfInstance(id: string): string {
  const [, set, instance] = /\/virtualMachineScaleSets\/([^/]+)\/virtualMachines\/([^/]+)$/i.exec(id) ?? [];
  return set === undefined ? nameOf(id) : `${set}_${instance}`;
}

/** It is there and nothing is known of it; left out, another NIC would be taken for the one the guest sends by. */
const missingInterface = (id: string): Interface => ({
  id,
  name: nameOf(id),
  resource: id,
  network: "",
  mac: null,
  addresses: [],
  connected: [],
  foreignSources: { allowed: true, rule: sourceCheck },
  egress: { filters: [], routes: unknownTable(id, id), internet: { filters: [], offers: [], none: [] } },
  origin: null,
});

/** The VM's profile says which NIC is primary; the NICs' own flag says it too (R-1.5, R-1.6). */
function primaryOf(nics: readonly Nic[], vm: VirtualMachine | undefined): Host["defaultInterface"] {
  const flagged =
    vm?.nics.find(({ primary }) => primary === true)?.id ?? nics.find(({ primary }) => primary === true)?.id;
  const id = flagged ?? vm?.nics[0]?.id ?? nics[0]?.id ?? "";
  const written = nics.find(({ key }) => key === keyOf(id))?.id ?? id;
  return { interface: written, rule: nics.length === 1 ? primaryFlag : defaultRouteOnPrimaryNic };
}

const loneHost = (world: World, nic: Nic): Host => ({
  id: nic.id,
  name: nic.name,
  interfaces: [interfaceOf(world, nic)],
  defaultInterface: { interface: nic.id, rule: primaryFlag },
  origin: nic.origin,
});

function interfaceOf(world: World, nic: Nic): Interface {
  const subnet = primarySubnet(nic);
  return {
    id: nic.id,
    name: nic.name,
    resource: nic.id,
    network: subnet === null ? "" : parentOf(subnet),
    mac: nic.mac,
    addresses: nic.configurations.map((configuration) => addressOf(configuration)),
    connected: connectedTo(world, nic),
    foreignSources: { allowed: nic.ipForwarding === true, rule: sourceCheck },
    get egress() {
      return world.egressOf(nic);
    },
    origin: nic.origin,
  };
}

/** A subnet may have several prefixes; the guest is connected to the one its address is in. */
const connectedTo = (world: World, { configurations }: Nic): readonly Cidr[] => [
  ...new Set(
    configurations.flatMap(({ cidr, subnet }) =>
      (placeOf(world, subnet).subnet?.prefixes ?? []).filter((prefix) => cidrContains(prefix, addressIn(cidr))),
    ),
  ),
];

/** The only IPv6 address stands on a secondary configuration and is still what IPv6 programs use. */
function addressOf({ cidr, primary, stability }: IpConfiguration): InterfaceAddress {
  const role = !isHost(cidr) ? "range" : primary || familyOfCidr(cidr) === 6 ? "primary" : "secondary";
  return { cidr, role, ...(stability === null ? {} : { stability }) };
}

export function groupsOf(world: World): readonly Group[] {
  const subnets = [...world.all.subnets.values()].map(
    (subnet): Group => ({
      id: subnet.id,
      name: subnet.name,
      kind: "subnet",
      members: (world.nicsOfSubnet.get(subnet.key) ?? []).map(({ id }) => id),
    }),
  );
  const sets = new Map<Key, { readonly id: string; readonly members: string[] }>();
  const join = (id: string, members: readonly string[]): void => {
    const known = sets.get(keyOf(id)) ?? { id, members: [] };
    known.members.push(...members);
    sets.set(keyOf(id), known);
  };
  for (const vm of world.all.virtualMachines.values())
    for (const id of [vm.availabilitySet, vm.scaleSet])
      if (id !== null)
        join(
          id,
          (world.nicsOfVm.get(vm.key) ?? []).map((nic) => nic.id),
        );
  for (const nic of world.all.nics.values()) {
    const instance = /^(.*\/virtualmachinescalesets\/[^/]+)\/virtualmachines\//i.exec(nic.virtualMachine ?? "")?.[1];
    if (instance !== undefined) join(instance, [nic.id]);
  }
  const groups = [...sets.values()].map(
    ({ id, members }): Group => ({
      id,
      name: nameOf(id),
      kind: /virtualmachinescalesets/i.test(id) ? "scale-set" : "availability-set",
      members: [...new Set(members)],
    }),
  );
  return [...subnets, ...groups];
}
