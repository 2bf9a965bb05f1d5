import type { Rule } from "../../../model/rule.ts";

// Azure Firewall.

export const firewallIsNextHop = {
  id: "azure/firewall/next-hop",
  ref: "R-4.1",
  says: {
    en: "A route to the private address of an Azure Firewall goes through that firewall.",
    zh: "指向 Azure 防火墙私有地址的路由会经过该防火墙。",
  },
  source: "https://learn.microsoft.com/azure/firewall/snat-private-range",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/T-28"],
} as const satisfies Rule;

export const firewallNetworkRule = {
  id: "azure/firewall/network-rule",
  ref: "R-4.2",
  says: {
    en: "Traffic matched by a network rule keeps its source towards the private ranges and is translated towards all else.",
    zh: "匹配网络规则的流量，去往私有网段时保留源地址，去往其他地址时做转换。",
  },
  source: "https://learn.microsoft.com/azure/firewall/snat-private-range",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/T-30", "azure/hub-spoke-to-spoke"],
} as const satisfies Rule;

export const firewallApplicationRule = {
  id: "azure/firewall/application-rule",
  ref: "R-4.3",
  says: {
    en: "Traffic matched by an application rule is always translated; inside, a private address of the firewall is seen.",
    zh: "匹配应用程序规则的流量总是被转换；内部目的地看到的是防火墙的私有地址。",
  },
  source: "https://learn.microsoft.com/azure/firewall/snat-private-range",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/T-31", "azure/hub-application-rule"],
} as const satisfies Rule;

export const firewallRanges = {
  id: "azure/firewall/private-ranges",
  ref: "R-4.4",
  says: {
    en: "A custom list of private ranges replaces the default one unless it holds IANAPrivateRanges; 0.0.0.0/0 means never translate.",
    zh: "自定义私有网段列表会替换默认列表，除非其中含有 IANAPrivateRanges；0.0.0.0/0 表示从不转换。",
  },
  source: "https://learn.microsoft.com/azure/firewall/snat-private-range",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/T-32"],
} as const satisfies Rule;

export const firewallRangesPlace = {
  id: "azure/firewall/ranges-place",
  ref: "R-4.5",
  says: {
    en: "With a policy its private ranges count, and what stands in the firewall itself is ignored.",
    zh: "有策略时以策略中的私有网段为准，防火墙自身的设置被忽略。",
  },
  source: "https://learn.microsoft.com/azure/firewall/snat-private-range",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/T-33"],
} as const satisfies Rule;

export const firewallLearnedRanges = {
  id: "azure/firewall/learned-ranges",
  ref: "R-4.6",
  says: {
    en: "With auto-learn on, prefixes learned from the Route Server are not translated either.",
    zh: "启用自动学习后，从路由服务器学到的前缀同样不做转换。",
  },
  source: "https://learn.microsoft.com/azure/firewall/snat-private-range",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/firewall-learned-ranges"],
} as const satisfies Rule;

export const firewallAnyAddress = {
  id: "azure/firewall/any-address",
  ref: "R-4.7",
  says: {
    en: "A firewall with several public IPs picks one at random for each connection.",
    zh: "有多个公网 IP 的防火墙为每条连接随机选用一个。",
  },
  source: "https://learn.microsoft.com/azure/firewall/deploy-multi-public-ip-powershell",
  pageDate: null,
  mark: "read",
  cases: [
    "azure/T-28",
    "azure/T-53",
    "azure/app-route-all-firewall",
    "azure/container-app-firewall",
    "azure/hub-internet",
  ],
} as const satisfies Rule;

export const firewallNatGateway = {
  id: "azure/firewall/nat-gateway",
  ref: "R-4.8",
  says: {
    en: "With a NAT gateway on AzureFirewallSubnet all outbound traffic has its addresses, never the firewall's own.",
    zh: "AzureFirewallSubnet 上有 NAT 网关时，所有出站流量使用网关地址，而不是防火墙自己的地址。",
  },
  source: "https://learn.microsoft.com/azure/firewall/integrate-with-nat-gateway",
  pageDate: null,
  mark: "read",
  cases: ["azure/T-29"],
} as const satisfies Rule;

export const firewallIcmpWithNat = {
  id: "azure/firewall/icmp-with-nat-gateway",
  ref: "R-4.8",
  says: {
    en: "A NAT gateway on AzureFirewallSubnet takes all outbound traffic and carries no ICMP: what becomes of ICMP is not documented.",
    zh: "AzureFirewallSubnet 上的 NAT 网关承接所有出站流量但不支持 ICMP：ICMP 的去向没有文档说明。",
  },
  source: "https://learn.microsoft.com/azure/firewall/integrate-with-nat-gateway",
  pageDate: null,
  mark: "derived",
  cases: ["azure/firewall-icmp-with-nat-gateway"],
} as const satisfies Rule;

export const firewallForcedTunnel = {
  id: "azure/firewall/forced-tunnel",
  ref: "R-4.9",
  says: {
    en: "With forced tunnelling the firewall translates to a private address of its subnet and hands on; the management address is never a source.",
    zh: "强制隧道下，防火墙转换为其子网的私有地址后交给下一跳；管理地址绝不会成为源地址。",
  },
  source: "https://learn.microsoft.com/azure/firewall/snat-private-range",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/T-34"],
} as const satisfies Rule;

export const securedHub = {
  id: "azure/firewall/secured-hub",
  ref: "R-3.17",
  says: {
    en: "What the firewall of a secured virtual hub has inspected, the hub forwards to the spoke or branch that has the destination; towards private ranges a network rule keeps the source there too.",
    zh: "安全虚拟中心的防火墙检查之后，由中心把流量转发到拥有该目的地址的虚拟网络或分支；去往私有网段时，网络规则在此同样保留源地址。",
  },
  source: "https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies",
  pageDate: "2025-08",
  mark: "read",
  cases: ["azure/hub-spoke-to-spoke", "azure/hub-application-rule", "azure/hub-internet"],
} as const satisfies Rule;

export const firewallDeniesByDefault = {
  id: "azure/firewall/denies-by-default",
  ref: "R-4.2",
  says: {
    en: "What no rule of an Azure Firewall allows is denied.",
    zh: "Azure 防火墙拒绝一切没有规则放行的流量。",
  },
  source: "https://learn.microsoft.com/azure/firewall/rule-processing",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/firewall-no-rule", "azure/firewall-rules-unseen"],
} as const satisfies Rule;

export const firewallRuleKind = {
  id: "azure/firewall/rule-kind",
  ref: "R-4.10",
  says: {
    en: "Which kind of rule matches is the firewall's configuration; where both may, both outcomes are possible.",
    zh: "由哪类规则匹配取决于防火墙配置；两类都可能匹配时，两种结果都可能。",
  },
  source: "https://learn.microsoft.com/azure/firewall/snat-private-range",
  pageDate: "2023-08",
  mark: "derived",
  cases: ["azure/T-30"],
} as const satisfies Rule;

export const firewallNoIpv6 = {
  id: "azure/firewall/no-ipv6",
  ref: "R-4.11",
  says: {
    en: "Azure Firewall handled no IPv6 as of 2023.",
    zh: "截至 2023 年，Azure 防火墙不处理 IPv6。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/ipv6-overview",
  pageDate: "2023-08",
  mark: "read",
  cases: ["azure/firewall-ipv6"],
} as const satisfies Rule;
