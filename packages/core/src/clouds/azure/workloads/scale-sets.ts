import { EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Interface } from "../../../model/estate.ts";
import { placeOf, primarySubnet, type World } from "../compile/world.ts";
import type { Nic, NicProfile, ScaleSet } from "../read/resource.ts";
import { keyOf, parentOf } from "../read/resource-id.ts";
import { defaultRouteOnPrimaryNic, primaryFlag, sourceCheck } from "../rules/guest-nic.ts";
import type { Workload } from "./host.ts";

/**
 * Scale sets without an instance in the export: what their profile gives every instance. Where each has a public IP of
 * its own the profile holds no address, and the answer says what to export.
 */
export const scaleSetsOf = (world: World): readonly Workload[] =>
  [...world.all.scaleSets.values()].flatMap((set) => {
    const hasInstances = (world.nicsOfGroup.get(set.key) ?? []).length > 0;
    const nics = hasInstances ? [] : set.profile.map((profile) => nicOf(world, set, profile));
    const [first, ...rest] = nics.map((nic) => interfaceOf(world, nic));
    if (first === undefined) return [];
    const usual = nics.find(({ primary }) => primary === true) ?? nics[0];
    const host = {
      id: set.id,
      name: set.name,
      interfaces: [first, ...rest] as const,
      defaultInterface: {
        interface: usual?.id ?? first.id,
        rule: rest.length === 0 ? primaryFlag : defaultRouteOnPrimaryNic,
      },
      origin: set.origin,
    };
    return [{ host, subnet: nics[0] === undefined ? null : primarySubnet(nics[0]) }];
  });

/** Any instance's NIC: its addresses are those of the subnet, not one of them. */
function nicOf(world: World, set: ScaleSet, profile: NicProfile): Nic {
  const vm = `${set.id}/virtualMachines/any`;
  const id = `${vm}/networkInterfaces/${profile.name}`;
  return {
    id,
    key: keyOf(id),
    name: profile.name,
    origin: set.origin,
    location: set.location,
    primary: profile.primary,
    mac: null,
    ipForwarding: null,
    defaultOutbound: null,
    allowPort25Out: null,
    virtualMachine: vm,
    privateEndpoint: null,
    securityGroup: profile.securityGroup,
    configurations: profile.configurations.flatMap(({ name, primary, v6, subnet, ownPublicIp, pools }) => {
      const known = (placeOf(world, subnet).subnet?.prefixes ?? []).filter((prefix) => prefix.includes(":") === v6);
      const key = `${id}/ipConfigurations/${name}`;
      return (known.length > 0 ? known : [v6 ? EVERY_IPV6 : EVERY_IPV4]).map((cidr) => ({
        key: keyOf(key),
        name,
        primary,
        cidr,
        stability: null,
        subnet,
        publicIp: ownPublicIp ? `${key}/publicIPAddresses/of-each-instance` : null,
        pools,
        inboundNatRules: [],
        gatewayLoadBalancer: null,
        applicationGroups: [],
      }));
    }),
  };
}

function interfaceOf(world: World, nic: Nic): Interface {
  const subnets = nic.configurations.flatMap(({ subnet }) => subnet ?? []);
  const [subnet] = subnets;
  return {
    id: nic.id,
    name: nic.name,
    resource: nic.id,
    network: subnet === undefined ? "" : parentOf(keyOf(subnet)),
    mac: null,
    addresses: [],
    sendsFromAny: [...new Set(subnets)].flatMap((id) => placeOf(world, id).subnet?.prefixes ?? []),
    connected: [],
    foreignSources: { allowed: false, rule: sourceCheck },
    get egress() {
      return world.egressOf(nic);
    },
    origin: nic.origin,
  };
}
