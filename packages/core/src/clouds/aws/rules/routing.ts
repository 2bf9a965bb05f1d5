import type { Rule } from "../../../model/rule.ts";

// Which route table, and which route of it.

export const subnetTable = {
  id: "aws/route/subnet-or-main",
  ref: "R1",
  says: {
    en: "A subnet uses the route table associated with it, else the main one of its VPC.",
    zh: "子网使用与其关联的路由表，否则使用 VPC 的主路由表。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW8", "aws/AW9"],
} as const satisfies Rule;

export const implicitAssociation = {
  id: "aws/route/implicit-association",
  ref: "R2",
  says: {
    en: "An export does not write the association with the main table: it is the absence of any other.",
    zh: "导出中不写明与主路由表的关联：没有其他关联即为主表。",
  },
  source: "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/service-2.json",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW8", "aws/main-table-unseen", "aws/route-table-named"],
} as const satisfies Rule;

export const longestPrefix = {
  id: "aws/route/longest-prefix",
  ref: "R3",
  says: {
    en: "The longest prefix wins, IPv4 and IPv6 each by itself.",
    zh: "最长前缀优先，IPv4 与 IPv6 各自比较。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW10", "aws/AW10-other"],
} as const satisfies Rule;

export const staticFirst = {
  id: "aws/route/static-before-propagated",
  ref: "R4",
  says: {
    en: "For one prefix a static route goes before one of a prefix list, and that before a propagated one.",
    zh: "同一前缀时，静态路由优先于前缀列表路由，前缀列表路由优先于传播路由。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW11"],
} as const satisfies Rule;

export const overlappingPrefixLists = {
  id: "aws/route/overlapping-prefix-lists",
  ref: "R4",
  says: {
    en: "Of two prefix lists that overlap and lead to different targets one is picked at random and kept.",
    zh: "两个前缀列表重叠且目标不同时，随机选定其中之一并保持不变。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW32"],
} as const satisfies Rule;

export const prefixListsExpanded = {
  id: "aws/route/prefix-lists",
  ref: "R5",
  says: {
    en: "A route for a prefix list stands for each of its entries.",
    zh: "前缀列表路由相当于其中每个条目各一条路由。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW13", "aws/AW14", "aws/AW13-unseen"],
} as const satisfies Rule;

export const localRoute = {
  id: "aws/route/local",
  ref: "R6",
  says: {
    en: "The local route covers every range of the VPC and keeps the source.",
    zh: "本地路由覆盖 VPC 的所有地址段，并保留源地址。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/local"],
} as const satisfies Rule;

export const localFirst = {
  id: "aws/route/local-before-propagated",
  ref: "R6",
  says: {
    en: "A route that a VPN or Direct Connect propagates never takes what the local route covers, however long its prefix.",
    zh: "VPN 或 Direct Connect 传播的路由不会取代本地路由所覆盖的范围，无论其前缀多长。",
  },
  source: "https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/local-over-propagated"],
} as const satisfies Rule;

export const blackhole = {
  id: "aws/route/blackhole",
  ref: "R7",
  says: {
    en: "A blackhole route takes what it matches and drops it; no shorter one is tried.",
    zh: "黑洞路由命中后丢弃流量，不会改用更短的前缀。",
  },
  source: "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/service-2.json",
  pageDate: null,
  mark: "derived",
  cases: ["aws/AW12"],
} as const satisfies Rule;

export const gatewayTables = {
  id: "aws/route/gateway-tables-are-inbound",
  ref: "R8",
  says: {
    en: "A route table of an internet or virtual private gateway steers what comes in, never what goes out.",
    zh: "互联网网关或虚拟私有网关的路由表只管入站，不管出站。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/gateway-route-table"],
} as const satisfies Rule;

export const reservedRanges = {
  id: "aws/route/reserved-ranges",
  ref: "R9",
  says: {
    en: "Link-local addresses and fd00:ec2::/32 (metadata, DNS, time) are not forwarded by routes.",
    zh: "链路本地地址和 fd00:ec2::/32（元数据、DNS、时间）不由路由转发。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/metadata"],
} as const satisfies Rule;

export const latticeRanges = {
  id: "aws/route/vpc-lattice",
  ref: "R9",
  says: {
    en: "169.254.171.0/24 and fd00:ec2:80::/64 are of VPC Lattice, which the platform hands packets to without a route.",
    zh: "169.254.171.0/24 和 fd00:ec2:80::/64 属于 VPC Lattice，平台无需路由即把流量交给它。",
  },
  source: "https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html",
  pageDate: null,
  mark: "partly",
  cases: ["aws/vpc-lattice"],
} as const satisfies Rule;

export const unicastOnly = {
  id: "aws/route/unicast-only",
  ref: "R9",
  says: {
    en: "A VPC carries no multicast and no broadcast.",
    zh: "VPC 不支持组播和广播。",
  },
  source: "https://aws.amazon.com/vpc/faqs/",
  pageDate: null,
  mark: "partly",
  cases: ["aws/multicast"],
} as const satisfies Rule;

export const missingIsUnknown = {
  id: "aws/export/missing-is-unknown",
  ref: "11",
  says: {
    en: "What a resource refers to and the export does not hold is unknown, never absent.",
    zh: "资源引用了而导出中没有的内容是未知，而不是不存在。",
  },
  source: "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/service-2.json",
  pageDate: null,
  mark: "derived",
  cases: ["aws/nat-not-exported", "aws/no-route-table", "aws/AW34-unseen", "aws/AW10-unseen"],
} as const satisfies Rule;
