import type { Rule } from "../../../model/rule.ts";

// Default outbound access and the groups that lose it.

export const groupRule = {
  id: "azure/default-outbound/group-rule",
  ref: "R-2.12",
  says: {
    en: "A VM with all its NICs, an availability set and a scale set are each one group: one member on a Standard resource takes default outbound access from all.",
    zh: "一台虚拟机的所有网卡、一个可用性集、一个规模集各为一组：任一成员关联标准资源，全组都失去默认出站访问。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-faqs",
  pageDate: "2026-02",
  mark: "read",
  cases: ["azure/T-07", "azure/T-22", "azure/uniform-scale-set", "azure/aks-none"],
} as const satisfies Rule;

export const siblingFrontend = {
  id: "azure/default-outbound/sibling-frontend",
  ref: "R-2.12",
  says: {
    en: "A NIC without a method of its own may come to show the frontend of a sibling NIC's load balancer; when it changes over is not documented.",
    zh: "自身没有出站方式的网卡可能逐渐显示同机其他网卡的负载均衡前端地址；何时切换没有文档说明。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-faqs",
  pageDate: "2026-02",
  mark: "derived",
  cases: ["azure/T-07"],
} as const satisfies Rule;

export const flagNeedsStop = {
  id: "azure/default-outbound/flag-needs-stop",
  ref: "R-2.14",
  says: {
    en: "A change of a subnet's default outbound flag reaches a VM only after it is stopped and deallocated.",
    zh: "子网默认出站标志的改变要在虚拟机停止并解除分配后才生效。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
  pageDate: "2025-12",
  mark: "read",
  cases: ["azure/T-24"],
} as const satisfies Rule;

export const defaultOutbound = {
  id: "azure/default-outbound/platform-address",
  ref: "R-2.30",
  says: {
    en: "Without any method, and in a subnet that is not private, the platform gives an address of its own that may change at any time.",
    zh: "没有任何出站方式且子网非专用时，平台会使用它自己的地址，且随时可能改变。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
  pageDate: "2025-12",
  mark: "read",
  cases: ["azure/T-20", "azure/T-23"],
} as const satisfies Rule;

export const privateFlag = {
  id: "azure/default-outbound/private-flag",
  ref: "R-2.31",
  says: {
    en: "A subnet is private only where its default outbound flag is false; null or absent leaves default outbound access on.",
    zh: "只有默认出站标志为 false 的子网才是专用子网；为 null 或缺失时默认出站访问仍然开启。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
  pageDate: "2025-12",
  mark: "read",
  cases: ["azure/T-23", "azure/T-25", "azure/aks-none-private"],
} as const satisfies Rule;

export const nicConnectivityFlag = {
  id: "azure/default-outbound/nic-flag",
  ref: "R-2.32",
  says: {
    en: "A NIC's default outbound connectivity flag says whether a platform address is allocated to it, not whether that is used.",
    zh: "网卡的默认出站连接标志说明是否已为其分配平台地址，但不说明是否在使用。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
  pageDate: "2025-12",
  mark: "read",
  cases: ["azure/T-24", "azure/T-25", "azure/T-26"],
} as const satisfies Rule;

export const unstableCases = {
  id: "azure/default-outbound/unstable-cases",
  ref: "R-2.33",
  says: {
    en: "With several NICs, or in a scale set, default outbound access shows inconsistent addresses.",
    zh: "有多块网卡或在规模集中时，默认出站访问的地址前后不一。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
  pageDate: "2025-12",
  mark: "read",
  cases: ["azure/T-07"],
} as const satisfies Rule;

export const siblingPublicIp = {
  id: "azure/default-outbound/sibling-public-ip",
  ref: "R-2.34",
  says: {
    en: "Older revisions say that a Standard public IP on one NIC ends default outbound access for the whole VM; newer ones are silent.",
    zh: "旧版文档称一块网卡上的标准公网 IP 会使整台虚拟机失去默认出站访问；新版不再提及。",
  },
  source:
    "https://github.com/MicrosoftDocs/azure-docs/commits/main/articles/virtual-network/ip-services/default-outbound-access.md",
  pageDate: null,
  mark: "partly",
  cases: ["azure/sibling-public-ip"],
} as const satisfies Rule;

export const flexibleScaleSet = {
  id: "azure/default-outbound/flexible-scale-set",
  ref: "R-2.35",
  says: {
    en: "VMs of a Flexible scale set never get default outbound access.",
    zh: "灵活编排规模集的虚拟机从不获得默认出站访问。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
  pageDate: "2025-12",
  mark: "read",
  cases: ["azure/T-27", "azure/scale-set-flexible-profile"],
} as const satisfies Rule;

export const onlyTheStoredFlag = {
  id: "azure/default-outbound/only-the-stored-flag",
  ref: "R-2.36",
  says: {
    en: "Neither the age of the network nor of the VM decides about default outbound access, only the stored flag.",
    zh: "决定默认出站访问的不是网络或虚拟机的创建时间，而只是所存储的标志。",
  },
  source:
    "https://techcommunity.microsoft.com/t5/azure-networking-blog/private-subnets-by-default-in-azure-virtual-networks-what/ba-p/4513778",
  pageDate: null,
  mark: "read",
  cases: ["azure/T-23"],
} as const satisfies Rule;

export const privateExceptions = {
  id: "azure/default-outbound/private-exceptions",
  ref: "R-2.37",
  says: {
    en: "Delegated subnets ignore the private flag; same-region storage stays reachable from a private subnet; routes to Internet need an explicit method there.",
    zh: "委派子网忽略专用标志；专用子网仍可访问同区域存储；其中指向 Internet 的路由需要显式出站方式。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
  pageDate: "2025-12",
  mark: "read",
  cases: ["azure/T-38"],
} as const satisfies Rule;
