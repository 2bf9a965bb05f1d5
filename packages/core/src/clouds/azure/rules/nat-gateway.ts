import type { Rule } from "../../../model/rule.ts";

// NAT gateways.

export const natGatewayAnyAddress = {
  id: "azure/nat-gateway/any-address",
  ref: "R-2.7",
  says: {
    en: "Each new connection gets any of the NAT gateway's addresses, those of its prefixes included; nothing is pinned.",
    zh: "每条新连接随机使用 NAT 网关的任一地址（含其前缀内的全部地址），没有固定对应。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource",
  pageDate: "2023-07",
  mark: "read",
  cases: [
    "azure/T-10",
    "azure/T-51",
    "azure/aks-own-nat",
    "azure/app-environment-nat",
    "azure/container-group-nat",
    "azure/scale-set-profile-nat",
  ],
} as const satisfies Rule;

export const natGatewayWithoutAddress = {
  id: "azure/nat-gateway/without-address",
  ref: "R-2.8",
  says: {
    en: "A NAT gateway without any address does not work; what carries the traffic then is not documented.",
    zh: "没有任何地址的 NAT 网关不工作；此时由什么承载流量没有文档说明。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/faq",
  pageDate: "2024-12",
  mark: "read",
  cases: ["azure/T-11"],
} as const satisfies Rule;

export const natGatewayEveryConfiguration = {
  id: "azure/nat-gateway/every-configuration",
  ref: "R-2.9",
  says: {
    en: "A NAT gateway serves every NIC and every configuration, secondary ones too, in its subnets.",
    zh: "NAT 网关服务于其子网内的所有网卡和所有 IP 配置，包括辅助配置。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/nat-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["azure/T-08", "azure/T-13", "azure/T-57"],
} as const satisfies Rule;

export const natGatewaySkus = {
  id: "azure/nat-gateway/skus",
  ref: "R-2.10",
  says: {
    en: "A Standard NAT gateway translates IPv4 only; StandardV2 also IPv6 if it has IPv6 addresses.",
    zh: "Standard NAT 网关只转换 IPv4；StandardV2 若有 IPv6 地址也转换 IPv6。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/nat-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["azure/ipv6-nat-gateway"],
} as const satisfies Rule;

export const natGatewayV2 = {
  id: "azure/nat-gateway/v2-breaks-ipv6",
  ref: "R-2.11",
  says: {
    en: "A StandardV2 NAT gateway on the subnet breaks IPv6 that relied on load balancer outbound rules, and moving to it changes all addresses.",
    zh: "子网使用 StandardV2 NAT 网关后，依赖负载均衡器出站规则的 IPv6 会中断；迁移到它必然更换全部地址。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/nat-gateway-v2-migrate",
  pageDate: "2026-05",
  mark: "read",
  cases: ["azure/ipv6-v2-breaks"],
} as const satisfies Rule;

export const natGatewayOfNetwork = {
  id: "azure/nat-gateway/of-network",
  ref: "2.2",
  says: {
    en: "A NAT gateway can be tied to a whole virtual network; which subnets inherit it is on no public page.",
    zh: "NAT 网关可关联整个虚拟网络；哪些子网会继承它，没有公开文档说明。",
  },
  source: "https://learn.microsoft.com/powershell/module/az.network/new-aznatgateway",
  pageDate: null,
  mark: "unsourced",
  cases: ["azure/nat-gateway-of-network"],
} as const satisfies Rule;
