import { type Command, forEach, once, type Provider } from "./command.ts";

const ec2 = (id: string, right: string, unknown: readonly [en: string, zh: string]): Command =>
  once(id, `ec2 describe-${id}`, `ec2:${right}`, unknown);

/** https://docs.aws.amazon.com/cli/latest/reference/ec2/; rights: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
const COMMANDS: readonly Command[] = [
  ec2("instances", "DescribeInstances", ["which instances there are", "有哪些实例"]),
  ec2("network-interfaces", "DescribeNetworkInterfaces", ["interfaces and their addresses", "网络接口及其地址"]),
  ec2("subnets", "DescribeSubnets", ["the ranges of subnets", "子网的地址范围"]),
  ec2("vpcs", "DescribeVpcs", ["the ranges of VPCs", "VPC 的地址范围"]),
  ec2("addresses", "DescribeAddresses", ["Elastic IP addresses", "弹性 IP 地址"]),
  ec2("route-tables", "DescribeRouteTables", ["where packets leave a subnet", "数据包从哪里离开子网"]),
  ec2("nat-gateways", "DescribeNatGateways", ["NAT gateways and their addresses", "NAT 网关及其地址"]),
  ec2("vpc-endpoints", "DescribeVpcEndpoints", ["endpoints on the way to services of AWS", "通往 AWS 服务的终端节点"]),
  ec2("vpc-peering-connections", "DescribeVpcPeeringConnections", ["peerings", "对等连接"]),
  ec2("security-groups", "DescribeSecurityGroups", [
    "whether a security group denies the flow",
    "安全组是否拒绝该流量",
  ]),
  ec2("network-acls", "DescribeNetworkAcls", ["whether a network ACL denies the flow", "网络 ACL 是否拒绝该流量"]),
  ec2("prefix-lists", "DescribePrefixLists", ["the ranges of AWS's own prefix lists", "AWS 自有前缀列表的范围"]),
  ec2("managed-prefix-lists", "DescribeManagedPrefixLists", ["which prefix lists routes name", "路由引用的前缀列表"]),
  ec2("transit-gateways", "DescribeTransitGateways", ["transit gateways", "中转网关"]),
  ec2("transit-gateway-attachments", "DescribeTransitGatewayAttachments", [
    "what is attached to transit gateways",
    "中转网关的挂载",
  ]),
  ec2("transit-gateway-vpc-attachments", "DescribeTransitGatewayVpcAttachments", [
    "which VPCs are attached, and whether in appliance mode",
    "挂载了哪些 VPC，是否为设备模式",
  ]),
  ec2("transit-gateway-route-tables", "DescribeTransitGatewayRouteTables", [
    "which route tables transit gateways have",
    "中转网关有哪些路由表",
  ]),
  ec2("vpn-connections", "DescribeVpnConnections", ["VPN connections", "VPN 连接"]),
  once("virtual-interfaces", "directconnect describe-virtual-interfaces", "directconnect:DescribeVirtualInterfaces", [
    "Direct Connect virtual interfaces",
    "Direct Connect 虚拟接口",
  ]),
  forEach(
    { of: "managed-prefix-lists", list: "PrefixLists", fields: { id: "PrefixListId" } },
    "{id}.json",
    ["ec2 get-managed-prefix-list-entries --prefix-list-id={id}", "ec2:GetManagedPrefixListEntries"],
    ["what this prefix list holds, so where routes that name it lead", "该前缀列表的内容，即引用它的路由通向何处"],
  ),
  forEach(
    {
      of: "transit-gateway-route-tables",
      list: "TransitGatewayRouteTables",
      fields: { id: "TransitGatewayRouteTableId" },
    },
    "{id}.json",
    [
      "ec2 search-transit-gateway-routes --transit-gateway-route-table-id={id} --filters=Name=state,Values=active,blackhole",
      "ec2:SearchTransitGatewayRoutes",
    ],
    ["the routes of this transit gateway's table", "该中转网关路由表中的路由"],
  ),
];

export const aws: Provider = {
  program: "aws",
  scope: { flag: "region", argv: ["--region={scope}"], ask: ["configure", "get", "region"] },
  always: ["--output=json"],
  // Version 1 has no pager and does not know --no-cli-pager.
  environment: { AWS_PAGER: "" },
  login: "aws sso login",
  commands: COMMANDS,
  leftOut: [],
};
