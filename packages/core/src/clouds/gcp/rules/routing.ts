import type { Rule } from "../../../model/rule.ts";

// Which next hop a VPC network chooses, and what may pass.

export const specialPathsFirst = {
  id: "gcp/route/special-paths-first",
  ref: "RT-1",
  says: {
    en: "Replies to load balancers, health checks and other Google services have paths of their own that no route changes.",
    zh: "对负载均衡器、健康检查及其他 Google 服务的回包有专用路径，任何路由都不能改变。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/cloud-dns-range"],
} as const satisfies Rule;

export const policyRoutesFirst = {
  id: "gcp/route/policy-routes-first",
  ref: "RT-2",
  says: {
    en: "Policy-based routes go before all others; the lowest priority number wins, not the longest prefix, and a tie is decided by a choice nobody publishes.",
    zh: "策略路由先于其他路由；优先级数字最小者胜出，不看最长前缀；并列时由未公开的方式决定。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/policy-based-routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T27-other", "gcp/T27", "gcp/T28"],
} as const satisfies Rule;

export const balancerOfOneRegion = {
  id: "gcp/route/internal-balancer-of-one-region",
  ref: "RT-11",
  says: {
    en: "An internal load balancer is reached from its own region, and from others only with global access.",
    zh: "内部负载均衡器可从自己的区域访问；只有开启全球访问时才能从其他区域访问。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: "2026-08",
  mark: "read",
  cases: ["gcp/internal-balancer-other-region"],
} as const satisfies Rule;

export const subnetRoutesWin = {
  id: "gcp/route/subnet-routes-win",
  ref: "RT-3",
  says: {
    en: "A destination in a subnet's range goes to that subnet; no static or dynamic route can take it.",
    zh: "目的地址属于子网范围时就送往该子网；静态或动态路由都无法取代。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T31"],
} as const satisfies Rule;

export const hybridSubnetHandsOn = {
  id: "gcp/route/hybrid-subnet-hands-on",
  ref: "RT-4",
  says: {
    en: "A hybrid subnet hands on destinations that none of its resources has to the static and dynamic routes, within its own region.",
    zh: "混合子网会把没有对应资源的目的地址交给静态和动态路由处理，且仅限本区域。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T32"],
} as const satisfies Rule;

export const longestPrefix = {
  id: "gcp/route/longest-prefix",
  ref: "RT-5",
  says: {
    en: "Of the static and dynamic routes, only those with the longest matching prefix compete.",
    zh: "在静态和动态路由中，只有匹配前缀最长的参与竞争。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T25"],
} as const satisfies Rule;

export const localBeforePeering = {
  id: "gcp/route/local-before-peering",
  ref: "RT-6",
  says: {
    en: "For one destination range, routes of the own network go before those of a hub, and both before those of a peered network.",
    zh: "对同一目的范围，本网络的路由优先于 NCC 中心的路由，两者都优先于对等网络的路由。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/own-route-before-peer"],
} as const satisfies Rule;

export const unusableDisregarded = {
  id: "gcp/route/unusable-next-hops-disregarded",
  ref: "RT-7",
  says: {
    en: "A next hop that cannot be used is left out after the longest prefix is found.",
    zh: "在确定最长前缀之后，再剔除不可用的下一跳。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T26-second", "gcp/T26"],
} as const satisfies Rule;

export const lowestPriorityNumber = {
  id: "gcp/route/lowest-priority-number",
  ref: "RT-8",
  says: {
    en: "The lowest priority number wins.",
    zh: "优先级数字最小者胜出。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T20"],
} as const satisfies Rule;

export const instanceNextHopPreferred = {
  id: "gcp/route/instance-next-hop-preferred",
  ref: "RT-9",
  says: {
    en: "At equal priority, a static route to a VM, an address or a Classic VPN tunnel goes before the others.",
    zh: "优先级相同时，下一跳为虚拟机、IP 地址或 Classic VPN 隧道的静态路由优先。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/tunnel-before-gateway"],
} as const satisfies Rule;

export const otherPreferences = {
  id: "gcp/route/other-preferences",
  ref: "RT-9b",
  says: {
    en: "At equal priority, dynamic routes are believed to go before load balancer next hops, and those before the internet gateway.",
    zh: "优先级相同时，据信动态路由先于负载均衡器下一跳，后者又先于互联网网关。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: null,
  mark: "unsourced",
  cases: ["gcp/order-unsourced"],
} as const satisfies Rule;

export const equalRoutesShare = {
  id: "gcp/route/equal-routes-share",
  ref: "RT-10",
  says: {
    en: "Routes that are still equal share the traffic by a hash; without any route the packet is dropped.",
    zh: "仍然同级的路由按散列分担流量；没有任何路由时数据包被丢弃。",
  },
  source: "https://cloud.google.com/sdk/gcloud/reference/beta/compute/routes/create",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/equal-routes"],
} as const satisfies Rule;

export const ilbGlobalAccess = {
  id: "gcp/route/ilb-global-access",
  ref: "RT-11",
  says: {
    en: "A load balancer next hop without global access cannot be reached from other regions.",
    zh: "未开启全球访问的负载均衡器下一跳无法从其他区域到达。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/load-balancer-other-region"],
} as const satisfies Rule;

export const taggedRoutes = {
  id: "gcp/route/tagged-routes",
  ref: "RT-12",
  says: {
    en: "A static route with tags applies only to VMs that carry one of them.",
    zh: "带标记的静态路由只适用于带有其中任一标记的虚拟机。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/static-routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T21"],
} as const satisfies Rule;

export const untaggedRoutes = {
  id: "gcp/route/untagged-routes",
  ref: "RT-13",
  says: {
    en: "A static route without tags applies to every VM of the network.",
    zh: "不带标记的静态路由适用于该网络的所有虚拟机。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/static-routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T20", "gcp/T22"],
} as const satisfies Rule;

export const regionalDynamicRoutes = {
  id: "gcp/route/regional-dynamic-routes",
  ref: "RT-14",
  says: {
    en: "With regional dynamic routing, a learned route serves only senders in the region of its next hop.",
    zh: "采用区域动态路由时，学到的路由只服务于下一跳所在区域的发送方。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/peer-learned-elsewhere"],
} as const satisfies Rule;

export const policyRouteTarget = {
  id: "gcp/route/policy-route-target",
  ref: "RT-15",
  says: {
    en: "A policy-based route applies to VMs with one of its tags, to attachments of a region, or to all senders.",
    zh: "策略路由适用于带有其任一标记的虚拟机、某区域的互连附件，或所有发送方。",
  },
  source:
    "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkconnectivity/v1/policy_based_routing.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/policy-route-other-tag", "gcp/policy-route-own-tag"],
} as const satisfies Rule;

export const policyRouteFilter = {
  id: "gcp/route/policy-route-filter",
  ref: "RT-16",
  says: {
    en: "A policy-based route picks packets by protocol, source and destination, and sends them to a load balancer or back to the ordinary routes.",
    zh: "策略路由按协议、源和目的选取数据包，送往负载均衡器或交回普通路由。",
  },
  source:
    "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkconnectivity/v1/policy_based_routing.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T27"],
} as const satisfies Rule;

export const policyRouteNextHop = {
  id: "gcp/route/policy-route-next-hop",
  ref: "RT-17",
  says: {
    en: "The next hop of a policy-based route is an internal load balancer, here or in a peered network.",
    zh: "策略路由的下一跳是本网络或对等网络中的内部负载均衡器。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/policy-based-routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T27-other", "gcp/policy-route-own-tag"],
} as const satisfies Rule;

export const peeringCustomRoutes = {
  id: "gcp/route/peering-custom-routes",
  ref: "RT-18",
  says: {
    en: "Peers always exchange private subnet ranges; other routes only if one side exports and the other imports them.",
    zh: "对等网络总会交换私有子网范围；其他路由只有一方导出且另一方导入时才交换。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/vpc-peering",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T30", "gcp/peer-learned-unseen", "gcp/peer-learned-elsewhere", "gcp/peer-private-ranges"],
} as const satisfies Rule;

export const neverExchanged = {
  id: "gcp/route/never-exchanged",
  ref: "RT-19",
  says: {
    en: "Peers never exchange tagged routes, routes to the internet gateway or policy-based routes.",
    zh: "对等网络从不交换带标记的路由、指向互联网网关的路由和策略路由。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/vpc-peering",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T29"],
} as const satisfies Rule;

export const peeringPublicSubnets = {
  id: "gcp/route/peering-public-subnets",
  ref: "RT-20",
  says: {
    en: "Subnets on public ranges are exported to peers by default but not imported.",
    zh: "使用公网地址段的子网默认会导出给对等网络，但默认不导入。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/vpc-peering",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/peer-public-range"],
} as const satisfies Rule;

export const privateSubnetRanges = {
  id: "gcp/route/private-subnet-ranges",
  ref: "RT-18 (ranges)",
  says: {
    en: "For subnets, documentation, benchmarking and class E ranges count as private too: peers always exchange them.",
    zh: "对子网而言，文档用、基准测试用和 E 类地址段也算私有：对等网络总会交换它们。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/subnets#valid-ranges",
  pageDate: null,
  mark: "read",
  cases: ["gcp/peer-private-ranges"],
} as const satisfies Rule;

export const peeringStackType = {
  id: "gcp/route/peering-stack-type",
  ref: "RT-18 (IPv6)",
  says: {
    en: "A peering exchanges IPv6 ranges only if both sides have the stack type IPV4_IPV6.",
    zh: "只有双方的堆栈类型均为 IPV4_IPV6 时，对等互连才交换 IPv6 地址段。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/peer-ipv4-only"],
} as const satisfies Rule;

export const dynamicInsideSubnet = {
  id: "gcp/route/dynamic-inside-subnet",
  ref: "RT-21",
  says: {
    en: "A learned prefix equal to or inside a subnet range makes no route.",
    zh: "等于或包含在子网范围内的学到的前缀不会生成路由。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/learned-inside-subnet"],
} as const satisfies Rule;

export const defaultRouteNotAssumed = {
  id: "gcp/route/default-route-not-assumed",
  ref: "RT-22",
  says: {
    en: "The default route can be deleted or replaced, so it counts only if the export shows it.",
    zh: "默认路由可以被删除或替换，因此只有导出中出现时才算数。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/routes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T29"],
} as const satisfies Rule;

export const bestPathSelection = {
  id: "gcp/route/best-path-selection",
  ref: "RT-23",
  says: {
    en: "Which learned route is best depends on the network's selection mode.",
    zh: "哪条学到的路由最优取决于网络的选路模式。",
  },
  source: "https://cloud.google.com/network-connectivity/docs/router/how-to/configuring-routing-mode",
  pageDate: null,
  mark: "partly",
  cases: [],
  decidesNothing: {
    en: "The selection is not computed again: the best routes of the router's status are its result.",
    zh: "不重新计算选路：路由器状态中的最佳路由就是其结果。",
  },
} as const satisfies Rule;

export const bestRoutesAreTheSelection = {
  id: "gcp/route/best-routes-are-the-selection",
  ref: "RT-24",
  says: {
    en: "The best routes of a router's status are the learned routes in use in that network and region.",
    zh: "路由器状态中的最优路由就是该网络和区域实际使用的学到的路由。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/T23", "gcp/T24", "gcp/peer-learned-unseen", "gcp/peer-learned-elsewhere"],
} as const satisfies Rule;

export const customLearnedRoutes = {
  id: "gcp/route/custom-learned-routes",
  ref: "RT-25",
  says: {
    en: "Ranges entered by hand on a BGP peer act like learned routes.",
    zh: "在 BGP 对等端手工填写的地址段与学到的路由作用相同。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/custom-learned-range"],
} as const satisfies Rule;

export const nextHopIpMustBePrimary = {
  id: "gcp/route/next-hop-ip-must-be-primary",
  ref: "RT-26",
  says: {
    en: "A next hop address must be the primary address of an interface in the route's own network; with another one the route is dead and takes its traffic with it.",
    zh: "下一跳地址必须是路由所在网络中某网卡的主地址；否则该路由失效，命中它的流量也随之丢失。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/alias-ip",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T26-second", "gcp/T26"],
} as const satisfies Rule;

export const stoppedNextHop = {
  id: "gcp/route/stopped-next-hop",
  ref: "RT-27",
  says: {
    en: "A route to a stopped VM loses to another route for the same destination.",
    zh: "指向已停止虚拟机的路由会输给同一目的的其他路由。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/alias-ip",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/stopped-next-hop"],
} as const satisfies Rule;

export const tunnelDown = {
  id: "gcp/route/tunnel-down",
  ref: "RT-28",
  says: {
    en: "A route to a VPN tunnel that is not established is disregarded.",
    zh: "指向未建立的 VPN 隧道的路由不予考虑。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/static-routes",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/tunnel-down"],
} as const satisfies Rule;

export const nextHopMustForward = {
  id: "gcp/route/next-hop-must-forward",
  ref: "RT-29",
  says: {
    en: "A next hop VM that may not forward (canIpForward) cannot pass traffic on.",
    zh: "未允许转发（canIpForward）的下一跳虚拟机无法转发流量。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/next-hop-not-forwarding"],
} as const satisfies Rule;

export const hybridNotToInternet = {
  id: "gcp/route/hybrid-not-to-internet",
  ref: "RT-30",
  says: {
    en: "Traffic that came by VPN or Interconnect cannot leave by the internet gateway.",
    zh: "经 VPN 或 Interconnect 进入的流量不能从互联网网关离开。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto",
  pageDate: null,
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "Senders are interfaces of the estate; none of them stands beyond a tunnel.",
    zh: "发送方是资产内的网卡，都不在隧道对端。",
  },
} as const satisfies Rule;

export const applianceGetsOriginalSource = {
  id: "gcp/route/appliance-gets-original-source",
  ref: "2.3",
  says: {
    en: "A VM or load balancer next hop receives the packet with its original internal source.",
    zh: "虚拟机或负载均衡器下一跳收到的数据包仍带原始的内部源地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-product-interactions",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T20"],
} as const satisfies Rule;

export const privateNotToInternet = {
  id: "gcp/route/private-not-to-internet",
  ref: "10.13",
  says: {
    en: "A packet for an RFC 1918 destination is dropped at the internet gateway.",
    zh: "目的地址属于 RFC 1918 的数据包在互联网网关处被丢弃。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/private-destination"],
} as const satisfies Rule;

export const reservedNotToInternet = {
  id: "gcp/route/reserved-not-to-internet",
  ref: "10.13 (reserved)",
  says: {
    en: "Class E (240.0.0.0/4) and unique local IPv6 addresses exist only inside networks: the internet gateway delivers nothing to them.",
    zh: "E 类地址（240.0.0.0/4）和唯一本地 IPv6 地址只存在于网络内部：互联网网关不会送达。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/subnets",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/not-to-internet"],
} as const satisfies Rule;

export const sharedSpaceAtInternetGateway = {
  id: "gcp/route/shared-space-at-internet-gateway",
  ref: "10.13 (RFC 6598)",
  says: {
    en: "What the internet gateway does with 100.64.0.0/10 is not documented: only RFC 1918 destinations are named as dropped.",
    zh: "互联网网关如何处理 100.64.0.0/10 没有文档说明：文档只指明丢弃 RFC 1918 目的地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/not-to-internet"],
} as const satisfies Rule;

export const denyBeatsAllow = {
  id: "gcp/route/firewall-order",
  ref: "NAT-8 (order)",
  says: {
    en: "Egress firewall rules go by the lowest priority number; at equal numbers a denial wins, and without a match traffic leaves.",
    zh: "出站防火墙规则按优先级数字从小到大生效；数字相同时拒绝优先；无匹配时放行。",
  },
  source: "https://docs.cloud.google.com/firewall/docs/firewalls",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/firewall-tie"],
} as const satisfies Rule;

export const firewallPolicies = {
  id: "gcp/route/firewall-policies",
  ref: "NAT-8 (policies)",
  says: {
    en: "Besides the rules of a network, firewall policies of the organization, its folders and the network decide what may leave.",
    zh: "除网络自身的规则外，组织、文件夹和网络的防火墙政策也决定哪些流量可以离开。",
  },
  source: "https://docs.cloud.google.com/firewall/docs/firewall-policies-rule-eval-order",
  pageDate: null,
  mark: "read",
  cases: ["gcp/firewall-policy-unread", "gcp/firewall-policy-ingress"],
} as const satisfies Rule;

export const policyOrder = {
  id: "gcp/route/firewall-policy-order",
  ref: "NAT-8 (policies)",
  says: {
    en: "Hierarchical firewall policies decide first, then the rules of the network, then its network firewall policies (before the rules, where the network says so); what allows or denies ends it, goto_next hands on.",
    zh: "分层防火墙政策最先评估，然后是网络自身的规则，再后是网络防火墙政策（网络如此设定时则先于规则）；放行或拒绝即为终局，goto_next 交由下一级。",
  },
  source: "https://docs.cloud.google.com/firewall/docs/firewall-policies-rule-eval-order",
  pageDate: null,
  mark: "partly",
  cases: [
    "gcp/firewall-policy",
    "gcp/firewall-policy-hierarchy-allows",
    "gcp/firewall-policy-after-rules",
    "gcp/firewall-policy-before-rules",
  ],
} as const satisfies Rule;

export const routingRules: readonly Rule[] = [
  specialPathsFirst,
  policyRoutesFirst,
  balancerOfOneRegion,
  subnetRoutesWin,
  hybridSubnetHandsOn,
  longestPrefix,
  localBeforePeering,
  unusableDisregarded,
  lowestPriorityNumber,
  instanceNextHopPreferred,
  otherPreferences,
  equalRoutesShare,
  ilbGlobalAccess,
  taggedRoutes,
  untaggedRoutes,
  regionalDynamicRoutes,
  policyRouteTarget,
  policyRouteFilter,
  policyRouteNextHop,
  peeringCustomRoutes,
  neverExchanged,
  peeringPublicSubnets,
  privateSubnetRanges,
  peeringStackType,
  dynamicInsideSubnet,
  defaultRouteNotAssumed,
  bestPathSelection,
  bestRoutesAreTheSelection,
  customLearnedRoutes,
  nextHopIpMustBePrimary,
  stoppedNextHop,
  tunnelDown,
  nextHopMustForward,
  hybridNotToInternet,
  applianceGetsOriginalSource,
  privateNotToInternet,
  reservedNotToInternet,
  sharedSpaceAtInternetGateway,
  denyBeatsAllow,
  firewallPolicies,
  policyOrder,
];
