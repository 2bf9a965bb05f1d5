// A synthetic estate in the shape of a GCP export: 1,000 VMs in one network with 5,000 custom routes of each family.
// Seeded: the same numbers give the same estate on every machine.

const API = "https://www.googleapis.com/compute/v1/projects/bench";
const REGION = `${API}/regions/europe-west4`;
const ZONE = `${API}/zones/europe-west4-a`;
const NETWORK = `${API}/global/networks/n1`;
const SUBNET = `${REGION}/subnetworks/s1`;

/** mulberry32: small, and equal everywhere. */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** @returns `prefixes` of both families beside the text of the export, and the names of the VMs */
export function syntheticEstate({ vms, routes, seed }) {
  const random = randomNumbers(seed);
  const prefixes = { 4: prefixesOf(routes, random, prefixV4), 6: prefixesOf(routes, random, prefixV6) };
  const names = Array.from({ length: vms }, (_, index) => `vm-${String(index).padStart(4, "0")}`);
  const resources = [
    {
      kind: "compute#network",
      name: "n1",
      selfLink: NETWORK,
      autoCreateSubnetworks: false,
      routingConfig: { routingMode: "GLOBAL" },
    },
    subnet(),
    router(),
    address(),
    ...names.map(instance),
    route("default-v4", "0.0.0.0/0", toInternet),
    route("default-v6", "::/0", toInternet),
    ...[...prefixes[4], ...prefixes[6]].map((prefix, index) =>
      route(`r-${index}`, prefix, index % 2 === 0 ? toInternet : toVpn),
    ),
    tunnel(),
  ];
  return { text: JSON.stringify(resources), names, prefixes };
}

function prefixesOf(count, random, make) {
  const made = new Set();
  while (made.size < count) made.add(make(random));
  return [...made];
}

/** /16 to /28 in 20.0.0.0/6 and around: public space, so that nothing collides with the subnets. */
function prefixV4(random) {
  const length = 16 + random(13);
  const value = ((20 + random(60)) * 2 ** 24 + random(2 ** 24)) & (-1 << (32 - length));
  return `${[24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".")}/${length}`;
}

/** /32 to /64 in 2400::/12. */
function prefixV6(random) {
  const groups = 2 + random(3);
  const words = [0x2400 + random(16), ...Array.from({ length: groups - 1 }, () => 1 + random(0xffff))];
  return `${words.map((word) => word.toString(16)).join(":")}::/${groups * 16}`;
}

const toInternet = { nextHopGateway: `${API}/global/gateways/default-internet-gateway` };
const toVpn = { nextHopVpnTunnel: `${REGION}/vpnTunnels/t1` };

const route = (name, destRange, hop) => ({
  kind: "compute#route",
  name,
  selfLink: `${API}/global/routes/${name}`,
  network: NETWORK,
  destRange,
  priority: 1000,
  ...hop,
});

const subnet = () => ({
  kind: "compute#subnetwork",
  name: "s1",
  selfLink: SUBNET,
  network: NETWORK,
  region: REGION,
  ipCidrRange: "10.0.0.0/16",
  ipv6CidrRange: "2600:1900:4000:1::/64",
  ipv6AccessType: "EXTERNAL",
  externalIpv6Prefix: "2600:1900:4000:1::/64",
  stackType: "IPV4_IPV6",
});

const router = () => ({
  kind: "compute#router",
  name: "router1",
  selfLink: `${REGION}/routers/router1`,
  network: NETWORK,
  region: REGION,
  nats: [
    {
      name: "nat1",
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: [`${REGION}/addresses/nat-address`],
      sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    },
  ],
});

const address = () => ({
  kind: "compute#address",
  name: "nat-address",
  selfLink: `${REGION}/addresses/nat-address`,
  region: REGION,
  address: "203.0.113.7",
  addressType: "EXTERNAL",
  status: "IN_USE",
});

const tunnel = () => ({
  kind: "compute#vpnTunnel",
  name: "t1",
  selfLink: `${REGION}/vpnTunnels/t1`,
  region: REGION,
  status: "ESTABLISHED",
  peerIp: "198.51.100.1",
});

const instance = (name, index) => ({
  kind: "compute#instance",
  id: String(1_000_000 + index),
  name,
  selfLink: `${ZONE}/instances/${name}`,
  zone: ZONE,
  status: "RUNNING",
  canIpForward: false,
  networkInterfaces: [
    {
      kind: "compute#networkInterface",
      name: "nic0",
      network: NETWORK,
      subnetwork: SUBNET,
      networkIP: `10.0.${Math.floor(index / 250)}.${2 + (index % 250)}`,
      stackType: "IPV4_IPV6",
      ipv6AccessType: "EXTERNAL",
      ipv6AccessConfigs: [
        {
          type: "DIRECT_IPV6",
          name: "external-ipv6",
          externalIpv6: `2600:1900:4000:1:0:${(index + 1).toString(16)}:0:0`,
          externalIpv6PrefixLength: 96,
        },
      ],
    },
  ],
});
