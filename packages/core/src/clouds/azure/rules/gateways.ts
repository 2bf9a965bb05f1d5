import type { Rule } from "../../../model/rule.ts";

// VPN gateways and ExpressRoute: what the other side sees.

export const gatewayKeepsSource = {
  id: "azure/gateway/keeps-source",
  ref: "R-5.1",
  says: {
    en: "A VPN gateway and ExpressRoute private peering carry private addresses unchanged.",
    zh: "VPN 网关和 ExpressRoute 专用对等互连原样传送私有地址。",
  },
  source: "https://learn.microsoft.com/azure/expressroute/expressroute-circuit-peerings",
  pageDate: "2022-09",
  mark: "read",
  cases: ["azure/vpn-without-nat"],
} as const satisfies Rule;

export const vpnNat = {
  id: "azure/gateway/vpn-nat",
  ref: "R-5.2",
  says: {
    en: "An EgressSnat rule rewrites the source on the connections that refer to it.",
    zh: "EgressSnat 规则在引用它的连接上改写源地址。",
  },
  source: "https://learn.microsoft.com/azure/vpn-gateway/nat-overview",
  pageDate: "2021-12",
  mark: "read",
  cases: ["azure/T-43", "azure/vpn-without-nat", "azure/vpn-ingress-nat"],
} as const satisfies Rule;

export const vpnNatMapping = {
  id: "azure/gateway/vpn-nat-mapping",
  ref: "R-5.3",
  says: {
    en: "A static VPN NAT rule maps one to one by offset; a dynamic one to any address of its external range.",
    zh: "静态 VPN NAT 规则按偏移一对一映射；动态规则映射到外部网段的任一地址。",
  },
  source: "https://learn.microsoft.com/azure/vpn-gateway/nat-overview",
  pageDate: "2021-12",
  mark: "read",
  cases: ["azure/T-43", "azure/T-44"],
} as const satisfies Rule;

export const vpnIngressNat = {
  id: "azure/gateway/vpn-ingress-nat",
  ref: "R-5.2",
  says: {
    en: "With an IngressSnat rule a site is reached by the external range of the rule, no longer by its own prefix.",
    zh: "设有 IngressSnat 规则时，通过该规则的外部网段访问站点，而不再通过其原有前缀。",
  },
  source: "https://learn.microsoft.com/azure/vpn-gateway/nat-overview",
  pageDate: "2021-12",
  mark: "read",
  cases: ["azure/vpn-ingress-nat"],
} as const satisfies Rule;

export const vpnNatLimits = {
  id: "azure/gateway/vpn-nat-limits",
  ref: "R-5.4",
  says: {
    en: "VPN NAT is neither for connections between virtual networks nor point-to-site, and no way to the internet.",
    zh: "VPN NAT 不适用于虚拟网络之间的连接和点到站点，也不能用作互联网出口。",
  },
  source: "https://learn.microsoft.com/azure/vpn-gateway/nat-overview",
  pageDate: "2021-12",
  mark: "read",
  cases: ["azure/vpn-nat-not-to-internet"],
} as const satisfies Rule;

export const microsoftPeering = {
  id: "azure/gateway/microsoft-peering",
  ref: "R-5.5",
  says: {
    en: "Over ExpressRoute Microsoft peering the customer must translate to public addresses of its own.",
    zh: "经 ExpressRoute Microsoft 对等互连时，客户必须转换为自己的公网地址。",
  },
  source: "https://learn.microsoft.com/azure/expressroute/expressroute-nat",
  pageDate: "2016-10",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "It is about what the customer's edge sends towards the provider; senders are interfaces of the estate.",
    zh: "它讲的是客户边界发往云端的流量；发送方是资产内的网卡。",
  },
} as const satisfies Rule;

export const onPremisesEdge = {
  id: "azure/gateway/on-premises-edge",
  ref: "R-5.6",
  says: {
    en: "With a forced tunnel an internet destination sees the translation of the on-premises edge.",
    zh: "强制隧道下，互联网目的地看到的是本地网络边缘转换后的地址。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-35", "azure/gateway-halves", "azure/vpn-default-site"],
} as const satisfies Rule;

export const defaultSite = {
  id: "azure/gateway/default-site",
  ref: "R-3.8",
  says: {
    en: "A default site of the VPN gateway forces all internet traffic of its networks to that site.",
    zh: "VPN 网关的默认站点会把其虚拟网络的全部互联网流量强制引向该站点。",
  },
  source: "https://learn.microsoft.com/azure/vpn-gateway/site-to-site-tunneling",
  pageDate: "2025-03",
  mark: "read",
  cases: ["azure/vpn-default-site"],
} as const satisfies Rule;

export const publicPrefixBehindGateway = {
  id: "azure/gateway/public-prefix",
  ref: "R-5.6",
  says: {
    en: "A route to the gateway for a public prefix leads to the site's own public addresses, or out by its internet edge.",
    zh: "指向网关的公网前缀路由，可能通往站点自有的公网地址，也可能经其互联网边缘出站。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "derived",
  cases: ["azure/gateway-public-prefix"],
} as const satisfies Rule;

export const noServiceEndpointOnPremises = {
  id: "azure/gateway/no-service-endpoint",
  ref: "R-5.7",
  says: {
    en: "A service endpoint cannot be used from on-premises.",
    zh: "服务终结点不能从本地网络使用。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  pageDate: "2019-11",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "Senders are interfaces of the estate; none of them is on-premises.",
    zh: "发送方是资产内的网卡，都不在本地机房。",
  },
} as const satisfies Rule;
