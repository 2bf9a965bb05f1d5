import type { Rule } from "../../../model/rule.ts";

// NICs, IP configurations and what a guest does with them.

export const primaryAddress = {
  id: "azure/nic/primary-address",
  ref: "R-1.1",
  says: {
    en: "Azure DHCP gives the guest only the primary private address of a NIC; other addresses exist in the guest only if somebody set them there.",
    zh: "Azure DHCP 只把网卡的主私有地址交给操作系统；其他地址需有人在系统内配置才存在。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-network-interface-addresses",
  pageDate: "2023-12",
  mark: "read",
  cases: ["azure/secondary-unbound"],
} as const satisfies Rule;

export const publicIpPerConfiguration = {
  id: "azure/nic/public-ip-per-configuration",
  ref: "R-1.2",
  says: {
    en: "Each IP configuration has its own public IP or none, so the private source address of a packet selects the public one.",
    zh: "每个 IP 配置各有自己的公网 IP（或没有），因此数据包的私有源地址决定使用哪个公网 IP。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-network-interface-addresses",
  pageDate: "2023-12",
  mark: "read",
  cases: ["azure/T-01", "azure/T-14"],
} as const satisfies Rule;

export const ipv6IsSecondary = {
  id: "azure/nic/ipv6-is-secondary",
  ref: "R-1.3",
  says: {
    en: "A NIC has at most one private IPv6 address, on a secondary configuration beside its IPv4 primary.",
    zh: "一块网卡最多有一个私有 IPv6 地址，它在 IPv4 主配置之外的辅助配置上。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-network-interface-addresses",
  pageDate: "2023-12",
  mark: "read",
  cases: ["azure/ipv6-nat-gateway"],
} as const satisfies Rule;

export const guestAddressesByHand = {
  id: "azure/nic/addresses-by-hand",
  ref: "R-1.4",
  says: {
    en: "Windows needs all addresses of a NIC with several set by hand; Linux needs only the secondary ones.",
    zh: "一块网卡有多个地址时，Windows 需手工配置全部地址，Linux 只需手工配置辅助地址。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-network-interface-addresses",
  pageDate: "2023-12",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "Which addresses the guest has is read from the guest's own commands.",
    zh: "系统有哪些地址，取自系统自身命令的输出。",
  },
} as const satisfies Rule;

export const defaultRouteOnPrimaryNic = {
  id: "azure/nic/default-route-on-primary",
  ref: "R-1.5",
  says: {
    en: "DHCP gives a default gateway on the primary NIC alone, so without routes of its own the guest sends everything off its subnets by that NIC.",
    zh: "DHCP 只在主网卡上下发默认网关，因此若系统没有自己的路由，子网以外的流量都从主网卡发出。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machines/windows/multiple-nics",
  pageDate: "2017-09",
  mark: "read",
  cases: ["azure/T-04", "azure/T-06", "azure/second-nic-subnet"],
} as const satisfies Rule;

export const primaryFlag = {
  id: "azure/nic/primary-flag",
  ref: "R-1.6",
  says: {
    en: "The VM's network profile says which NIC is primary; a single NIC is primary even where the flag is missing.",
    zh: "虚拟机的网络配置指明哪块网卡为主网卡；只有一块网卡时，即使没有该标志它也是主网卡。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machines/windows/multiple-nics",
  pageDate: "2017-09",
  mark: "read",
  cases: ["azure/T-04"],
} as const satisfies Rule;

export const oneVirtualNetwork = {
  id: "azure/nic/one-virtual-network",
  ref: "R-1.7",
  says: {
    en: "All NICs of a VM are in one virtual network.",
    zh: "一台虚拟机的所有网卡都在同一个虚拟网络内。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machines/windows/multiple-nics",
  pageDate: "2017-09",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "The network of an interface is read from its own subnet, whatever the others are in.",
    zh: "网卡所在的网络取自其自身的子网，与其他网卡无关。",
  },
} as const satisfies Rule;

export const joinByMac = {
  id: "azure/nic/join-by-mac",
  ref: "R-1.8",
  says: {
    en: "The guest's numbering of NICs is not stable, MAC and IP addresses are: guest tables are joined by those.",
    zh: "系统内网卡的编号不稳定，MAC 与 IP 地址才稳定：应据此关联系统内的表。",
  },
  source: "https://docs.microsoft.com/en-us/azure/virtual-network/virtual-networks-multiple-nics",
  pageDate: null,
  mark: "partly",
  cases: ["azure/guest-by-mac"],
} as const satisfies Rule;

export const subnetGateway = {
  id: "azure/nic/subnet-gateway",
  ref: "R-1.9",
  says: {
    en: "The gateway of a guest route is the first address after the network address of that NIC's own subnet.",
    zh: "系统内路由的网关是该网卡所在子网网络地址之后的第一个地址。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machines/windows/multiple-nics",
  pageDate: "2017-09",
  mark: "read",
  cases: ["azure/T-05", "azure/T-48"],
} as const satisfies Rule;

export const nicChangeNeedsStop = {
  id: "azure/nic/change-needs-stop",
  ref: "R-1.10",
  says: {
    en: "A NIC is added or removed only while the VM is deallocated, and default outbound access may change then.",
    zh: "增删网卡须先解除分配虚拟机，届时默认出站访问的状态可能改变。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machines/windows/multiple-nics",
  pageDate: "2017-09",
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "An export shows one moment; the default outbound access it shows is what holds then.",
    zh: "导出只反映一个时刻；其中的默认出站访问即当时的状态。",
  },
} as const satisfies Rule;

export const windowsMetricSum = {
  id: "azure/nic/windows-metric-sum",
  ref: "R-1.11",
  says: {
    en: "Windows takes the longest prefix, then the lowest sum of route and interface metric.",
    zh: "Windows 先取最长前缀，再取路由跃点数与接口跃点数之和最小者。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machines/windows/multiple-nics",
  pageDate: "2017-09",
  mark: "read",
  cases: ["azure/T-47"],
} as const satisfies Rule;

export const windowsStrongHost = {
  id: "azure/nic/windows-strong-host",
  ref: "R-1.12",
  says: {
    en: "Windows sends only with addresses of the interface it sends by, unless weak host send is on; Linux does not check.",
    zh: "除非启用弱主机发送，Windows 只用出口接口自己的地址发送；Linux 不做此检查。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-floating-ip",
  pageDate: null,
  mark: "read",
  cases: ["azure/windows-strong-host"],
} as const satisfies Rule;

export const linuxPolicyRouting = {
  id: "azure/nic/linux-policy-routing",
  ref: "R-1.13",
  says: {
    en: "A Linux guest with several NICs needs policy rules by source address, which come before its main table.",
    zh: "有多块网卡的 Linux 需要按源地址的策略路由规则，它们先于主路由表生效。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machines/linux/multiple-nics",
  pageDate: "2018-06",
  mark: "partly",
  cases: ["azure/linux-policy-routing"],
} as const satisfies Rule;

export const sourceCheck = {
  id: "azure/nic/source-check",
  ref: "R-1.14",
  says: {
    en: "A NIC may send only from its own addresses unless IP forwarding is enabled on it; anything else is dropped.",
    zh: "除非启用 IP 转发，网卡只能用自己的地址发送；其他源地址的数据包会被丢弃。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  pageDate: "2023-05",
  mark: "derived",
  cases: ["azure/T-46"],
} as const satisfies Rule;

export const floatingIpSource = {
  id: "azure/nic/floating-ip-source",
  ref: "R-1.15",
  says: {
    en: "With Floating IP, outbound flows must start from the NIC's own primary address.",
    zh: "使用浮动 IP 时，出站流量必须从网卡自己的主地址发起。",
  },
  source: "https://learn.microsoft.com/azure/load-balancer/load-balancer-floating-ip",
  pageDate: null,
  mark: "read",
  cases: ["azure/floating-ip-source"],
} as const satisfies Rule;
