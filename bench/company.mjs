// A synthetic company in the shape of GCP exports: many networks, each with subnets, custom routes, gateways with NAT
// rules, and VMs of which a third carry a tag. Seeded: the same numbers give the same company on every machine.
import { randomNumbers } from "./estate.mjs";

const API = "https://www.googleapis.com/compute/v1/projects/bench";

/**
 * Lines of JSON, one resource each (a list of them in brackets is what `gcloud … --format=json` prints).
 *
 * @param networks each has `vms / networks` machines, `subnets / networks` subnets and `routes` custom routes
 */
export function* company({ vms, subnets, networks, routes, seed, changed = false }) {
  const random = randomNumbers(seed);
  const perNetwork = Math.max(1, Math.floor(subnets / networks));
  for (let n = 0; n < networks; n += 1) {
    yield network(n);
    for (let s = 0; s < perNetwork; s += 1) yield subnet(n, s);
    yield* gateway(n, changed && n === networks - 1);
    yield tunnel(n);
    yield route(n, "default", "0.0.0.0/0", toInternet);
    for (let r = 0; r < routes; r += 1)
      yield route(n, `r${r}`, prefix(random), r % 2 === 0 ? toInternet : toVpn(n), r % 50 === 49 ? ["edge"] : []);
  }
  for (let vm = 0; vm < vms; vm += 1) yield instance(vm, networks, perNetwork);
}

const networkOf = (n) => `${API}/global/networks/n${n}`;
const regionOf = () => `${API}/regions/europe-west4`;
const ZONE = `${API}/zones/europe-west4-a`;

const network = (n) => ({
  kind: "compute#network",
  name: `n${n}`,
  selfLink: networkOf(n),
  autoCreateSubnetworks: false,
  routingConfig: { routingMode: "GLOBAL" },
});

const subnet = (n, s) => ({
  kind: "compute#subnetwork",
  name: `n${n}-s${s}`,
  selfLink: `${regionOf()}/subnetworks/n${n}-s${s}`,
  network: networkOf(n),
  region: regionOf(),
  ipCidrRange: `10.${s % 256}.${Math.floor(s / 256) * 16}.0/20`,
  stackType: "IPV4_ONLY",
});

function* gateway(n, isChanged) {
  const address = (index) => `${regionOf()}/addresses/n${n}-nat${index}`;
  for (let index = 0; index < 4; index += 1)
    yield {
      kind: "compute#address",
      name: `n${n}-nat${index}`,
      selfLink: address(index),
      region: regionOf(),
      address: `203.0.${100 + Math.floor(n / 60)}.${(n % 60) * 4 + index + (isChanged && index === 0 ? 240 - n * 4 : 0)}`,
      addressType: "EXTERNAL",
      status: "IN_USE",
    };
  yield {
    kind: "compute#router",
    name: `n${n}-router`,
    selfLink: `${regionOf()}/routers/n${n}-router`,
    network: networkOf(n),
    region: regionOf(),
    nats: [
      {
        name: "nat",
        type: "PUBLIC",
        natIpAllocateOption: "MANUAL_ONLY",
        natIps: [address(0), address(1)],
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
        rules: Array.from({ length: 50 }, (_, rule) => ({
          ruleNumber: rule + 1,
          match: [0, 1, 2].map((part) => `inIpRange(destination.ip, '198.${18 + part}.${rule}.0/24')`).join(" || "),
          action: { sourceNatActiveIps: [address(2 + (rule % 2))] },
        })),
      },
    ],
  };
}

const tunnel = (n) => ({
  kind: "compute#vpnTunnel",
  name: `n${n}-t`,
  selfLink: `${regionOf()}/vpnTunnels/n${n}-t`,
  region: regionOf(),
  status: "ESTABLISHED",
  peerIp: "198.51.100.1",
});

const toInternet = { nextHopGateway: `${API}/global/gateways/default-internet-gateway` };
const toVpn = (n) => ({ nextHopVpnTunnel: `${regionOf()}/vpnTunnels/n${n}-t` });

const route = (n, name, destRange, hop, tags = []) => ({
  kind: "compute#route",
  name: `n${n}-${name}`,
  selfLink: `${API}/global/routes/n${n}-${name}`,
  network: networkOf(n),
  destRange,
  priority: 1000,
  ...(tags.length === 0 ? {} : { tags }),
  ...hop,
});

/** /16 to /28 in public space, so that nothing collides with the subnets. */
function prefix(random) {
  const length = 16 + random(13);
  const value = ((20 + random(60)) * 2 ** 24 + random(2 ** 24)) & (-1 << (32 - length));
  return `${[24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".")}/${length}`;
}

/** As large as the real thing: disks, metadata, scheduling and the rest that no answer needs. */
function instance(vm, networks, perNetwork) {
  const n = vm % networks;
  const s = Math.floor(vm / networks) % perNetwork;
  const host = Math.floor(vm / networks / perNetwork) + 2;
  const name = `vm-${String(vm).padStart(7, "0")}`;
  return {
    canIpForward: false,
    cpuPlatform: "Intel Ice Lake",
    creationTimestamp: "2026-04-01T02:03:04.567-07:00",
    deletionProtection: false,
    description: "",
    disks: [0, 1].map((index) => ({
      architecture: "X86_64",
      autoDelete: index === 0,
      boot: index === 0,
      deviceName: `${name}-disk-${index}`,
      diskSizeGb: "100",
      guestOsFeatures: ["UEFI_COMPATIBLE", "VIRTIO_SCSI_MULTIQUEUE", "GVNIC", "SEV_CAPABLE"].map((type) => ({ type })),
      index,
      interface: "SCSI",
      kind: "compute#attachedDisk",
      licenses: [`${API}/global/licenses/debian-12-bookworm`],
      mode: "READ_WRITE",
      source: `${ZONE}/disks/${name}-${index}`,
      type: "PERSISTENT",
    })),
    fingerprint: "abcdefghijk=",
    id: String(4_000_000_000_000 + vm),
    kind: "compute#instance",
    labelFingerprint: "42WmSpB8rSM=",
    labels: { cost: "center-7", env: "prod", owner: "network-team" },
    lastStartTimestamp: "2026-04-01T02:03:10.000-07:00",
    machineType: `${ZONE}/machineTypes/n2-standard-4`,
    metadata: { fingerprint: "qwertyuiop=", kind: "compute#metadata" },
    name,
    networkInterfaces: [
      {
        fingerprint: "zxcvbnm123=",
        kind: "compute#networkInterface",
        name: "nic0",
        network: networkOf(n),
        networkIP: `10.${s % 256}.${Math.floor(s / 256) * 16 + Math.floor(host / 250)}.${(host % 250) + 2}`,
        stackType: "IPV4_ONLY",
        subnetwork: `${regionOf()}/subnetworks/n${n}-s${s}`,
      },
    ],
    scheduling: {
      automaticRestart: true,
      onHostMaintenance: "MIGRATE",
      preemptible: false,
      provisioningModel: "STANDARD",
    },
    selfLink: `${ZONE}/instances/${name}`,
    serviceAccounts: [
      { email: "bench@developer.gserviceaccount.com", scopes: ["https://www.googleapis.com/auth/cloud-platform"] },
    ],
    shieldedInstanceConfig: { enableIntegrityMonitoring: true, enableSecureBoot: false, enableVtpm: true },
    shieldedInstanceIntegrityPolicy: { updateAutoLearnPolicy: true },
    startRestricted: false,
    status: "RUNNING",
    tags: { fingerprint: "42WmSpB8rSM=", ...(vm % 3 === 0 ? { items: ["edge", "web"] } : {}) },
    zone: ZONE,
  };
}
