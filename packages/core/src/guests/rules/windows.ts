import type { Rule } from "../../model/rule.ts";

/** How Windows chooses a route and a source address. */

export const windowsMetric = {
  id: "windows/route/metric-sum",
  ref: "W1",
  says: {
    en: "The longest prefix wins, then the lowest sum of route metric and interface metric.",
    zh: "最长前缀优先，其次是路由跃点数与接口跃点数之和最小。",
  },
  source: "https://learn.microsoft.com/en-us/powershell/module/nettcpip/get-netroute",
  pageDate: null,
  mark: "read",
  cases: ["guest/WC1", "guest/WC2"],
} as const satisfies Rule;

export const windowsPrintedSum = {
  id: "windows/route/printed-sum",
  ref: "W2",
  says: {
    en: "route print shows the sum; Get-NetRoute shows the route part, to which the interface metric is added.",
    zh: "route print 显示总和；Get-NetRoute 只显示路由部分，需加上接口跃点数。",
  },
  source: "https://learn.microsoft.com/en-us/powershell/module/nettcpip/get-netroute",
  pageDate: null,
  mark: "read",
  cases: ["guest/WC2"],
} as const satisfies Rule;

export const windowsAutomaticMetric = {
  id: "windows/route/automatic-metric",
  ref: "W3",
  says: {
    en: "The interface metric follows the link speed unless it was set.",
    zh: "接口跃点数默认按链路速度自动设置。",
  },
  source: "https://learn.microsoft.com/en-us/powershell/module/nettcpip/set-netipinterface",
  pageDate: null,
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "The metric is read as the guest's commands print it, never computed.",
    zh: "跃点数按系统命令的输出读取，不自行计算。",
  },
} as const satisfies Rule;

export const windowsStrongHost = {
  id: "windows/route/strong-host",
  ref: "W4",
  says: {
    en: "A socket bound to an address uses only routes of the interface that has it; without one it fails.",
    zh: "绑定到某地址的套接字只使用拥有该地址的接口的路由；没有则失败。",
  },
  source: "https://learn.microsoft.com/en-us/windows/win32/fwp/ale-re-authorization",
  pageDate: null,
  mark: "partly",
  cases: ["guest/WC3", "guest/WC4"],
} as const satisfies Rule;

export const windowsSource = {
  id: "windows/source/ipv4-common-prefix",
  ref: "W5",
  says: {
    en: "The source is the address of the outgoing interface with the longest common prefix with the next hop, then with the destination.",
    zh: "源地址是出口接口上与下一跳公共前缀最长的地址，其次看与目的地址的公共前缀。",
  },
  source: "https://mskb.pkisolutions.com/kb/969029",
  pageDate: null,
  mark: "partly",
  cases: ["guest/WC5"],
} as const satisfies Rule;

export const windowsSkip = {
  id: "windows/source/skip-as-source",
  ref: "W6",
  says: {
    en: "An address with SkipAsSource is never chosen unless a program binds to it.",
    zh: "设置了 SkipAsSource 的地址不会被选用，除非程序绑定它。",
  },
  source: "https://learn.microsoft.com/en-us/windows/win32/fwp/wmi/nettcpipprov/msft-netipaddress",
  pageDate: null,
  mark: "read",
  cases: ["guest/WC6"],
} as const satisfies Rule;

export const windowsIpv6 = {
  id: "windows/source/ipv6-selection",
  ref: "W7",
  says: {
    en: "IPv6 source selection follows RFC 6724, and clients prefer temporary addresses.",
    zh: "IPv6 源地址选择遵循 RFC 6724，客户端系统优先使用临时地址。",
  },
  source: "https://mskb.pkisolutions.com/kb/969029",
  pageDate: null,
  mark: "partly",
  cases: ["guest/windows-temporary"],
} as const satisfies Rule;

export const windowsFindNetRoute = {
  id: "windows/route/find-net-route",
  ref: "W8",
  says: {
    en: "Find-NetRoute names the local address and the route the system would choose.",
    zh: "Find-NetRoute 给出系统会选择的本地地址和路由。",
  },
  source: "https://learn.microsoft.com/en-us/powershell/module/nettcpip/find-netroute",
  pageDate: null,
  mark: "read",
  cases: ["guest/find-net-route"],
} as const satisfies Rule;

export const windowsPersistent = {
  id: "windows/route/persistent-list",
  ref: "W9",
  says: {
    en: "The persistent list is what is stored; only the active list decides.",
    zh: "永久路由列表只是已保存的内容；只有活动列表起作用。",
  },
  source: "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/route_ws2008",
  pageDate: null,
  mark: "read",
  cases: ["guest/WC7"],
} as const satisfies Rule;
