import type { Rule } from "../../../model/rule.ts";

// Where the internal source is kept.

export const sameNetworkAndPeers = {
  id: "gcp/keep/same-network-and-peers",
  ref: "KEEP-1",
  says: {
    en: "Inside a network and to peered networks the destination sees the internal address.",
    zh: "在同一网络内及去往对等网络时，目的端看到内部地址。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/about-traffic-flows",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T31"],
} as const satisfies Rule;

export const vpnAndInterconnect = {
  id: "gcp/keep/vpn-and-interconnect",
  ref: "KEEP-2",
  says: {
    en: "Cloud VPN and Interconnect keep the internal source; what the far side does is its own matter.",
    zh: "Cloud VPN 和 Interconnect 保留内部源地址；对端如何处理由对端决定。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/about-traffic-flows",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T22", "gcp/T24", "gcp/tunnel-default-private", "gcp/T35", "gcp/vpn-selectors-inside", "twins/kept"],
} as const satisfies Rule;

export const vpnSelectors = {
  id: "gcp/keep/vpn-selectors",
  ref: "KEEP-3",
  says: {
    en: "A tunnel with traffic selectors drops what lies outside them.",
    zh: "带流量选择器的隧道会丢弃选择器之外的流量。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/vpn-selectors-inside", "gcp/vpn-selectors"],
} as const satisfies Rule;

export const passthroughLoadBalancer = {
  id: "gcp/keep/passthrough-load-balancer",
  ref: "KEEP-4",
  says: {
    en: "An internal passthrough load balancer shows its backends the client's address.",
    zh: "内部直通负载均衡器让后端看到客户端地址。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/about-traffic-flows",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/passthrough-load-balancer"],
} as const satisfies Rule;

export const nccSpokes = {
  id: "gcp/keep/ncc-spokes",
  ref: "KEEP-5",
  says: {
    en: "Between spokes of a hub the internal source is kept unless Private NAT applies.",
    zh: "在同一中心的分支之间，除非适用专用 NAT，否则保留内部源地址。",
  },
  source: "https://docs.cloud.google.com/nat/docs/about-private-nat-for-ncc",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/ncc-spoke"],
} as const satisfies Rule;

export const externalAddressUnusedOnPrivatePath = {
  id: "gcp/keep/external-address-unused-on-private-path",
  ref: "KEEP-6",
  says: {
    en: "A VM's external address plays no part when the route leads to a VPN or an appliance.",
    zh: "当路由指向 VPN 或设备时，虚拟机的外部地址不起作用。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-product-interactions",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/T22"],
} as const satisfies Rule;

export const privateGoogleAccess = {
  id: "gcp/keep/private-google-access",
  ref: "KEEP-7",
  says: {
    en: "Private Google Access keeps the internal source.",
    zh: "专用 Google 访问通道保留内部源地址。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/private-google-access",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/private-google-access"],
} as const satisfies Rule;

export const googleApisEndpoint = {
  id: "gcp/keep/google-apis-endpoint",
  ref: "KEEP-7 (endpoint)",
  says: {
    en: "An endpoint for Google APIs is an internal address of the network; without an external address a VM needs Private Google Access to use it.",
    zh: "用于 Google API 的端点是网络的内部地址；没有外部地址的虚拟机需开启专用 Google 访问通道才能使用。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/configure-private-service-connect-apis",
  pageDate: null,
  mark: "read",
  cases: ["gcp/google-apis-endpoint", "gcp/google-apis-endpoint-off"],
} as const satisfies Rule;

export const directPeering = {
  id: "gcp/keep/direct-peering",
  ref: "KEEP-8",
  says: {
    en: "Direct and carrier peering are believed to change only the path of internet traffic.",
    zh: "据信直连对等和运营商对等只改变互联网流量的路径。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/about-traffic-flows",
  pageDate: null,
  mark: "unsourced",
  cases: [],
  decidesNothing: {
    en: "It is no next hop of a network and appears in no export, so the answer is that of the internet gateway.",
    zh: "它不是网络的下一跳，也不出现在任何导出中，因此结论与互联网网关相同。",
  },
} as const satisfies Rule;

export const keepRules: readonly Rule[] = [
  sameNetworkAndPeers,
  vpnAndInterconnect,
  vpnSelectors,
  passthroughLoadBalancer,
  nccSpokes,
  externalAddressUnusedOnPrivatePath,
  privateGoogleAccess,
  googleApisEndpoint,
  directPeering,
];
