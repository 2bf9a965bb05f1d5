import { type Command, forEach, once, type Provider } from "./command.ts";

const ROUTER = { of: "routers", fields: { name: "name", region: "region" } } as const;

const [STATUS, MAPPING, ADDRESSES] = [
  [
    "which routes a Cloud Router learned, and the addresses Cloud NAT uses now",
    "Cloud Router 学到的路由，以及 Cloud NAT 当前使用的地址",
  ],
  ["which VM has which NAT address now", "哪台虚拟机当前使用哪个 NAT 地址"],
  ["which NAT addresses are in use", "哪些 NAT 地址正在使用"],
] as const;

/** https://cloud.google.com/sdk/gcloud/reference; rights: https://cloud.google.com/compute/docs/access/iam-permissions */
const COMMANDS: readonly Command[] = [
  once("instances", "compute instances list", "compute.instances.list", [
    "which VMs there are, their interfaces and addresses",
    "有哪些虚拟机及其网卡和地址",
  ]),
  once("networks", "compute networks list", "compute.networks.list", ["networks and peerings", "网络与对等互连"]),
  once("subnetworks", "compute networks subnets list", "compute.subnetworks.list", [
    "the ranges of subnets, which Cloud NAT goes by",
    "子网的地址范围，Cloud NAT 以此为准",
  ]),
  once("routes", "compute routes list", "compute.routes.list", [
    "where packets leave the network",
    "数据包从哪里离开网络",
  ]),
  once("routers", "compute routers list", "compute.routers.list", [
    "Cloud NAT gateways and BGP peers",
    "Cloud NAT 网关与 BGP 对等方",
  ]),
  once("addresses", "compute addresses list", "compute.addresses.list compute.globalAddresses.list", [
    "which addresses are reserved, so how stable they are",
    "哪些地址已保留，即地址是否稳定",
  ]),
  once(
    "forwarding-rules",
    "compute forwarding-rules list",
    "compute.forwardingRules.list compute.globalForwardingRules.list",
    ["forwarding rules that are next hops", "作为下一跳的转发规则"],
  ),
  once("vpn-tunnels", "compute vpn-tunnels list", "compute.vpnTunnels.list", ["VPN tunnels", "VPN 隧道"]),
  once("interconnect-attachments", "compute interconnects attachments list", "compute.interconnectAttachments.list", [
    "VLAN attachments to one's own sites",
    "通往自有站点的 VLAN 连接",
  ]),
  once("firewall-rules", "compute firewall-rules list", "compute.firewalls.list", [
    "whether a firewall rule denies the flow",
    "防火墙规则是否拒绝该流量",
  ]),
  once(
    "policy-based-routes",
    "network-connectivity policy-based-routes list",
    "networkconnectivity.policyBasedRoutes.list",
    ["whether a policy-based route takes the flow elsewhere", "是否有基于政策的路由改变去向"],
  ),
  forEach(
    { of: "networks", fields: { name: "name" } },
    "{name}-effective-firewalls.json",
    ["compute networks get-effective-firewalls {name}", "compute.networks.getEffectiveFirewalls"],
    [
      "whether a firewall policy of the network, a folder or the organization denies the flow",
      "网络、文件夹或组织的防火墙政策是否拒绝该流量",
    ],
  ),
  forEach(
    ROUTER,
    "{name}-{region}-status.json",
    ["compute routers get-status {name} --region={region}", "compute.routers.get"],
    STATUS,
  ),
  forEach(
    { ...ROUTER, needs: "nats" },
    "{name}-{region}-nat-mapping.json",
    ["compute routers get-nat-mapping-info {name} --region={region}", "compute.routers.get"],
    MAPPING,
  ),
  forEach(
    { ...ROUTER, needs: "nats" },
    "{name}-{region}-nat-ip-info.json",
    ["compute routers get-nat-ip-info {name} --region={region}", "compute.routers.get"],
    ADDRESSES,
  ),
];

/**
 * All of it in one answer: of a narrower one a reader could take what is absent for what is not there. A pattern that fits no
 * type is refused. https://cloud.google.com/asset-inventory/docs/asset-types
 */
const ASSET_TYPES = [
  ...["Address", "Firewall", "ForwardingRule", "GlobalAddress", "GlobalForwardingRule", "Instance"],
  ...["InterconnectAttachment", "Network", "Route", "Router", "Subnetwork", "VpnTunnel"],
].map((name) => `compute.googleapis.com/${name}`);

const ASSETS = `asset list --content-type=resource --asset-types=${ASSET_TYPES.join(",")},networkconnectivity.googleapis.com.*`;

const ROUTER_ASSET = {
  of: "assets",
  fields: { name: "resource.data.name", region: "resource.data.region", project: "name@projects" },
  where: { member: "assetType", is: "compute.googleapis.com/Router" },
} as const;

const WIDE: readonly Command[] = [
  once("assets", ASSETS, "cloudasset.assets.listResource", [
    "VMs, networks, routes, Cloud NAT and addresses of every project",
    "所有项目的虚拟机、网络、路由、Cloud NAT 与地址",
  ]),
  forEach(
    ROUTER_ASSET,
    "{project}/{name}-{region}-status.json",
    ["compute routers get-status {name} --region={region} --project={project}", "compute.routers.get"],
    STATUS,
  ),
];

const common = {
  program: "gcloud",
  always: ["--format=json", "--quiet"],
  environment: { CLOUDSDK_CORE_DISABLE_PROMPTS: "1" },
  login: "gcloud auth login",
} as const;

export const gcp: Provider = {
  ...common,
  scope: { flag: "project", argv: ["--project={scope}"], ask: ["config", "get-value", "project"] },
  commands: COMMANDS,
  leftOut: [],
};

/** By Cloud Asset Inventory, which holds what was configured, some minutes ago. */
const wide = (flag: string): Provider => ({
  ...common,
  scope: { flag, argv: [], ask: null },
  commands: WIDE.map((command) =>
    command.id === "assets" ? { ...command, argv: [...command.argv, `--${flag}={scope}`] } : command,
  ),
  leftOut: [
    once("nat-mapping", "compute routers get-nat-mapping-info", "compute.routers.get", MAPPING),
    once("nat-ip-info", "compute routers get-nat-ip-info", "compute.routers.get", ADDRESSES),
  ],
});

export const gcpOrganization = wide("organization");
export const gcpFolder = wide("folder");
