import type { Rule } from "../../../model/rule.ts";

// What a VM's interfaces send with.

export const oneNetworkPerNic = {
  id: "gcp/vm/one-network-per-nic",
  ref: "VM-1",
  says: {
    en: "Each interface of a VM normally sits in a VPC network of its own.",
    zh: "虚拟机的每个网卡通常各在不同的 VPC 网络中。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/multiple-interfaces-concepts",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/nic-network-not-told", "gcp/T36", "gcp/T37"],
} as const satisfies Rule;

export const severalNicsOneNetwork = {
  id: "gcp/vm/several-nics-one-network",
  ref: "VM-2",
  says: {
    en: "Several interfaces may share one network if nic0 is in it too, so sharing is no error in an export.",
    zh: "若 nic0 也在其中，多个网卡可以处于同一网络，因此导出中出现共用并非错误。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/release-notes",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/nics-in-one-network"],
} as const satisfies Rule;

export const noNicLimit = {
  id: "gcp/vm/no-nic-limit",
  ref: "VM-3",
  says: {
    en: "A VM may have more than eight interfaces; none is ignored for its number.",
    zh: "虚拟机可以有八个以上的网卡；不会因编号而忽略任何一个。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/release-notes",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/ten-nics"],
} as const satisfies Rule;

export const defaultRouteOnNic0 = {
  id: "gcp/vm/default-route-on-nic0",
  ref: "VM-4",
  says: {
    en: "The guest's default route is on nic0; other interfaces reach only their own subnet until the guest has routing rules.",
    zh: "操作系统的默认路由在 nic0 上；在配置策略路由之前，其他网卡只能到达各自的子网。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/configure-routing-additional-interface",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T36", "gcp/second-nic-subnet"],
} as const satisfies Rule;

export const sourceMustBeOwn = {
  id: "gcp/vm/source-must-be-own",
  ref: "VM-5",
  says: {
    en: "A packet whose source does not belong to its interface is dropped unless the VM may forward (canIpForward).",
    zh: "源地址不属于该网卡的数据包会被丢弃，除非虚拟机允许转发（canIpForward）。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/alias-ip",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/foreign-source"],
} as const satisfies Rule;

export const defaultSenderIsNic0 = {
  id: "gcp/vm/default-sender-is-nic0",
  ref: "VM-6",
  says: {
    en: "Unless told otherwise, a program sends by nic0 with its primary internal address.",
    zh: "若无其他说明，程序从 nic0 以其主内部地址发送。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/configure-routing-additional-interface",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/T36"],
} as const satisfies Rule;

export const externalIpPrimarySourceOnly = {
  id: "gcp/vm/external-ip-primary-source-only",
  ref: "VM-7",
  says: {
    en: "An external IPv4 address replaces the source only of packets from the interface's primary internal address, and goes before Cloud NAT.",
    zh: "外部 IPv4 地址只替换以网卡主内部地址为源的数据包，并且优先于 Cloud NAT。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T01", "gcp/T02", "gcp/T37"],
} as const satisfies Rule;

export const aliasNeverOneToOne = {
  id: "gcp/vm/alias-never-one-to-one",
  ref: "VM-8",
  says: {
    en: "Alias addresses never use the VM's external address; Cloud NAT may translate them instead.",
    zh: "别名地址从不使用虚拟机的外部地址；可能改由 Cloud NAT 转换。",
  },
  source: "https://docs.cloud.google.com/nat/docs/troubleshooting",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T03", "gcp/T04"],
} as const satisfies Rule;

export const ephemeralNotShown = {
  id: "gcp/vm/ephemeral-address-not-shown",
  ref: "VM-9",
  says: {
    en: "An access configuration without natIP means an external address that the export does not show, not that there is none.",
    zh: "accessConfig 中没有 natIP 表示有一个导出未显示的外部地址，而不是没有外部地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T54"],
} as const satisfies Rule;

export const staticOrEphemeral = {
  id: "gcp/vm/static-or-ephemeral",
  ref: "VM-10",
  says: {
    en: "An external address is static if it is reserved in the project's addresses; otherwise it is ephemeral and may change when the VM stops.",
    zh: "若外部地址在项目中已预留则为静态；否则为临时地址，虚拟机停止后可能改变。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/reserve-static-external-ip-address",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T01-ephemeral", "gcp/T01"],
} as const satisfies Rule;

export const externalIpv6Untranslated = {
  id: "gcp/vm/external-ipv6-untranslated",
  ref: "VM-11",
  says: {
    en: "An external IPv6 address is used as it is: the destination sees an address of the interface's prefix.",
    zh: "外部 IPv6 地址不经转换：目的端看到的是该网卡前缀内的地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/external-ipv6"],
} as const satisfies Rule;

export const sharedVpcHostProject = {
  id: "gcp/vm/shared-vpc-host-project",
  ref: "VM-12",
  says: {
    en: "With Shared VPC, routes, routers and NAT gateways are in the host project, not in the VM's own.",
    zh: "使用共享 VPC 时，路由、路由器和 NAT 网关在宿主项目中，而不在虚拟机自己的项目中。",
  },
  source: "https://docs.cloud.google.com/nat/docs/nat-product-interactions",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T38-no-host", "gcp/T38"],
} as const satisfies Rule;

export const linkLocalStays = {
  id: "gcp/vm/link-local-stays",
  ref: "VM-13",
  says: {
    en: "Link-local and loopback destinations are not routable: nothing leaves for them.",
    zh: "链路本地和环回目的地址不可路由：不会有流量离开。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/link-local"],
} as const satisfies Rule;

export const unicastOnly = {
  id: "gcp/vm/unicast-only",
  ref: "VM-13 (unicast)",
  says: {
    en: 'A VPC network carries unicast only: nothing arrives at a multicast, broadcast or "this network" (0.0.0.0/8) address.',
    zh: "VPC 网络只承载单播：组播、广播和“本网络”（0.0.0.0/8）地址都不可达。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/vpc",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/multicast", "gcp/nowhere"],
} as const satisfies Rule;

export const metadataServerIpv6 = {
  id: "gcp/vm/metadata-server-ipv6",
  ref: "VM-13 (IPv6)",
  says: {
    en: "fd20:ce::254 is the metadata server, as 169.254.169.254 is: nothing leaves the host for it.",
    zh: "fd20:ce::254 与 169.254.169.254 一样是元数据服务器：不会有流量为其离开主机。",
  },
  source: "https://docs.cloud.google.com/compute/docs/metadata/querying-metadata",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/nowhere"],
} as const satisfies Rule;

export const networkAttachment = {
  id: "gcp/vm/network-attachment",
  ref: "VM-1 (attachment)",
  says: {
    en: "A Private Service Connect interface refers to a network attachment and lives in the consumer's network, whose routes and NAT apply.",
    zh: "Private Service Connect 接口引用网络连接，位于使用方的网络中，适用该网络的路由和 NAT。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/about-private-service-connect-interfaces",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/network-attachment"],
} as const satisfies Rule;

export const nodeMasquerades = {
  id: "gcp/vm/gke-node-masquerades",
  ref: "GKE-1..5",
  says: {
    en: "A GKE node by default replaces a Pod's source by its own primary address, except for non-masquerade destinations or with default SNAT disabled; the rules of VMs then apply to the result.",
    zh: "GKE 节点默认将 Pod 的源地址替换为自身主地址，非伪装目的地或禁用默认 SNAT 时除外；之后虚拟机的规则作用于替换结果。",
  },
  source: "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent",
  pageDate: null,
  mark: "read",
  cases: ["gcp/gke-pod"],
} as const satisfies Rule;

export const aliasIsGuestChoice = {
  id: "gcp/vm/alias-is-guest-choice",
  ref: "VM-14",
  says: {
    en: "An alias address is a source only if the guest was set up to use it.",
    zh: "只有操作系统经过相应配置，别名地址才会成为源地址。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/alias-ip",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/alias-unused", "gcp/T03"],
} as const satisfies Rule;

export const networkTierKeepsSource = {
  id: "gcp/vm/network-tier-keeps-source",
  ref: "VM-15",
  says: {
    en: "The network tier changes the path, not the source address.",
    zh: "网络层级改变路径，不改变源地址。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "read",
  cases: ["gcp/standard-tier"],
} as const satisfies Rule;

export const vmRules: readonly Rule[] = [
  oneNetworkPerNic,
  severalNicsOneNetwork,
  noNicLimit,
  defaultRouteOnNic0,
  sourceMustBeOwn,
  defaultSenderIsNic0,
  externalIpPrimarySourceOnly,
  aliasNeverOneToOne,
  ephemeralNotShown,
  staticOrEphemeral,
  externalIpv6Untranslated,
  sharedVpcHostProject,
  linkLocalStays,
  unicastOnly,
  metadataServerIpv6,
  networkAttachment,
  nodeMasquerades,
  aliasIsGuestChoice,
  networkTierKeepsSource,
];
