import type { Rule } from "../../../model/rule.ts";

// Addresses of network interfaces, and what an internet gateway makes of them.

export const elasticAddress = {
  id: "aws/eni/elastic-ip",
  ref: "A7",
  says: {
    en: "An Elastic IP address stays until somebody moves or releases it.",
    zh: "弹性 IP 地址一直保留，直到有人移动或释放它。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW1"],
} as const satisfies Rule;

export const publicAddressAtGateway = {
  id: "aws/eni/public-address-at-gateway",
  ref: "A1",
  says: {
    en: "The internet gateway swaps a private address for the public one that is bound to exactly it; the guest never has the public one.",
    zh: "互联网网关把私有地址换成与之一一绑定的公网地址；操作系统内没有公网地址。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW1", "aws/AW2"],
} as const satisfies Rule;

export const onePublicPerPrivate = {
  id: "aws/eni/one-public-per-private",
  ref: "A2",
  says: {
    en: "Each private IPv4 address, primary or secondary, has at most one Elastic IP of its own.",
    zh: "每个私有 IPv4 地址（主要或辅助）至多有一个自己的弹性 IP。",
  },
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/MultipleIP.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW3", "aws/AW4", "aws/AW28", "aws/AW28-second", "aws/AW33"],
} as const satisfies Rule;

export const autoAssigned = {
  id: "aws/eni/auto-assigned",
  ref: "A3",
  says: {
    en: "An auto-assigned public address goes with a stop, and none is assigned while more than one interface is attached.",
    zh: "自动分配的公网地址在停止实例时释放；连接了多个网络接口时不再分配。",
  },
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW2", "aws/AW29", "aws/stopped"],
} as const satisfies Rule;

export const noPublicAddress = {
  id: "aws/eni/no-public-address",
  ref: "A4",
  says: {
    en: "Without a public address of its own a private address gets nothing through an internet gateway.",
    zh: "没有自己的公网地址，私有地址无法通过互联网网关出去。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW5", "aws/AW9", "aws/AW29"],
} as const satisfies Rule;

export const carrierAddress = {
  id: "aws/eni/carrier-and-customer-addresses",
  ref: "A6",
  says: {
    en: "Through a carrier gateway the carrier address is seen, through a local gateway the customer-owned one.",
    zh: "经运营商网关看到的是运营商 IP，经本地网关看到的是客户自有 IP。",
  },
  source: "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/service-2.json",
  pageDate: null,
  mark: "read",
  cases: ["aws/carrier-gateway"],
} as const satisfies Rule;

export const sourceDestCheck = {
  id: "aws/eni/source-dest-check",
  ref: "A9",
  says: {
    en: "With SourceDestCheck on, as it is by default, an interface drops what is neither from nor to its own addresses.",
    zh: "SourceDestCheck 默认开启：源和目的都不是接口自身地址的流量会被丢弃。",
  },
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW21", "aws/AW27"],
} as const satisfies Rule;

export const delegatedPrefixes = {
  id: "aws/eni/delegated-prefixes",
  ref: "A10",
  says: {
    en: "A prefix delegated to an interface gives it addresses that are not listed one by one.",
    zh: "委派给接口的前缀为其提供未逐一列出的地址。",
  },
  source: "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/service-2.json",
  pageDate: null,
  mark: "read",
  cases: ["aws/eks-prefix-delegation"],
} as const satisfies Rule;

export const firstInterface = {
  id: "aws/eni/first-interface",
  ref: "7",
  says: {
    en: "A guest sends by the interface with the lowest device index unless it was told otherwise.",
    zh: "除非另行配置，操作系统从设备索引最小的接口发送。",
  },
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html",
  pageDate: null,
  mark: "derived",
  cases: ["aws/AW27"],
} as const satisfies Rule;

export const ipv6IsSeen = {
  id: "aws/eni/ipv6-is-seen",
  ref: "6",
  says: {
    en: "IPv6 is not translated: the instance's own address is what is seen.",
    zh: "IPv6 不做转换：看到的就是实例自己的地址。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW25", "aws/ipv6-internet-gateway"],
} as const satisfies Rule;

export const lambdaInVpc = {
  id: "aws/eni/lambda-in-vpc",
  ref: "E5",
  says: {
    en: "A function attached to a VPC never has a public IPv4 address, not even in a public subnet.",
    zh: "接入 VPC 的函数从来没有公网 IPv4 地址，即使在公有子网中。",
  },
  source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html",
  pageDate: null,
  mark: "partly",
  cases: ["aws/AW30"],
} as const satisfies Rule;
