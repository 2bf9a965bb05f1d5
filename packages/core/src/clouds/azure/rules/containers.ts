import type { Rule } from "../../../model/rule.ts";

// Container Apps, Container Instances and databases.

export const containerAppOutbound = {
  id: "azure/containers/app-outbound",
  ref: "R-8.13",
  says: {
    en: "A container app leaves its network by a public address of the platform, which may change over time.",
    zh: "容器应用以平台的公网地址离开网络，该地址可能随时间改变。",
  },
  source: "https://learn.microsoft.com/azure/container-apps/networking",
  pageDate: null,
  mark: "partly",
  cases: ["azure/container-app", "azure/container-app-profiles-plain", "azure/container-app-consumption"],
} as const satisfies Rule;

export const containerAppNetwork = {
  id: "azure/containers/app-workload-profiles",
  ref: "R-8.13",
  says: {
    en: "Routes and a NAT gateway of the subnet count in an environment with workload profiles.",
    zh: "在带工作负荷配置文件的环境中，子网的路由和 NAT 网关起作用。",
  },
  source: "https://learn.microsoft.com/azure/container-apps/networking",
  pageDate: null,
  mark: "read",
  cases: [
    "azure/container-app-nat",
    "azure/container-app-environment",
    "azure/container-app-alone",
    "azure/container-app-firewall",
    "azure/container-environment-alone",
  ],
} as const satisfies Rule;

export const containerAppConsumption = {
  id: "azure/containers/app-consumption-only",
  ref: "R-8.13",
  says: {
    en: "In a consumption-only environment neither user-defined routes nor a NAT gateway of the subnet count.",
    zh: "仅消耗环境不支持用户定义路由，也不支持子网的 NAT 网关。",
  },
  source: "https://learn.microsoft.com/azure/container-apps/networking",
  pageDate: null,
  mark: "read",
  cases: ["azure/container-app-consumption"],
} as const satisfies Rule;

export const containerGroup = {
  id: "azure/containers/group",
  ref: "R-8.13",
  says: {
    en: "A container group sends from another address than its public IP, and no export shows it; in a network a NAT gateway on its subnet makes it known.",
    zh: "容器组发送时使用的地址不是其公网 IP，且任何导出都不显示它；在虚拟网络中，子网上的 NAT 网关可使其确定。",
  },
  source: "https://learn.microsoft.com/azure/container-instances/container-instances-nat-gateway",
  pageDate: "2022-05",
  mark: "read",
  cases: ["azure/container-group", "azure/container-group-nat", "azure/container-group-private"],
} as const satisfies Rule;

export const sqlOutbound = {
  id: "azure/sql/outbound",
  ref: "R-8.15",
  says: {
    en: "By which address SQL Database or a SQL managed instance calls out is on no public page; a managed instance's subnet cannot have a NAT gateway.",
    zh: "SQL 数据库或 SQL 托管实例以哪个地址对外发起连接没有公开文档说明；托管实例的子网不能使用 NAT 网关。",
  },
  source: "https://learn.microsoft.com/azure/nat-gateway/faq",
  pageDate: "2024-12",
  mark: "unsourced",
  cases: ["azure/sql-server"],
} as const satisfies Rule;
