import type { Rule } from "../../../model/rule.ts";

// Which way to the internet applies.

export const precedence = {
  id: "azure/outbound/precedence",
  ref: "R-2.1",
  says: {
    en: "A subnet's NAT gateway wins over the VM's own public IP, that over load balancer rules, those over default outbound access.",
    zh: "子网的 NAT 网关优先于虚拟机自己的公网 IP，公网 IP 优先于负载均衡规则，再次才是默认出站访问。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/nat-overview",
  pageDate: "2026-04",
  mark: "read",
  cases: ["azure/T-09", "azure/T-26"],
} as const satisfies Rule;

export const newerPageWins = {
  id: "azure/outbound/newer-page-wins",
  ref: "R-2.2",
  says: {
    en: "A 2022 page put the instance's public IP before everything; the 2026 page excepts the NAT gateway, and that holds here.",
    zh: "2022 年的文档称实例公网 IP 优先于一切；2026 年的文档把 NAT 网关列为例外，此处以后者为准。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
  pageDate: "2026-07",
  mark: "read",
  cases: ["azure/T-09"],
} as const satisfies Rule;

export const establishedFlowsKeep = {
  id: "azure/outbound/established-flows-keep",
  ref: "R-2.3",
  says: {
    en: "Connections made before a change of method keep their old source until they close; predictions are for new ones.",
    zh: "出站方式改变前已建立的连接在关闭前沿用旧的源地址；预测只针对新连接。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/faq",
  pageDate: "2024-12",
  mark: "read",
  cases: ["azure/T-58", "azure/T-58-new", "azure/midway-open"],
} as const satisfies Rule;

export const instancePublicIp = {
  id: "azure/outbound/instance-public-ip",
  ref: "R-2.4",
  says: {
    en: "A public IP on the flow's own configuration wins over any load balancer membership.",
    zh: "流量所用 IP 配置上的公网 IP 优先于任何负载均衡器成员身份。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/outbound-rules",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-01"],
} as const satisfies Rule;

export const perConfiguration = {
  id: "azure/outbound/per-configuration",
  ref: "R-2.5",
  says: {
    en: "The method is chosen for the NIC and configuration that carry the flow; a sibling NIC's public IP is never borrowed.",
    zh: "出站方式按承载流量的网卡和 IP 配置选定；绝不会借用同机其他网卡的公网 IP。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
  pageDate: "2026-07",
  mark: "derived",
  cases: ["azure/T-04", "azure/T-05", "azure/sibling-public-ip"],
} as const satisfies Rule;

export const allocationMethod = {
  id: "azure/outbound/allocation-method",
  ref: "R-2.6",
  says: {
    en: "A static public IP stays until it is deleted; a dynamic one may change when the VM is stopped and started.",
    zh: "静态公网 IP 在删除前不变；动态公网 IP 在虚拟机停止并启动后可能改变。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-network-interface-addresses",
  pageDate: "2023-12",
  mark: "read",
  cases: ["azure/T-01"],
} as const satisfies Rule;

export const noIcmp = {
  id: "azure/outbound/no-icmp",
  ref: "R-2.26",
  says: {
    en: "ICMP does not pass a load balancer, a NAT gateway or default outbound access; only an instance's public IP carries it.",
    zh: "ICMP 无法通过负载均衡器、NAT 网关或默认出站访问；只有实例公网 IP 可以承载。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
  pageDate: "2026-07",
  mark: "read",
  cases: ["azure/T-45", "azure/app-icmp"],
} as const satisfies Rule;

export const icmpWithBoth = {
  id: "azure/outbound/icmp-with-both",
  ref: "R-2.26",
  says: {
    en: "What happens to ICMP from a VM that has both a public IP and a NAT gateway is on no public page.",
    zh: "同时有公网 IP 和 NAT 网关的虚拟机发出的 ICMP 会怎样，没有公开文档说明。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
  pageDate: "2026-07",
  mark: "unsourced",
  cases: ["azure/icmp-with-both"],
} as const satisfies Rule;

export const ipv6OnlyExplicit = {
  id: "azure/outbound/ipv6-only-explicit",
  ref: "13",
  says: {
    en: "IPv6 reaches the internet only where a NAT gateway, public IP or load balancer was set up for it.",
    zh: "只有为其配置了 NAT 网关、公网 IP 或负载均衡器，IPv6 才能到达互联网。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/ipv6-overview",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/ipv6-nothing"],
} as const satisfies Rule;

export const smtpBlocked = {
  id: "azure/outbound/smtp-blocked",
  ref: "R-8.16",
  says: {
    en: "TCP port 25 to the internet is blocked for VMs unless the subscription is an Enterprise Agreement or was exempted.",
    zh: "除企业协议订阅或已获豁免的订阅外，虚拟机到互联网的 TCP 25 端口被封锁。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/troubleshoot-outbound-smtp-connectivity",
  pageDate: null,
  mark: "read",
  cases: ["azure/T-59"],
} as const satisfies Rule;

export const smtpHint = {
  id: "azure/outbound/smtp-hint",
  ref: "R-8.17",
  says: {
    en: "Exports of NICs carry a computed allowPort25Out flag that no schema describes; it is a hint, no proof.",
    zh: "网卡导出中带有计算得出的 allowPort25Out 标志，但没有模式文档描述它；只能作线索，不能作证明。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/troubleshoot-outbound-smtp-connectivity",
  pageDate: null,
  mark: "unsourced",
  cases: ["azure/smtp-hint"],
} as const satisfies Rule;
