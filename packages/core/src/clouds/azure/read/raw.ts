import * as v from "valibot";
import { type Cidr, parseCidr } from "../../../address/cidr.ts";
import { type Ip, parseIp } from "../../../address/ip.ts";
import { holds, isSet, needs } from "../../needs.ts";

// Resources as Azure's API has them, with names in lower case and `properties` lifted (normalise.ts). Members that are
// always written are required: without them the resource was cut down by a query and would be misread as empty.
// https://learn.microsoft.com/azure/templates/microsoft.network/networkinterfaces and its sister pages

export const text = v.nullish(v.string());
export const flag = v.nullish(v.boolean());
const link = v.object({ id: v.string() });
export const ref = v.nullish(link);
export const refs = v.nullish(v.array(v.object({ id: v.string() })));
export const texts = v.nullish(v.array(v.string()));

const strictCidr = v.pipe(
  v.string(),
  v.rawTransform<string, Cidr>(({ dataset, addIssue, NEVER }) => {
    const cidr = parseCidr(dataset.value.trim(), true);
    if (cidr !== undefined) return cidr;
    addIssue({ message: "prefix", expected: "a prefix (10.0.0.0/16)", received: JSON.stringify(dataset.value) });
    return NEVER;
  }),
);
const strictIp = v.pipe(
  v.string(),
  v.rawTransform<string, Ip | null>(({ dataset, addIssue, NEVER }) => {
    const written = dataset.value.trim();
    const ip = written === "" ? null : parseIp(written);
    if (ip !== undefined) return ip;
    addIssue({ message: "address", expected: "an IP address", received: JSON.stringify(dataset.value) });
    return NEVER;
  }),
);
const cidr = v.nullish(strictCidr);
export const cidrs = v.nullish(v.array(strictCidr));
export const ip = v.nullish(strictIp);
export const ips = v.nullish(v.array(strictIp));
const sku = v.nullish(v.object({ name: text, tier: text }));
const addressSpace = v.object({ addressprefixes: v.array(strictCidr) });

export const rawVirtualMachine = v.object({
  networkprofile: v.object({
    networkinterfaces: v.nullish(v.array(v.object({ id: v.string(), primary: flag }))),
  }),
  availabilityset: ref,
  virtualmachinescaleset: ref,
  timecreated: text,
});

/** As instances will have them: addresses are given when an instance is made. */
const profileConfiguration = v.object({
  name: text,
  primary: flag,
  privateipaddressversion: text,
  subnet: link,
  publicipaddressconfiguration: v.nullish(v.object({ name: text })),
  loadbalancerbackendaddresspools: refs,
});

export const rawScaleSet = v.object({
  location: text,
  orchestrationmode: text,
  tags: v.nullish(v.record(v.string(), v.unknown())),
  virtualmachineprofile: v.nullish(
    v.object({
      networkprofile: v.nullish(
        v.object({
          networkinterfaceconfigurations: v.nullish(
            v.array(
              v.object({
                name: text,
                primary: flag,
                networksecuritygroup: ref,
                ipconfigurations: v.array(profileConfiguration),
              }),
            ),
          ),
        }),
      ),
    }),
  ),
});

export const rawIpConfiguration = v.object({
  id: text,
  name: text,
  primary: flag,
  privateipaddress: strictCidr,
  privateipaddressprefixlength: v.nullish(v.number()),
  privateipallocationmethod: text,
  subnet: link,
  publicipaddress: ref,
  loadbalancerbackendaddresspools: refs,
  loadbalancerinboundnatrules: refs,
  gatewayloadbalancer: ref,
  applicationsecuritygroups: refs,
});

const securityPort = v.pipe(v.string(), v.regex(/^(?:\*|\d{1,5}(?:-\d{1,5})?)$/, "a port, a range or *"));

const isOneOf = (...values: readonly unknown[]): boolean => values.some(holds);

const securityRule = v.pipe(
  v.object({
    name: text,
    direction: v.string(),
    access: v.picklist(["Allow", "Deny"]),
    priority: v.number(),
    protocol: v.string(),
    sourceportrange: v.nullish(v.union([v.literal(""), securityPort])),
    sourceportranges: v.nullish(v.array(securityPort)),
    destinationportrange: v.nullish(v.union([v.literal(""), securityPort])),
    destinationportranges: v.nullish(v.array(securityPort)),
    sourceaddressprefix: text,
    sourceaddressprefixes: texts,
    destinationaddressprefix: text,
    destinationaddressprefixes: texts,
    sourceapplicationsecuritygroups: refs,
    destinationapplicationsecuritygroups: refs,
  }),
  needs(
    (one) => isOneOf(one.sourceaddressprefix, one.sourceaddressprefixes, one.sourceapplicationsecuritygroups),
    "sourceAddressPrefix",
  ),
  needs(
    (one) =>
      isOneOf(one.destinationaddressprefix, one.destinationaddressprefixes, one.destinationapplicationsecuritygroups),
    "destinationAddressPrefix",
  ),
  needs((one) => isOneOf(one.sourceportrange, one.sourceportranges), "sourcePortRange"),
  needs((one) => isOneOf(one.destinationportrange, one.destinationportranges), "destinationPortRange"),
);

/** https://learn.microsoft.com/azure/templates/microsoft.network/networksecuritygroups */
export const rawSecurityGroup = v.object({
  location: text,
  securityrules: v.nullish(v.array(securityRule)),
});

/** https://learn.microsoft.com/azure/templates/microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules */
export const rawAdminRule = v.object({
  direction: v.string(),
  access: v.string(),
  protocol: v.string(),
  priority: v.number(),
  destinations: v.nullish(v.array(v.object({ addressprefix: v.string() }))),
  destinationportranges: v.nullish(v.array(v.string())),
});

export const rawNetworkInterface = v.object({
  location: text,
  primary: flag,
  macaddress: text,
  enableipforwarding: flag,
  defaultoutboundconnectivityenabled: flag,
  allowport25out: flag,
  virtualmachine: ref,
  privateendpoint: ref,
  networksecuritygroup: ref,
  ipconfigurations: v.array(rawIpConfiguration),
});

export const rawVirtualNetwork = v.object({
  location: text,
  addressspace: addressSpace,
  defaultpublicnatgateway: ref,
  virtualnetworkpeerings: v.nullish(v.array(v.unknown())),
});

export const rawSubnet = v.pipe(
  v.object({
    addressprefix: cidr,
    addressprefixes: cidrs,
    natgateway: ref,
    ipconfigurations: refs,
    routetable: ref,
    networksecuritygroup: ref,
    defaultoutboundaccess: flag,
    serviceendpoints: v.nullish(v.array(v.object({ service: v.string(), locations: texts }))),
    delegations: v.nullish(v.array(v.unknown())),
    privateendpointnetworkpolicies: text,
  }),
  v.check((subnet) => (subnet.addressprefix ?? subnet.addressprefixes?.[0]) !== undefined, "addressPrefix"),
);

const peeringMembers = v.object({
  peeringstate: text,
  remotevirtualnetwork: ref,
  remoteaddressspace: v.nullish(addressSpace),
  remotevirtualnetworkaddressspace: v.nullish(addressSpace),
  useremotegateways: flag,
  peercompletevnets: flag,
  localsubnetnames: texts,
});
export type RawPeering = v.InferOutput<typeof peeringMembers>;
export const rawPeering: v.GenericSchema<unknown, RawPeering> = v.pipe(
  peeringMembers,
  needs((one) => isSet(one.remoteaddressspace) || isSet(one.remotevirtualnetworkaddressspace), "remoteAddressSpace"),
);

export const rawPublicIp = v.object({
  sku,
  ipaddress: ip,
  publicipallocationmethod: text,
});

export const rawPublicIpPrefix = v.object({ ipprefix: cidr });

export const rawNatGateway = v.object({
  sku: v.object({ name: v.string(), tier: text }),
  publicipaddresses: refs,
  publicipprefixes: refs,
  publicipaddressesv6: refs,
  publicipprefixesv6: refs,
  subnets: refs,
  sourcevirtualnetwork: ref,
});

export const rawLoadBalancer = v.object({
  sku,
  frontendipconfigurations: v.array(v.unknown()),
  loadbalancingrules: v.array(v.unknown()),
});

export const rawFrontend = v.object({
  privateipaddress: ip,
  subnet: ref,
  publicipaddress: ref,
  publicipprefix: ref,
  gatewayloadbalancer: ref,
});

export const rawPool = v.object({
  virtualnetwork: ref,
  backendipconfigurations: refs,
  loadbalancerbackendaddresses: v.nullish(
    v.array(v.object({ ipaddress: ip, virtualnetwork: ref, subnet: ref, networkinterfaceipconfiguration: ref })),
  ),
});

export const rawLoadBalancingRule = v.object({
  frontendipconfiguration: link,
  backendaddresspool: ref,
  backendaddresspools: refs,
  protocol: v.string(),
  disableoutboundsnat: flag,
});

export const rawOutboundRule = v.object({
  frontendipconfigurations: v.array(link),
  backendaddresspool: link,
  protocol: v.string(),
});

export const rawRouteTable = v.object({
  disablebgproutepropagation: flag,
  routes: v.array(v.unknown()),
});

export const rawRoute = v.object({
  /** What looks like an address and is none is a mistake, not a service tag. */
  addressprefix: v.union([
    v.pipe(v.string(), v.regex(/^[a-z][a-z0-9._-]*$/i, "a prefix or a service tag")),
    strictCidr,
  ]),
  nexthoptype: v.string(),
  nexthopipaddress: ip,
  nexthop: v.nullish(v.object({ nexthopipaddresses: ips })),
});

const firewallRule = v.object({
  ruletype: text,
  ipprotocols: texts,
  sourceaddresses: texts,
  sourceipgroups: texts,
  destinationaddresses: texts,
  destinationipgroups: texts,
  destinationfqdns: texts,
  destinationports: texts,
  protocols: v.nullish(v.array(v.union([v.object({ port: v.nullish(v.number()) }), v.string()]))),
});

const collections = v.nullish(
  v.array(v.object({ action: v.nullish(v.object({ type: text })), rules: v.nullish(v.array(firewallRule)) })),
);
export type RawCollections = v.InferOutput<typeof collections>;

interface FirewallConfiguration {
  readonly privateipaddress?: unknown;
  readonly subnet?: unknown;
  readonly publicipaddress?: unknown;
}

/** One configuration has the subnet and the address in it; each has a public address unless tunnelling is forced. */
const isWholeFirewall = (all: readonly FirewallConfiguration[], isTunnelled: boolean): boolean =>
  all.length === 0 ||
  (all.some((one) => isSet(one.subnet) && isSet(one.privateipaddress)) &&
    (isTunnelled || all.every((one) => isSet(one.publicipaddress))));

const firewallMembers = v.object({
  sku,
  ipconfigurations: v.nullish(v.array(v.object({ privateipaddress: ip, subnet: ref, publicipaddress: ref }))),
  managementipconfiguration: v.nullish(v.object({ publicipaddress: ref })),
  firewallpolicy: ref,
  additionalproperties: v.nullish(v.record(v.string(), v.unknown())),
  virtualhub: ref,
  hubipaddresses: v.nullish(
    v.object({
      privateipaddress: ip,
      publicips: v.nullish(v.object({ addresses: v.nullish(v.array(v.object({ address: ip }))) })),
    }),
  ),
  networkrulecollections: collections,
  applicationrulecollections: collections,
});
export type RawFirewall = v.InferOutput<typeof firewallMembers>;
export const rawFirewall: v.GenericSchema<unknown, RawFirewall> = v.pipe(
  firewallMembers,
  needs((one) => isWholeFirewall(one.ipconfigurations ?? [], isSet(one.managementipconfiguration)), "ipConfigurations"),
);

export const rawFirewallPolicy = v.object({
  basepolicy: ref,
  rulecollectiongroups: refs,
  snat: v.nullish(
    v.object({ privateranges: v.nullish(v.union([v.array(v.string()), v.string()])), autolearnprivateranges: text }),
  ),
});

export const rawRuleCollectionGroup = v.object({ rulecollections: collections });

const gatewayMembers = v.object({
  gatewaytype: v.string(),
  gatewaydefaultsite: ref,
  ipconfigurations: v.nullish(v.array(v.object({ subnet: link }))),
  vpnclientconfiguration: v.nullish(v.object({ vpnclientaddresspool: v.nullish(addressSpace) })),
});
export type RawGateway = v.InferOutput<typeof gatewayMembers>;
export const rawGateway: v.GenericSchema<unknown, RawGateway> = v.pipe(
  gatewayMembers,
  needs((one) => !/^(vpn|expressroute)$/i.test(one.gatewaytype) || holds(one.ipconfigurations), "ipConfigurations"),
);

export const rawGatewayNatRule = v.object({
  mode: text,
  type: text,
  typepropertiestype: text,
  internalmappings: v.array(v.object({ addressspace: strictCidr, portrange: text })),
  externalmappings: v.array(v.object({ addressspace: strictCidr, portrange: text })),
});

export const rawConnection = v.object({
  connectiontype: text,
  enablebgp: flag,
  virtualnetworkgateway1: ref,
  virtualnetworkgateway2: ref,
  localnetworkgateway2: ref,
  egressnatrules: refs,
  ingressnatrules: refs,
});

export const rawLocalGateway = v.object({
  localnetworkaddressspace: v.nullish(addressSpace),
});

const serviceConnections = v.nullish(
  v.array(
    v.object({
      privatelinkserviceid: v.string(),
      privatelinkserviceconnectionstate: v.nullish(v.object({ status: text })),
    }),
  ),
);

const privateEndpointMembers = v.object({
  subnet: link,
  privatelinkserviceconnections: serviceConnections,
  manualprivatelinkserviceconnections: serviceConnections,
  networkinterfaces: refs,
  customdnsconfigs: v.nullish(v.array(v.object({ ipaddresses: ips }))),
  ipconfigurations: v.nullish(v.array(v.object({ privateipaddress: ip }))),
});
export type RawPrivateEndpoint = v.InferOutput<typeof privateEndpointMembers>;
export const rawPrivateEndpoint: v.GenericSchema<unknown, RawPrivateEndpoint> = v.pipe(
  privateEndpointMembers,
  needs(
    (one) => isOneOf(one.privatelinkserviceconnections, one.manualprivatelinkserviceconnections),
    "privateLinkServiceConnections",
  ),
);

export const rawPrivateLinkService = v.object({
  ipconfigurations: v.array(v.object({ privateipaddress: ip, privateipallocationmethod: text })),
});

export const rawEffectiveRoute = v.object({
  name: text,
  addressprefix: v.union([v.array(strictCidr), strictCidr]),
  nexthoptype: v.string(),
  nexthopipaddress: v.nullish(v.union([v.array(strictIp), strictIp])),
  source: text,
  state: text,
});

export const rawServiceTags = v.object({
  values: v.array(
    v.object({ name: text, id: text, addressprefixes: v.array(strictCidr), region: text, systemservice: text }),
  ),
});

export const rawSubscription = v.object({
  subscriptionpolicies: v.nullish(v.object({ quotaid: text })),
});
