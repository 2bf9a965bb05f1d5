import type { Rule } from "../../../model/rule.ts";

// App Service and Functions.

export const appPublicAddresses = {
  id: "azure/app-service/outbound-addresses",
  ref: "R-8.8",
  says: {
    en: "An app leaves by any of its outbound addresses, chosen at random for each connection; all must be allowed.",
    zh: "应用从其任一出站地址发出，每条连接随机选用；必须全部放行。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips",
  pageDate: "2026-01",
  mark: "read",
  cases: [
    "azure/T-50",
    "azure/app-no-network",
    "azure/app-no-network-private",
    "azure/app-route-all-plain",
    "azure/functions-plan-unknown",
  ],
} as const satisfies Rule;

export const appPossibleAddresses = {
  id: "azure/app-service/possible-addresses",
  ref: "R-8.8",
  says: {
    en: "An app that is scaled to another tier may use any of its possible outbound addresses: the set to allow if the list is to survive that.",
    zh: "应用更换定价层后可能使用任一“可能的出站地址”：若白名单要经得起缩放，应放行这一集合。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips",
  pageDate: "2026-01",
  mark: "read",
  cases: ["azure/T-50"],
} as const satisfies Rule;

export const appPremiumV4 = {
  id: "azure/app-service/premium-v4",
  ref: "R-8.9",
  says: {
    en: "Premium V4 has no stable set of outbound addresses: both properties are empty texts, and the app still reaches the internet.",
    zh: "Premium V4 没有稳定的出站地址集合：两个属性都是空文本，而应用仍可访问互联网。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips",
  pageDate: "2026-01",
  mark: "read",
  cases: ["azure/T-49"],
} as const satisfies Rule;

export const appPrivateOnly = {
  id: "azure/app-service/private-only",
  ref: "R-8.10",
  says: {
    en: "Without route-all an app sends only private destinations, and services with an endpoint on the subnet, into its network.",
    zh: "未启用“全部路由”时，应用只把私有目的地址以及子网上设有服务终结点的服务送入虚拟网络。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
  pageDate: "2021-10",
  mark: "read",
  cases: ["azure/T-50", "azure/app-private-destination", "azure/app-route-all-unknown"],
} as const satisfies Rule;

export const appKeepsItsAddresses = {
  id: "azure/app-service/route-all",
  ref: "R-8.10",
  says: {
    en: "With route-all the routes and the NAT gateway of the integration subnet decide; where they direct nothing elsewhere, the app's own addresses are still used.",
    zh: "启用“全部路由”后由集成子网的路由和 NAT 网关决定；若它们未改变去向，仍使用应用自己的地址。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
  pageDate: "2021-10",
  mark: "read",
  cases: [
    "azure/T-51",
    "azure/app-route-all-plain",
    "azure/app-route-all-firewall",
    "azure/app-route-all-setting",
    "azure/app-route-all-unknown",
    "azure/app-subnet-missing",
  ],
} as const satisfies Rule;

export const appSendsFromSubnet = {
  id: "azure/app-service/subnet-address",
  ref: "R-8.10",
  says: {
    en: "In its network an app is seen with an address of the integration subnet, one an instance.",
    zh: "在虚拟网络内，应用显示集成子网的地址，每个实例一个。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
  pageDate: "2021-10",
  mark: "read",
  cases: ["azure/app-private-destination"],
} as const satisfies Rule;

export const appNoMail = {
  id: "azure/app-service/no-port-25",
  ref: "R-8.10",
  says: {
    en: "An app cannot use port 25 over its network integration.",
    zh: "应用无法通过虚拟网络集成使用 25 端口。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
  pageDate: "2021-10",
  mark: "read",
  cases: ["azure/app-mail"],
} as const satisfies Rule;

export const appEnvironmentAddresses = {
  id: "azure/app-service/environment",
  ref: "R-8.8",
  says: {
    en: "An app in an App Service Environment has static addresses of its own; its traffic follows the environment's subnet.",
    zh: "App Service 环境中的应用有自己的固定地址；其流量遵循环境所在子网。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips",
  pageDate: "2026-01",
  mark: "partly",
  cases: ["azure/app-environment", "azure/app-environment-nat"],
} as const satisfies Rule;

export const functionsConsumption = {
  id: "azure/app-service/consumption",
  ref: "R-8.12",
  says: {
    en: "On the Consumption plan the outbound addresses of a function app may change though nobody did anything.",
    zh: "消耗计划上函数应用的出站地址可能在无人操作时改变。",
  },
  source: "https://learn.microsoft.com/azure/azure-functions/ip-addresses",
  pageDate: "2018-12",
  mark: "read",
  cases: ["azure/functions-consumption", "azure/functions-plan-unknown"],
} as const satisfies Rule;

export const appIpv6 = {
  id: "azure/app-service/ipv6",
  ref: "R-8.8",
  says: {
    en: "Outbound IPv6 of apps is in preview; which addresses it shows is not in the export.",
    zh: "应用的 IPv6 出站处于预览阶段；其显示的地址不在导出中。",
  },
  source: "https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips",
  pageDate: "2026-01",
  mark: "read",
  cases: ["azure/app-ipv6"],
} as const satisfies Rule;
