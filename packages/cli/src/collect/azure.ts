import { type Command, forEach, once, type Provider } from "./command.ts";

/** An empty list says whose it is by its file's name alone. */
const list = (id: string, ...rest: Rest): Command => ({ ...once(id, ...rest), file: `azure-${id}.json` });

type Rest = readonly [command: string, rights: string, unknown: readonly [en: string, zh: string]];

const GROUP = { of: "resource-groups", fields: { group: "name" }, merged: true } as const;
const NET = "Microsoft.Network";

/** https://learn.microsoft.com/cli/azure/network; rights: https://learn.microsoft.com/azure/role-based-access-control/permissions/networking */
const COMMANDS: readonly Command[] = [
  list("vms", "vm list", "Microsoft.Compute/virtualMachines/read", ["which VMs there are", "有哪些虚拟机"]),
  list("scale-sets", "vmss list", "Microsoft.Compute/virtualMachineScaleSets/read", ["scale sets", "规模集"]),
  list("nics", "network nic list", `${NET}/networkInterfaces/read`, [
    "interfaces, their addresses and subnets",
    "网卡及其地址和子网",
  ]),
  list("vnets", "network vnet list", `${NET}/virtualNetworks/read`, [
    "subnets and what is attached to them: NAT gateway, route table",
    "子网及其关联的 NAT 网关和路由表",
  ]),
  list("public-ips", "network public-ip list", `${NET}/publicIPAddresses/read`, ["public addresses", "公网 IP 地址"]),
  list("public-ip-prefixes", "network public-ip prefix list", `${NET}/publicIPPrefixes/read`, [
    "the ranges of public IP prefixes",
    "公网 IP 前缀的范围",
  ]),
  list("load-balancers", "network lb list", `${NET}/loadBalancers/read`, [
    "outbound rules of load balancers",
    "负载均衡器的出站规则",
  ]),
  list("nat-gateways", "network nat gateway list", `${NET}/natGateways/read`, ["NAT gateways", "NAT 网关"]),
  list("route-tables", "network route-table list", `${NET}/routeTables/read`, [
    "routes that users set",
    "用户定义的路由",
  ]),
  list("network-security-groups", "network nsg list", `${NET}/networkSecurityGroups/read`, [
    "whether a network security group denies the flow",
    "网络安全组是否拒绝该流量",
  ]),
  list("firewalls", "network firewall list", `${NET}/azureFirewalls/read`, [
    "Azure Firewall and its addresses",
    "Azure 防火墙及其地址",
  ]),
  list("firewall-policies", "network firewall policy list", `${NET}/firewallPolicies/read`, [
    "which private ranges Azure Firewall does not translate",
    "Azure 防火墙不做转换的专用范围",
  ]),
  list("resource-groups", "group list", "Microsoft.Resources/subscriptions/resourceGroups/read", [
    "gateways and VPN connections, which are listed group by group",
    "网关与 VPN 连接（须逐个资源组列出）",
  ]),
  forEach(
    GROUP,
    "azure-vnet-gateways.json",
    ["network vnet-gateway list --resource-group={group}", `${NET}/virtualNetworkGateways/read`],
    ["virtual network gateways: whether routes are learned", "虚拟网络网关：是否有学到的路由"],
  ),
  forEach(
    GROUP,
    "azure-vpn-connections.json",
    ["network vpn-connection list --resource-group={group}", `${NET}/connections/read`],
    ["connections of gateways", "网关的连接"],
  ),
  forEach(
    { of: "nics", fields: { name: "name", group: "resourceGroup" }, needs: "virtualMachine" },
    "{name}-effective-routes.json",
    [
      "network nic show-effective-route-table --name={name} --resource-group={group}",
      `${NET}/networkInterfaces/effectiveRouteTable/action`,
    ],
    ["the routes in force at this interface (its VM must be running)", "该网卡的有效路由（虚拟机须在运行）"],
  ),
];

const TYPES = [
  ...["virtualMachines", "virtualMachineScaleSets"].map((name) => `Microsoft.Compute/${name}`),
  ...["networkInterfaces", "virtualNetworks", "publicIPAddresses", "publicIPPrefixes", "loadBalancers"].map(inNetwork),
  ...[
    "natGateways",
    "routeTables",
    "networkSecurityGroups",
    "azureFirewalls",
    "firewallPolicies",
    "virtualNetworkGateways",
    "connections",
  ].map(inNetwork),
];

function inNetwork(name: string): string {
  return `${NET}/${name}`;
}

/** With a member `id` and an order, pages follow each other. https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data */
const QUERY = `resources | where type in~ (${TYPES.map((type) => `'${type}'`).join(", ")}) | order by id asc`;

const GRAPH: Command = {
  id: "resources",
  argv: ["graph", "query", `--graph-query=${QUERY}`, "--management-groups={scope}", "--first=1000"],
  file: "azure-resources.json",
  rights: TYPES.map((type) => `${type}/read`),
  unknown: {
    en: "VMs, networks, routes, NAT gateways and addresses of every subscription",
    zh: "所有订阅的虚拟机、网络、路由、NAT 网关与地址",
  },
  each: null,
  pages: { list: "data", token: "skip_token", argv: "--skip-token={token}" },
};

const common = {
  program: "az",
  always: ["--output=json", "--only-show-errors"],
  // Otherwise a missing extension asks whether to install it, and waits.
  environment: { AZURE_CORE_NO_COLOR: "1", AZURE_EXTENSION_USE_DYNAMIC_INSTALL: "no" },
  login: "az login",
} as const;

export const azure: Provider = {
  ...common,
  scope: {
    flag: "subscription",
    argv: ["--subscription={scope}"],
    ask: ["account", "show", "--query=id", "--output=tsv"],
  },
  commands: COMMANDS,
  leftOut: [],
};

/** By Resource Graph, which gives what the one who asks may read, and does not say what else there is. */
export const azureManagementGroup: Provider = {
  ...common,
  scope: { flag: "management-group", argv: [], ask: null },
  commands: [GRAPH],
  leftOut: [
    ...COMMANDS.filter(({ id }) => id.endsWith("effective-routes")),
    list("unreadable", "role assignment list --all", "Microsoft.Authorization/roleAssignments/read", [
      "whether there are resources that you may not read: Resource Graph leaves them out without a word",
      "是否有您无权读取的资源：Resource Graph 会直接略去而不作提示",
    ]),
  ],
};
