import type { Rule } from "../../model/rule.ts";

/** Settings that a program may heed before it asks the system at all. */

export const proxyEnvironment = {
  id: "linux/proxy/environment",
  ref: "X1",
  says: {
    en: "A program that heeds http_proxy, https_proxy or all_proxy connects to the proxy, and the destination sees the proxy's source; not every program does.",
    zh: "遵循 http_proxy、https_proxy 或 all_proxy 的程序会连接代理，目的端看到的是代理的源地址；并非所有程序都遵循。",
  },
  source: "https://github.com/curl/curl/blob/master/docs/cmdline-opts/_ENVIRONMENT.md",
  pageDate: null,
  mark: "read",
  cases: ["guest/L58"],
} as const satisfies Rule;

export const proxyBypass = {
  id: "linux/proxy/no-proxy",
  ref: "X2",
  says: {
    en: "What no_proxy lists is connected to directly: names and addresses by every program, prefixes by some.",
    zh: "no_proxy 中列出的目标会直接连接：名称和地址各程序都支持，前缀仅部分程序支持。",
  },
  source: "https://github.com/curl/curl/blob/master/docs/cmdline-opts/_ENVIRONMENT.md",
  pageDate: null,
  mark: "read",
  cases: ["guest/L58"],
} as const satisfies Rule;

export const proxyWindows = {
  id: "windows/proxy/winhttp",
  ref: "W11",
  says: {
    en: "The proxy of WinHTTP is that of services; a user's programs have their own, which it does not show.",
    zh: "WinHTTP 代理用于服务；用户程序有自己的代理设置，此处不显示。",
  },
  source: "https://learn.microsoft.com/en-us/windows/win32/winhttp/proxycfg-exe--a-proxy-configuration-tool",
  pageDate: null,
  mark: "read",
  cases: ["guest/WC10"],
} as const satisfies Rule;
