import type { Rule } from "../../../model/rule.ts";

// What the target of a route does to the source.

export const internetGateway = {
  id: "aws/target/internet-gateway",
  ref: "4",
  says: {
    en: "An internet gateway sends to the internet what has a public address bound to it.",
    zh: "互联网网关把绑定了公网地址的流量送往互联网。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW1"],
} as const satisfies Rule;

export const egressOnlyGateway = {
  id: "aws/target/egress-only-gateway",
  ref: "4",
  says: {
    en: "An egress-only internet gateway keeps the instance's own IPv6 address.",
    zh: "仅出口互联网网关保留实例自己的 IPv6 地址。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW25"],
} as const satisfies Rule;

export const natInstance = {
  id: "aws/target/nat-instance",
  ref: "4",
  says: {
    en: "An instance as target does what its guest's NAT does, then its own subnet's table applies.",
    zh: "以实例为目标时，先由其操作系统做 NAT，再按其所在子网的路由表转发。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW20"],
} as const satisfies Rule;

export const peeringKeeps = {
  id: "aws/target/peering",
  ref: "4",
  says: {
    en: "Peering keeps the source, and neither an internet gateway nor a NAT gateway of the peer can be used through it.",
    zh: "对等连接保留源地址，且不能借用对端的互联网网关或 NAT 网关。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
  pageDate: null,
  mark: "read",
  cases: [
    "aws/peering",
    "aws/peering-beyond",
    "aws/peering-unseen",
    "aws/AW22-peer",
    "aws/AW23-peer",
    "aws/eks-tagged-interface",
  ],
} as const satisfies Rule;

export const privateGatewayKeeps = {
  id: "aws/target/virtual-private-gateway",
  ref: "4",
  says: {
    en: "VPN and Direct Connect keep the private source; what the far side does is its own.",
    zh: "VPN 和 Direct Connect 保留私有源地址；对端如何处理由其自行决定。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/vpn", "aws/vpn-default"],
} as const satisfies Rule;

export const gatewayEndpoint = {
  id: "aws/target/gateway-endpoint",
  ref: "4",
  says: {
    en: "Through a gateway endpoint S3 and DynamoDB see the private address; it serves its own Region only.",
    zh: "经网关终端节点，S3 和 DynamoDB 看到私有地址；仅限本区域。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW13", "aws/AW14"],
} as const satisfies Rule;

export const interfaceEndpoint = {
  id: "aws/target/interface-endpoint",
  ref: "4",
  says: {
    en: "Behind an interface endpoint a service of AWS sees the private address; another provider sees its own load balancer unless proxy protocol is on.",
    zh: "接口终端节点之后，AWS 服务看到私有地址；其他提供方看到的是其负载均衡器，除非启用代理协议。",
  },
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html",
  pageDate: null,
  mark: "derived",
  cases: ["aws/interface-endpoint", "aws/interface-endpoint-unseen"],
} as const satisfies Rule;

export const loadBalancerEndpoint = {
  id: "aws/target/gateway-load-balancer",
  ref: "4",
  says: {
    en: "A Gateway Load Balancer or firewall endpoint keeps the source and goes on with the route table of its own subnet.",
    zh: "网关负载均衡器或防火墙终端节点保留源地址，并按其所在子网的路由表继续转发。",
  },
  source:
    "https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/using-nat-gateway-and-gwlb-with-ec2.html",
  pageDate: null,
  mark: "derived",
  cases: ["aws/gateway-load-balancer", "aws/network-firewall"],
} as const satisfies Rule;

export const appliancesMaySend = {
  id: "aws/target/gateway-load-balancer-two-arm",
  ref: "4",
  says: {
    en: "Appliances behind a Gateway Load Balancer may translate what goes to the internet and send it themselves (two-arm mode); usually they hand it back.",
    zh: "网关负载均衡器之后的设备可以自行转换并发出到互联网的流量（双臂模式）；通常会交还流量。",
  },
  source:
    "https://aws.amazon.com/blogs/networking-and-content-delivery/best-practices-for-deploying-gateway-load-balancer/",
  pageDate: "2023-04",
  mark: "partly",
  cases: ["aws/gateway-load-balancer"],
} as const satisfies Rule;

export const transitKeeps = {
  id: "aws/transit/keeps-source",
  ref: "4",
  says: {
    en: "A transit gateway keeps the source and looks the destination up in the route table that the attachment is associated with.",
    zh: "中转网关保留源地址，并在连接所关联的路由表中查找目的地。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
  pageDate: null,
  mark: "derived",
  cases: ["aws/AW10", "aws/AW34", "aws/AW10-unseen", "aws/AW34-unseen"],
} as const satisfies Rule;

export const transitEntry = {
  id: "aws/transit/attachment-subnet",
  ref: "4",
  says: {
    en: "What a transit gateway hands to a VPC goes on by the route table of the attachment's subnet.",
    zh: "中转网关交给 VPC 的流量按连接所在子网的路由表继续转发。",
  },
  source:
    "https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-egress-to-internet.html",
  pageDate: null,
  mark: "derived",
  cases: ["aws/AW34"],
} as const satisfies Rule;

export const transitZone = {
  id: "aws/transit/stays-in-zone",
  ref: "4",
  says: {
    en: "A transit gateway keeps traffic in the zone it came from, unless appliance mode is on.",
    zh: "除非启用设备模式，中转网关使流量保持在来源可用区。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/transit-two-zones", "aws/transit-appliance-mode"],
} as const satisfies Rule;

export const transitNeedsZone = {
  id: "aws/transit/needs-zone",
  ref: "4",
  says: {
    en: "A transit gateway takes only what comes from a zone in which the VPC's attachment has a subnet.",
    zh: "中转网关只接收来自 VPC 连接设有子网的可用区的流量。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/transit-other-zone"],
} as const satisfies Rule;

export const cloudWan = {
  id: "aws/transit/cloud-wan",
  ref: "4",
  says: {
    en: "A core network keeps the source; its own export decides where it goes.",
    zh: "核心网络保留源地址；去向由其自身的配置决定。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
  pageDate: null,
  mark: "derived",
  cases: ["aws/cloud-wan"],
} as const satisfies Rule;
