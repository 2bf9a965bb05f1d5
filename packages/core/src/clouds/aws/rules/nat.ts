import type { Rule } from "../../../model/rule.ts";

// NAT gateways.

export const natByItsGateway = {
  id: "aws/nat/public",
  ref: "4",
  says: {
    en: "A public NAT gateway shows its Elastic IPs, which the internet gateway of its own subnet applies.",
    zh: "公有 NAT 网关显示其弹性 IP，由其所在子网的互联网网关转换。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW6"],
} as const satisfies Rule;

export const natAnyAddress = {
  id: "aws/nat/any-address",
  ref: "N2",
  says: {
    en: "With several addresses any of them may appear: no published rule says which.",
    zh: "有多个地址时，任何一个都可能出现：没有公布选择规则。",
  },
  source:
    "https://aws.amazon.com/blogs/networking-and-content-delivery/attach-multiple-ips-to-a-nat-gateway-to-scale-your-egress-traffic-pattern/",
  pageDate: null,
  mark: "derived",
  cases: ["aws/AW7", "aws/AW18-b"],
} as const satisfies Rule;

export const natBySubnet = {
  id: "aws/nat/by-own-subnet",
  ref: "4",
  says: {
    en: "A NAT gateway sends from its private address, by the routes of its own subnet; only an internet gateway there makes that a public one.",
    zh: "NAT 网关以其私有地址、按其所在子网的路由发出；只有那里的互联网网关才会把它换成公网地址。",
  },
  source:
    "https://aws.amazon.com/blogs/networking-and-content-delivery/attach-multiple-ips-to-a-nat-gateway-to-scale-your-egress-traffic-pattern/",
  pageDate: null,
  mark: "derived",
  cases: ["aws/AW16", "aws/AW17"],
} as const satisfies Rule;

export const natPrivate = {
  id: "aws/nat/private",
  ref: "4",
  says: {
    en: "What a private NAT gateway sends to an internet gateway is dropped.",
    zh: "私有 NAT 网关发往互联网网关的流量会被丢弃。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW15", "aws/AW16"],
} as const satisfies Rule;

export const natState = {
  id: "aws/nat/state",
  ref: "N9",
  says: {
    en: "A NAT gateway works while its state is available, with the addresses that were assigned; one that is being removed keeps its old connections alone.",
    zh: "NAT 网关仅在 available 状态下工作，使用已成功分配的地址；正在移除的地址只保留旧连接。",
  },
  source: "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/service-2.json",
  pageDate: null,
  mark: "read",
  cases: ["aws/nat-deleting", "aws/nat-pending", "aws/nat-addresses-change"],
} as const satisfies Rule;

export const natRegional = {
  id: "aws/nat/regional",
  ref: "N4",
  says: {
    en: "Of a regional NAT gateway the addresses of the client's own zone are seen; until a new zone has some, those of others.",
    zh: "区域 NAT 网关显示的是客户端所在可用区的地址；新可用区尚无地址时使用其他可用区的地址。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html",
  pageDate: null,
  mark: "partly",
  cases: ["aws/AW18", "aws/AW18-b", "aws/nat-regional-new-zone"],
} as const satisfies Rule;

export const natGrows = {
  id: "aws/nat/addresses-may-grow",
  ref: "N5",
  says: {
    en: "A regional NAT gateway in automatic mode gets further addresses when ports run out or a zone is added.",
    zh: "自动模式的区域 NAT 网关在端口耗尽或新增可用区时会增加地址。",
  },
  source: "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/service-2.json",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW19"],
} as const satisfies Rule;

export const nat64 = {
  id: "aws/nat/nat64",
  ref: "N6",
  says: {
    en: "IPv6-only clients reach IPv4 by 64:ff9b::/96; the NAT gateway's address is seen.",
    zh: "仅 IPv6 的客户端经 64:ff9b::/96 访问 IPv4；看到的是 NAT 网关的地址。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW26"],
} as const satisfies Rule;

export const natNoIpv6 = {
  id: "aws/nat/no-ipv6",
  ref: "6",
  says: {
    en: "A NAT gateway does not translate IPv6 to IPv6: of IPv6 it carries only what goes to 64:ff9b::/96.",
    zh: "NAT 网关不做 IPv6 到 IPv6 的转换：IPv6 流量中只承载发往 64:ff9b::/96 的部分。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html",
  pageDate: null,
  mark: "derived",
  cases: ["aws/nat-ipv6"],
} as const satisfies Rule;

export const natAppliance = {
  id: "aws/nat/attached-appliance",
  ref: "N8",
  says: {
    en: "An appliance attached to a NAT gateway may send web traffic anew; with which source is not documented.",
    zh: "附加在 NAT 网关上的设备可能重新发起 Web 流量；使用哪个源地址没有文档说明。",
  },
  source: "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/service-2.json",
  pageDate: null,
  mark: "unsourced",
  cases: ["aws/nat-attached-appliance"],
} as const satisfies Rule;
