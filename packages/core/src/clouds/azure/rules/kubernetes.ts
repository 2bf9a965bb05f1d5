import type { Rule } from "../../../model/rule.ts";

// Clusters of Azure Kubernetes Service.

export const aksLoadBalancer = {
  id: "azure/aks/load-balancer",
  ref: "R-8.1",
  says: {
    en: "With the outbound type loadBalancer a cluster leaves by the effective outbound addresses of its load balancer; frontends of services are for what comes in.",
    zh: "出站类型为 loadBalancer 的集群使用负载均衡器的有效出站地址；各服务的前端仅用于入站。",
  },
  source: "https://learn.microsoft.com/azure/aks/egress-outboundtype",
  pageDate: "2024-04",
  mark: "read",
  cases: [
    "azure/T-52",
    "azure/aks-address-missing",
    "azure/aks-nodes-without-balancer",
    "azure/aks-nodes",
    "azure/aks-pod-subnet",
  ],
} as const satisfies Rule;

export const aksNatGateway = {
  id: "azure/aks/nat-gateway",
  ref: "R-8.2",
  says: {
    en: "With managedNATGateway a cluster leaves by the NAT gateway that AKS made; with userAssignedNATGateway by the one on the subnet of its nodes.",
    zh: "出站类型为 managedNATGateway 的集群使用 AKS 创建的 NAT 网关；userAssignedNATGateway 使用节点子网上的 NAT 网关。",
  },
  source: "https://learn.microsoft.com/azure/aks/egress-outboundtype",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/aks-managed-nat", "azure/aks-own-nat", "azure/aks-profile-left-behind"],
} as const satisfies Rule;

export const aksUserRouting = {
  id: "azure/aks/user-routing",
  ref: "R-8.3",
  says: {
    en: "With userDefinedRouting or none AKS makes no way out: the routes of the node subnet decide.",
    zh: "出站类型为 userDefinedRouting 或 none 时 AKS 不创建出站方式：由节点子网的路由决定。",
  },
  source: "https://learn.microsoft.com/azure/aks/egress-outboundtype",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-53", "azure/aks-none-private", "azure/aks-none", "azure/aks-unknown-type"],
} as const satisfies Rule;

export const aksBlocks = {
  id: "azure/aks/block",
  ref: "R-8.3",
  says: {
    en: "With the outbound type block the cluster's traffic to the internet is denied.",
    zh: "出站类型为 block 时集群到互联网的流量被拒绝。",
  },
  source: "https://learn.microsoft.com/azure/aks/egress-outboundtype",
  pageDate: null,
  mark: "partly",
  cases: ["azure/aks-block"],
} as const satisfies Rule;

export const overlayPods = {
  id: "azure/aks/overlay-pods",
  ref: "R-8.5",
  says: {
    en: "Pods of an overlay or kubenet cluster leave it with the address of their node.",
    zh: "Overlay 或 kubenet 集群的 Pod 以其节点的地址离开集群。",
  },
  source: "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
  pageDate: null,
  mark: "partly",
  cases: ["azure/aks-overlay-private", "azure/aks-own-plugin-private"],
} as const satisfies Rule;

export const flatPods = {
  id: "azure/aks/flat-pods",
  ref: "R-8.5",
  says: {
    en: "Pods with addresses of the network show them inside it and on-premises; a pod subnet has policies and a NAT gateway of its own.",
    zh: "具有虚拟网络地址的 Pod 在网络内部和本地显示该地址；Pod 子网有自己的策略和 NAT 网关。",
  },
  source: "https://learn.microsoft.com/azure/aks/concepts-network",
  pageDate: null,
  mark: "partly",
  cases: ["azure/aks-pod-subnet"],
} as const satisfies Rule;

export const aksManagedNetwork = {
  id: "azure/aks/managed-network",
  ref: "R-8.7",
  says: {
    en: "A cluster without a subnet of the user's has a network that AKS made in the node resource group.",
    zh: "未使用用户子网的集群，其网络由 AKS 在节点资源组中创建。",
  },
  source: "https://learn.microsoft.com/azure/aks/egress-outboundtype",
  pageDate: "2024-04",
  mark: "read",
  cases: ["azure/T-52", "azure/aks-managed-private"],
} as const satisfies Rule;

export const aksNodePublicIps = {
  id: "azure/aks/node-public-ips",
  ref: "R-2.4",
  says: {
    en: "Where every node has a public IP of its own, that comes before the load balancer.",
    zh: "每个节点都有自己的公网 IP 时，它优先于负载均衡器。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
  pageDate: "2026-07",
  mark: "derived",
  cases: ["azure/aks-node-public-ips"],
} as const satisfies Rule;

export const staticEgressGateway = {
  id: "azure/aks/static-egress-gateway",
  ref: "R-8.6",
  says: {
    en: "Pods annotated for a static egress gateway leave by any address of its prefix; others are unaffected.",
    zh: "带静态出口网关注解的 Pod 使用其前缀内的任一地址；其他 Pod 不受影响。",
  },
  source: "https://learn.microsoft.com/azure/aks/configure-static-egress-gateway",
  pageDate: "2024-10",
  mark: "read",
  cases: [
    "azure/T-54",
    "azure/static-gateway-private",
    "azure/static-gateway-not-default",
    "azure/static-gateway-private-to-internet",
  ],
} as const satisfies Rule;

export const staticGatewayExcludes = {
  id: "azure/aks/static-egress-gateway-excludes",
  ref: "R-8.6",
  says: {
    en: "Destinations that the gateway excludes are reached as by any other pod of the cluster.",
    zh: "网关排除的目的地址，其到达方式与集群的其他 Pod 相同。",
  },
  source: "https://learn.microsoft.com/azure/aks/configure-static-egress-gateway",
  pageDate: "2024-10",
  mark: "read",
  cases: ["azure/static-gateway-excluded"],
} as const satisfies Rule;
