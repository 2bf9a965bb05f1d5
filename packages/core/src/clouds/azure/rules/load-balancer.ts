import type { Rule } from "../../../model/rule.ts";

// Load balancers as a way out.

export const poolRule = {
  id: "azure/load-balancer/rule-gives-snat",
  ref: "R-2.15",
  says: {
    en: "A load-balancing rule translates outbound flows of its pool to its own frontend unless outbound SNAT is disabled in it.",
    zh: "除非禁用出站 SNAT，负载均衡规则会把其后端池的出站流量转换为该规则的前端地址。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/outbound-rules",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-02", "azure/T-05", "azure/T-56"],
} as const satisfies Rule;

export const allPoolMembers = {
  id: "azure/load-balancer/all-members",
  ref: "R-2.13",
  says: {
    en: "All VMs of an availability set or scale set must be in the pool for its outbound rules to serve them.",
    zh: "可用性集或规模集的所有虚拟机都须在后端池内，出站规则才为其服务。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/outbound-rules",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-22"],
} as const satisfies Rule;

export const primaryOnly = {
  id: "azure/load-balancer/primary-only",
  ref: "R-2.16",
  says: {
    en: "Load balancer outbound covers only a NIC's primary IPv4 configuration; a secondary one needs its own public IP or a NAT gateway.",
    zh: "负载均衡器出站只覆盖网卡的 IPv4 主配置；辅助配置需有自己的公网 IP 或 NAT 网关。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/outbound-rules",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-12"],
} as const satisfies Rule;

export const perProtocol = {
  id: "azure/load-balancer/per-protocol",
  ref: "R-2.17",
  says: {
    en: "A load-balancing rule for TCP gives no way out for UDP, nor the other way round.",
    zh: "TCP 的负载均衡规则不为 UDP 提供出站，反之亦然。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/outbound-rules",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-03"],
} as const satisfies Rule;

export const needsRule = {
  id: "azure/load-balancer/needs-rule",
  ref: "R-2.18",
  says: {
    en: "Being in a pool, or having only inbound NAT rules, gives no way out: a load-balancing or outbound rule must link frontend and pool.",
    zh: "仅加入后端池或仅有入站 NAT 规则不提供出站：须有负载均衡规则或出站规则把前端与后端池关联起来。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/outbound-rules",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-17", "azure/T-18"],
} as const satisfies Rule;

export const outboundRule = {
  id: "azure/load-balancer/outbound-rule",
  ref: "R-2.1",
  says: {
    en: "An outbound rule of a Standard public load balancer translates its pool to the rule's frontends, before load-balancing rules do.",
    zh: "标准公网负载均衡器的出站规则把其后端池转换为该规则的前端地址，优先于负载均衡规则。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
  pageDate: "2026-07",
  mark: "read",
  cases: ["azure/T-15", "azure/ipv6-outbound-rule", "azure/aks-nodes", "azure/scale-set-profile-balancer"],
} as const satisfies Rule;

export const severalFrontends = {
  id: "azure/load-balancer/several-frontends",
  ref: "R-2.19",
  says: {
    en: "With several frontends or a prefix any of the addresses may appear; the pages disagree on the order, so none is promised.",
    zh: "有多个前端或前缀时，任一地址都可能出现；文档对次序说法不一，因此不作保证。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
  pageDate: "2026-07",
  mark: "read",
  cases: ["azure/T-15"],
} as const satisfies Rule;

export const basicFrontends = {
  id: "azure/load-balancer/basic-frontends",
  ref: "R-2.20",
  says: {
    en: "A Basic load balancer uses one of its frontends, and which one cannot be set or known.",
    zh: "基本负载均衡器使用其前端之一，无法指定也无法得知是哪一个。",
  },
  source:
    "https://github.com/MicrosoftDocs/azure-docs/commits/main/articles/load-balancer/load-balancer-outbound-connections.md",
  pageDate: null,
  mark: "partly",
  cases: ["azure/basic-frontends"],
} as const satisfies Rule;

export const firstPoolJoined = {
  id: "azure/load-balancer/first-pool-joined",
  ref: "R-2.21",
  says: {
    en: "In two pools with different outbound frontends, a lab saw the pool joined first win; an export does not show the order.",
    zh: "同时在两个出站前端不同的后端池中时，实测是先加入者生效；导出中看不出加入次序。",
  },
  source: "https://www.simonpainter.com/egress-ip-decision-tree-updated",
  pageDate: null,
  mark: "partly",
  cases: ["azure/T-16"],
} as const satisfies Rule;

export const frontendOncePerProtocol = {
  id: "azure/load-balancer/frontend-once-per-protocol",
  ref: "R-2.22",
  says: {
    en: "A frontend serves one outbound rule per protocol.",
    zh: "一个前端对每种协议只服务一条出站规则。",
  },
  source: "https://github.com/Azure/AzLoadBalancerMigration/issues/10",
  pageDate: null,
  mark: "partly",
  cases: [],
  decidesNothing: {
    en: "The platform refuses such a configuration, so no export holds one.",
    zh: "平台会拒绝这种配置，导出中不会出现。",
  },
} as const satisfies Rule;

export const internalStandard = {
  id: "azure/load-balancer/internal-standard",
  ref: "R-2.23",
  says: {
    en: "Membership in an internal Standard load balancer removes default outbound access and puts nothing in its place; a Basic one leaves it.",
    zh: "加入内部标准负载均衡器会失去默认出站访问，且没有替代；内部基本负载均衡器则保留它。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/outbound-rules",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-19"],
} as const satisfies Rule;

export const ipBasedPool = {
  id: "azure/load-balancer/ip-based-pool",
  ref: "R-2.24",
  says: {
    en: "Members of an IP-based pool keep default outbound access; with a public frontend either its address or that of default outbound access appears.",
    zh: "基于 IP 的后端池成员保留默认出站访问；若有公网前端，可能出现前端地址，也可能出现默认出站访问的地址。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/whats-new",
  pageDate: null,
  mark: "read",
  cases: ["azure/T-20", "azure/T-21"],
} as const satisfies Rule;

export const globalTier = {
  id: "azure/load-balancer/global-tier",
  ref: "R-2.25",
  says: {
    en: "A cross-region load balancer handles inbound traffic only; its address is never a source.",
    zh: "跨区域负载均衡器只处理入站流量；其地址绝不会成为源地址。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/cross-region-overview",
  pageDate: null,
  mark: "derived",
  cases: ["azure/global-load-balancer"],
} as const satisfies Rule;

export const exhaustionFails = {
  id: "azure/load-balancer/exhaustion-fails",
  ref: "R-2.27",
  says: {
    en: "When SNAT ports run out, new connections fail; they do not take another method.",
    zh: "SNAT 端口耗尽时新连接会失败，不会改用其他方式。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
  pageDate: "2026-07",
  mark: "derived",
  cases: ["azure/T-02", "azure/T-15"],
} as const satisfies Rule;

export const basicRetired = {
  id: "azure/load-balancer/basic-retired",
  ref: "R-2.28",
  says: {
    en: "Basic load balancers and public IPs were retired on 30 September 2025.",
    zh: "基本负载均衡器和基本公网 IP 已于 2025 年 9 月 30 日停用。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-faqs",
  pageDate: "2026-02",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "A Basic resource that an export still holds is read as it stands.",
    zh: "导出中仍有的基本版资源按原样读取。",
  },
} as const satisfies Rule;

export const gatewayLoadBalancer = {
  id: "azure/load-balancer/gateway-chain",
  ref: "R-2.29",
  says: {
    en: "A gateway load balancer chains third-party appliances in; the resulting source is on no public page.",
    zh: "网关负载均衡器会串接第三方设备；最终的源地址没有公开文档说明。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/gateway-overview",
  pageDate: null,
  mark: "unsourced",
  cases: ["azure/gateway-chain"],
} as const satisfies Rule;
