import type { Rule } from "../../../model/rule.ts";

// Which next hop decides.

export const routeOrder = {
  id: "azure/routing/order",
  ref: "R-3.1",
  says: {
    en: "The longest prefix wins; of equal prefixes a user-defined route beats a BGP route, and that a system route.",
    zh: "最长前缀优先；前缀相同时，用户定义路由优先于 BGP 路由，BGP 路由优先于系统路由。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-28", "azure/T-36"],
} as const satisfies Rule;

export const systemBeatsBgp = {
  id: "azure/routing/system-beats-bgp",
  ref: "R-3.2",
  says: {
    en: "System routes for the network, its peerings and service endpoints win even over more specific BGP routes.",
    zh: "虚拟网络、对等互连和服务终结点的系统路由甚至优先于更具体的 BGP 路由。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/system-beats-bgp"],
} as const satisfies Rule;

export const systemRoutes = {
  id: "azure/routing/system-routes",
  ref: "R-3.3",
  says: {
    en: "Every subnet has system routes: the network's prefixes stay inside, 0.0.0.0/0 goes to the internet, unused private ranges are dropped.",
    zh: "每个子网都有系统路由：虚拟网络前缀留在内部，0.0.0.0/0 去往互联网，未使用的私有网段被丢弃。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-01", "azure/scale-set-private"],
} as const satisfies Rule;

export const userRoutes = {
  id: "azure/routing/user-routes",
  ref: "R-3.4",
  says: {
    en: "A user-defined route sends to an appliance, the gateway, the network, the internet, or nowhere.",
    zh: "用户定义路由可指向虚拟设备、网关、虚拟网络、互联网，或直接丢弃。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-28"],
} as const satisfies Rule;

export const serviceTagRoutes = {
  id: "azure/routing/service-tags",
  ref: "R-3.5",
  says: {
    en: "A route's prefix may be a service tag; an explicit prefix beats a tag of the same length, a regional tag a wider one.",
    zh: "路由前缀可以是服务标记；同长度时显式前缀优先于标记，区域标记优先于更宽的标记。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-38"],
} as const satisfies Rule;

export const defaultRouteCapturesAll = {
  id: "azure/routing/default-route-captures-all",
  ref: "R-3.6",
  says: {
    en: "A default route to an appliance or gateway takes everything not more specific, except services with a service endpoint.",
    zh: "指向设备或网关的默认路由会捕获所有没有更具体路由的流量，但设有服务终结点的服务除外。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-28", "azure/T-39"],
} as const satisfies Rule;

export const internetHop = {
  id: "azure/routing/internet-hop",
  ref: "R-3.7",
  says: {
    en: "A route to Internet leaves by the subnet's outbound method; a user-defined one also overrides a default route learned by BGP.",
    zh: "指向 Internet 的路由使用子网的出站方式；用户定义的此类路由也会覆盖 BGP 学到的默认路由。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/faq",
  pageDate: "2024-12",
  mark: "read",
  cases: ["azure/T-01", "azure/T-36"],
} as const satisfies Rule;

export const forcedTunnel = {
  id: "azure/routing/forced-tunnel",
  ref: "R-3.8",
  says: {
    en: "A default route learned by BGP overrides NAT gateway, public IP and load balancer, unless the route table disables propagation.",
    zh: "BGP 学到的默认路由优先于 NAT 网关、公网 IP 和负载均衡器，除非路由表禁用了路由传播。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/troubleshoot-nat-connectivity",
  pageDate: "2023-04",
  mark: "read",
  cases: ["azure/T-35", "azure/T-37"],
} as const satisfies Rule;

export const natIsNoRoute = {
  id: "azure/routing/nat-is-no-route",
  ref: "R-3.9",
  says: {
    en: "A NAT gateway or public IP shows in no route table; the route says Internet either way.",
    zh: "NAT 网关和公网 IP 不会出现在路由表中；路由始终显示为 Internet。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/nat-overview",
  pageDate: "2026-04",
  mark: "derived",
  cases: ["azure/T-28"],
} as const satisfies Rule;

export const serviceEndpoint = {
  id: "azure/routing/service-endpoint",
  ref: "R-3.10",
  says: {
    en: "A service with a service endpoint on the source subnet sees the VM's private address.",
    zh: "源子网上设有服务终结点的服务看到的是虚拟机的私有地址。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  pageDate: "2019-11",
  mark: "read",
  cases: ["azure/T-39"],
} as const satisfies Rule;

export const privateEndpoint = {
  id: "azure/routing/private-endpoint",
  ref: "R-3.11",
  says: {
    en: "A private endpoint is a /32 route in its network and the peered ones: the service sees the private address.",
    zh: "专用终结点是其网络及对等网络中的 /32 路由：服务看到的是私有地址。",
  },
  source: "https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy",
  pageDate: "2023-07",
  mark: "read",
  cases: ["azure/T-41"],
} as const satisfies Rule;

export const privateLinkServiceNat = {
  id: "azure/routing/private-link-service",
  ref: "R-3.26",
  says: {
    en: "Behind a private link service all consumers appear with the NAT addresses of its own configurations.",
    zh: "在专用链接服务之后，所有使用方均以该服务自身配置的 NAT 地址出现。",
  },
  source: "https://learn.microsoft.com/azure/private-link/private-link-service-overview",
  pageDate: null,
  mark: "read",
  cases: ["azure/private-link-service", "azure/private-link-service-unseen", "azure/private-endpoint-address-missing"],
} as const satisfies Rule;

export const privateEndpointApproved = {
  id: "azure/routing/private-endpoint-approved",
  ref: "R-3.11",
  says: {
    en: "Only a private endpoint whose connection is approved carries traffic: not one that is pending, rejected or disconnected.",
    zh: "只有连接已获批准的专用终结点才能承载流量：待处理、被拒绝或已断开的都不行。",
  },
  source: "https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
  pageDate: null,
  mark: "read",
  cases: ["azure/private-endpoint-pending"],
} as const satisfies Rule;

export const privateLinkProtocols = {
  id: "azure/routing/private-link-protocols",
  ref: "R-3.26",
  says: {
    en: "A private link service carries TCP and UDP only.",
    zh: "专用链接服务只承载 TCP 和 UDP。",
  },
  source: "https://learn.microsoft.com/azure/private-link/private-link-service-overview",
  pageDate: null,
  mark: "read",
  cases: ["azure/private-link-service-icmp"],
} as const satisfies Rule;

export const privateDestination = {
  id: "azure/routing/private-destination",
  ref: "R-3.27",
  says: {
    en: "Private addresses mean nothing on the internet: what a route sends there all the same reaches nobody.",
    zh: "私有地址在互联网上没有意义：即使路由把流量送往那里，也无人收到。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc1918",
  pageDate: "1996-02",
  mark: "derived",
  cases: ["azure/private-destination-to-internet", "azure/shared-space-to-internet", "azure/app-no-network-private"],
} as const satisfies Rule;

export const sameRegionStorage = {
  id: "azure/routing/same-region-storage",
  ref: "R-3.12",
  says: {
    en: "A storage account in the same region sees an internal address of the provider, whatever NAT gateway or public IP there is.",
    zh: "同区域的存储账户看到的是平台内部地址，与 NAT 网关或公网 IP 无关。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/faq",
  pageDate: "2024-12",
  mark: "read",
  cases: ["azure/T-40"],
} as const satisfies Rule;

export const publicServices = {
  id: "azure/routing/public-services",
  ref: "R-3.13",
  says: {
    en: "Other public services of the provider count as internet: they see the ordinary outbound address.",
    zh: "平台的其他公共服务按互联网处理：它们看到普通的出站地址。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/public-service"],
} as const satisfies Rule;

export const peeringKeepsSource = {
  id: "azure/routing/peering",
  ref: "R-3.14",
  says: {
    en: "Peering keeps the private source and is not transitive; a hub's NAT gateway or public IP does not serve a spoke.",
    zh: "对等互连保留私有源地址且不可传递；中心网络的 NAT 网关或公网 IP 不为分支网络服务。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview",
  pageDate: "2016-10",
  mark: "read",
  cases: ["azure/T-30", "azure/T-42"],
} as const satisfies Rule;

export const peeringSpace = {
  id: "azure/routing/peering-space",
  ref: "R-3.21",
  says: {
    en: "A peering routes the remote address space as last synchronised; what the remote network has got since needs a sync first.",
    zh: "对等互连按最近一次同步的远端地址空间路由；远端网络此后新增的地址空间须先同步。",
  },
  source: "https://learn.microsoft.com/powershell/module/az.network/sync-azvirtualnetworkpeering",
  pageDate: null,
  mark: "read",
  cases: ["azure/peering-not-in-sync"],
} as const satisfies Rule;

export const subnetPeering = {
  id: "azure/routing/subnet-peering",
  ref: "R-3.22",
  says: {
    en: "A peering between chosen subnets connects only those: the named subnets here with the prefixes of the named ones there.",
    zh: "子网对等互连只连接所选子网：本地列出的子网与远端所列子网的前缀互通。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/how-to-configure-subnet-peering",
  pageDate: null,
  mark: "read",
  cases: ["azure/subnet-peering", "azure/subnet-peering-other-subnet"],
} as const satisfies Rule;

export const applianceHop = {
  id: "azure/routing/appliance",
  ref: "R-3.15",
  says: {
    en: "An appliance needs IP forwarding on its NIC, and must translate to reach the internet for others; to which address is its own configuration.",
    zh: "虚拟设备的网卡须启用 IP 转发，且必须做地址转换才能代他人访问互联网；转换为哪个地址由其自身配置决定。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-34", "azure/nva-behind-load-balancer"],
} as const satisfies Rule;

export const applianceReach = {
  id: "azure/routing/appliance-reach",
  ref: "R-3.15",
  says: {
    en: "A next hop address is reached directly, in the network of the subnet or in one peered with it: the same address elsewhere is another device.",
    zh: "下一跳地址须可直接到达，即位于子网所在的虚拟网络或与其对等的网络中；其他网络中的相同地址是另一台设备。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/appliance-in-other-network"],
} as const satisfies Rule;

export const loadBalancedAppliance = {
  id: "azure/routing/load-balanced-appliance",
  ref: "R-3.16",
  says: {
    en: "With an internal load balancer as next hop, any member of its pool may carry the flow.",
    zh: "下一跳为内部负载均衡器时，其后端池的任一成员都可能承载流量。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "derived",
  cases: ["azure/nva-behind-load-balancer"],
} as const satisfies Rule;

export const virtualWanHub = {
  id: "azure/routing/virtual-wan",
  ref: "R-3.17",
  says: {
    en: "In a virtual WAN hub with an internet routing policy, spokes leave with the identity of that policy's next hop.",
    zh: "在设有互联网路由策略的虚拟 WAN 中心内，分支网络以该策略下一跳的身份出站。",
  },
  source: "https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies",
  pageDate: null,
  mark: "read",
  cases: ["azure/hub-internet"],
} as const satisfies Rule;

export const learnedRoutesHidden = {
  id: "azure/routing/learned-routes-hidden",
  ref: "R-3.18",
  says: {
    en: "Routes learned by BGP or Route Server are in no route table resource; only effective routes show them.",
    zh: "通过 BGP 或路由服务器学到的路由不在任何路由表资源中，只有有效路由能显示。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "derived",
  cases: ["azure/T-35", "azure/gateway-unseen", "azure/gateway-in-subnet", "azure/route-server"],
} as const satisfies Rule;

export const oneRouteTable = {
  id: "azure/routing/one-route-table",
  ref: "R-3.19",
  says: {
    en: "A subnet has one route table or none; without one only system and BGP routes apply.",
    zh: "一个子网最多关联一个路由表；没有时仅有系统路由和 BGP 路由。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "read",
  cases: ["azure/T-37"],
} as const satisfies Rule;

export const expressRouteNextHop = {
  id: "azure/routing/expressroute-next-hop",
  ref: "R-3.20",
  says: {
    en: "The next hop address of a route learned by ExpressRoute is an edge router, not the gateway.",
    zh: "ExpressRoute 学到的路由的下一跳地址是边缘路由器，而不是网关。",
  },
  source: "https://github.com/MicrosoftDocs/azure-docs/issues/82788",
  pageDate: null,
  mark: "partly",
  cases: ["azure/expressroute-next-hop"],
} as const satisfies Rule;
