import type { Rule } from "../model/rule.ts";

/** What the model itself takes for granted about forwarding, whatever the cloud. */
export const forwardingLoop = {
  id: "ip/forwarding-loop",
  ref: "RFC 1812 5.3.1",
  says: {
    en: "A packet that comes back to a device it has passed goes round until its TTL ends; it never arrives.",
    zh: "数据包若再次回到已经过的设备，就会循环转发直到 TTL 耗尽，永远不会到达。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc1812#section-5.3.1",
  pageDate: "1995-06",
  mark: "read",
  cases: ["model/loop"],
} as const satisfies Rule;

export const undescribedAppliance = {
  id: "ip/undescribed-appliance",
  ref: "RFC 2663 2.1",
  says: {
    en: "A device on the way may rewrite the source or leave it; without its configuration nobody can say which.",
    zh: "途中的设备可能改写源地址，也可能保留；没有它的配置，谁也无法断定。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc2663#section-2.1",
  pageDate: "1999-08",
  mark: "read",
  cases: ["gcp/T20"],
} as const satisfies Rule;

export const noAddressOfFamily = {
  id: "ip/no-address-of-family",
  ref: "RFC 6724 5",
  says: {
    en: "A host without an address of the destination's family cannot send to it.",
    zh: "主机若没有与目的地址同族的地址，就无法向其发送。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc6724#section-5",
  pageDate: "2012-09",
  mark: "read",
  cases: ["model/no-address-of-family"],
} as const satisfies Rule;

export const longestPrefix = {
  id: "ip/longest-prefix",
  ref: "RFC 1812 5.2.4.3",
  says: {
    en: "Of the routes that hold a destination, the one with the longest prefix is used.",
    zh: "在包含目的地址的路由中，采用前缀最长的那一条。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc1812#section-5.2.4.3",
  pageDate: "1995-06",
  mark: "read",
  cases: ["gcp/T25"],
} as const satisfies Rule;

export const ownAddress = {
  id: "ip/own-address",
  ref: "RFC 1122 3.3.1.1",
  says: {
    en: "What a host sends to an address of its own is delivered inside the host; nothing leaves it.",
    zh: "主机发往自己地址的数据在主机内部投递，不会发出。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc1122#section-3.3.1.1",
  pageDate: "1989-10",
  mark: "read",
  cases: ["model/own-address"],
} as const satisfies Rule;

export const loopback = {
  id: "ip/loopback",
  ref: "RFC 1122 3.2.1.3 (g)",
  says: {
    en: "A loopback address means the host itself and never appears outside it.",
    zh: "环回地址指主机自身，绝不会出现在主机之外。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3",
  pageDate: "1989-10",
  mark: "read",
  cases: ["model/loopback"],
} as const satisfies Rule;

export const connectedRoute = {
  id: "ip/connected-route",
  ref: "RFC 1122 3.3.1.1 (b)",
  says: {
    en: "A destination in the subnet of an interface is sent by that interface, whatever interface the default route is on.",
    zh: "目的地址在某网卡的子网内时从该网卡发送，与默认路由在哪个网卡无关。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc1122#section-3.3.1.1",
  pageDate: "1989-10",
  mark: "read",
  cases: ["model/connected", "gcp/second-nic-subnet", "azure/second-nic-subnet"],
} as const satisfies Rule;

export const equalConnectedRoutes = {
  id: "ip/connected-routes-equal",
  ref: "R21 (from outside)",
  says: {
    en: "Of several interfaces in one subnet the guest uses the one whose route it made first; no cloud export shows which.",
    zh: "多个网卡在同一子网时，系统使用最先建立路由的那个；云端导出不显示是哪一个。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/fib_semantics.c",
  pageDate: null,
  mark: "read",
  cases: ["model/connected-equal"],
} as const satisfies Rule;

export const modelRules: readonly Rule[] = [
  longestPrefix,
  forwardingLoop,
  undescribedAppliance,
  noAddressOfFamily,
  ownAddress,
  loopback,
  connectedRoute,
  equalConnectedRoutes,
];
