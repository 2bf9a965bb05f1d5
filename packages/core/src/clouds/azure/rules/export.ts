import type { Rule } from "../../../model/rule.ts";

// How exports are to be read.

export const activeRoutesOnly = {
  id: "azure/export/active-routes-only",
  ref: "R-6.1",
  says: {
    en: "Of effective routes those that are Invalid do not count; the platform has settled ties among the Active ones.",
    zh: "有效路由中状态为 Invalid 的不生效；Active 路由之间的取舍平台已经完成。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-35", "azure/T-55"],
} as const satisfies Rule;

export const severalNextHops = {
  id: "azure/export/several-next-hops",
  ref: "R-6.2",
  says: {
    en: "An effective route may hold several prefixes and several next hops; the hops share the traffic.",
    zh: "一条有效路由可含多个前缀和多个下一跳；各下一跳分担流量。",
  },
  source: "https://notes.pbe9216.net/2021/2021-03-28-azure-service-private-endpoints-private-links-networking",
  pageDate: null,
  mark: "partly",
  cases: ["azure/T-55"],
} as const satisfies Rule;

export const runningVmNeeded = {
  id: "azure/export/running-vm",
  ref: "R-6.3",
  says: {
    en: "Effective routes are shown only for a NIC of a running VM.",
    zh: "只有运行中虚拟机的网卡才能导出有效路由。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/diagnose-network-routing-problem",
  pageDate: null,
  mark: "unsourced",
  cases: [],
  decidesNothing: {
    en: "It says when the command prints a table; without one, the routes are computed from the resources.",
    zh: "它只说明命令何时给出路由表；没有时按资源计算路由。",
  },
} as const satisfies Rule;

export const missingIsUnknown = {
  id: "azure/export/missing-is-unknown",
  ref: "9",
  says: {
    en: "What a resource refers to and the export does not hold is unknown, never absent.",
    zh: "资源引用了而导出中没有的内容是未知，而不是不存在。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "derived",
  cases: [
    "azure/T-60",
    "azure/T-60-subnet",
    "azure/aks-address-missing",
    "azure/app-subnet-missing",
    "azure/nsg-rules-not-shown",
    "azure/container-app-alone",
  ],
} as const satisfies Rule;
