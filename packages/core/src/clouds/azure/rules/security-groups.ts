import type { Rule } from "../../../model/rule.ts";

// What keeps a flow from leaving its subnet.

export const lowestPriorityFirst = {
  id: "azure/filter/priority",
  ref: "R-3.28",
  says: {
    en: "The outbound rules of a security group are tried by priority, lowest number first; the first that means a flow decides.",
    zh: "安全组的出站规则按优先级从小到大匹配；首个命中的规则生效。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
  pageDate: null,
  mark: "partly",
  cases: [
    "azure/nsg-deny",
    "azure/nsg-allow-before-deny",
    "azure/nsg-tag",
    "azure/nsg-tag-idle",
    "azure/nsg-application-group",
  ],
} as const satisfies Rule;

export const bothGroups = {
  id: "azure/filter/nic-then-subnet",
  ref: "R-3.29",
  says: {
    en: "What leaves passes the security group of the NIC and then that of the subnet; each has to allow it.",
    zh: "出站流量先经网卡的安全组，再经子网的安全组；两者都须放行。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works",
  pageDate: null,
  mark: "partly",
  cases: ["azure/nsg-both"],
} as const satisfies Rule;

export const defaultSecurityRules = {
  id: "azure/filter/default-rules",
  ref: "R-3.30",
  says: {
    en: "After its own rules every security group allows what goes to its virtual network and to the internet, and denies the rest.",
    zh: "在自有规则之后，每个安全组默认放行去往本虚拟网络和互联网的流量，拒绝其余流量。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
  pageDate: null,
  mark: "partly",
  cases: ["azure/nsg-default", "azure/nsg-on-premises"],
} as const satisfies Rule;

export const adminRulesFirst = {
  id: "azure/filter/security-admin-rules",
  ref: "R-3.31",
  says: {
    en: "Security admin rules of Virtual Network Manager come before all security groups: one that denies ends it, one that always allows skips the groups.",
    zh: "Virtual Network Manager 的安全管理规则先于所有安全组：拒绝即终止，始终允许则跳过安全组。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins",
  pageDate: null,
  mark: "partly",
  cases: ["azure/admin-rule-denies", "azure/admin-rule-always-allows"],
} as const satisfies Rule;
