import type { Rule } from "../../model/rule.ts";

/** Which IPv4 source address Linux gives a packet. */

export const routeSource = {
  id: "linux/source/route-src",
  ref: "A1",
  says: {
    en: "The src of the route is the source, even when it is an address of another interface.",
    zh: "路由的 src 就是源地址，即使它属于另一个接口。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L08", "guest/L08b", "guest/L08-bound", "guest/L08-inside-the-subnet"],
} as const satisfies Rule;

export const deviceAddresses = {
  id: "linux/source/device-list-order",
  ref: "A2",
  says: {
    en: "Without src the addresses of the outgoing device are taken in printed order, without secondary ones and those of too narrow a scope.",
    zh: "没有 src 时按显示顺序取出口设备的地址，跳过 secondary 和作用域过窄的地址。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L09", "guest/L10"],
} as const satisfies Rule;

export const gatewaySubnet = {
  id: "linux/source/gateway-subnet",
  ref: "A3",
  says: {
    en: "Of these the first in the gateway's subnet is the source; if there is none, the first of all.",
    zh: "其中第一个与网关同子网的地址是源地址；没有时取第一个。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L10", "guest/L10b"],
} as const satisfies Rule;

export const firstAddress = {
  id: "linux/source/on-link-first",
  ref: "A4",
  says: {
    en: "For a route without a gateway the first usable address of the device is the source.",
    zh: "没有网关的路由使用设备的第一个可用地址。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L10b", "guest/L10c", "guest/L10c-32-first-on-link"],
} as const satisfies Rule;

export const addressScope = {
  id: "linux/source/scope",
  ref: "A5",
  says: {
    en: "An address of scope link is not used for a route of scope global.",
    zh: "作用域为 link 的地址不用于作用域为 global 的路由。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L10d", "guest/L10d-scope-global-route", "guest/L10d-scope-link-route"],
} as const satisfies Rule;

export const borrowedAddress = {
  id: "linux/source/borrowed",
  ref: "A6",
  says: {
    en: "A device without a usable address borrows the first one of the other devices, lo first.",
    zh: "设备没有可用地址时，借用其他设备的第一个地址，lo 最先。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L10e", "guest/L12", "guest/L12b"],
} as const satisfies Rule;

export const noAddress = {
  id: "linux/source/none",
  ref: "A7",
  says: {
    en: "A host without any usable address sends from 0.0.0.0.",
    zh: "主机没有任何可用地址时以 0.0.0.0 发送。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L12c"],
} as const satisfies Rule;

export const secondaryAddress = {
  id: "linux/source/secondary",
  ref: "A8",
  says: {
    en: "An address is secondary when the device already has one in the same subnet with the same prefix length.",
    zh: "设备在同一子网、相同前缀长度下已有地址时，新地址为 secondary。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L09", "guest/L10c", "guest/L10c-32-first-on-link"],
} as const satisfies Rule;

export const deprecatedIgnored = {
  id: "linux/source/deprecated-ignored",
  ref: "A9",
  says: {
    en: "On IPv4 a deprecated address is chosen like any other.",
    zh: "IPv4 上 deprecated 地址照常被选用。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L13"],
} as const satisfies Rule;

export const addressRemoval = {
  id: "linux/source/removal",
  ref: "A10",
  says: {
    en: "Removing a primary address removes its secondary ones, unless they are promoted, and the routes that name it.",
    zh: "删除主地址会删除其 secondary 地址（除非启用提升）以及引用它的路由。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "The commands of the guest show the addresses that are left.",
    zh: "系统命令显示的是剩下的地址。",
  },
} as const satisfies Rule;

export const connectedSource = {
  id: "linux/source/connected-route",
  ref: "A11",
  says: {
    en: "A connected route names its own source, so inside its subnet the src of the default route does not count.",
    zh: "直连路由有自己的源地址，因此子网内不看默认路由的 src。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L08", "guest/L08-bound", "guest/L08-inside-the-subnet"],
} as const satisfies Rule;

export const boundSource = {
  id: "linux/source/bound",
  ref: "A12",
  says: {
    en: "A bound address is the source, and binding moves nothing to that address's interface; only a from rule does.",
    zh: "绑定的地址就是源地址，但绑定不会把流量移到该地址所在的接口；只有 from 规则会。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/devinet.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L07", "guest/L07b", "guest/L53", "guest/L07-bound"],
} as const satisfies Rule;

export const localRange = {
  id: "linux/source/local-route-range",
  ref: "A13",
  says: {
    en: "Addresses that exist only as local routes can be bound, and are never chosen by themselves.",
    zh: "只以 local 路由存在的地址可以绑定，但不会被自动选用。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L52", "guest/L52-alias-range-bound"],
} as const satisfies Rule;
