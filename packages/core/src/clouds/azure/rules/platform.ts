import type { Rule } from "../../../model/rule.ts";

// Destinations that no route table decides about.

export const hostVirtualAddress = {
  id: "azure/platform/host-virtual-address",
  ref: "R-3.23",
  says: {
    en: "168.63.129.16 is a virtual address of the host node: no user-defined route applies, and it sees the private address.",
    zh: "168.63.129.16 是主机节点的虚拟地址：用户定义路由对其无效，它看到的是私有地址。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16",
  pageDate: null,
  mark: "read",
  cases: ["azure/host-virtual-address", "azure/host-virtual-address-udr"],
} as const satisfies Rule;

export const metadataService = {
  id: "azure/platform/metadata-service",
  ref: "R-3.24",
  says: {
    en: "The metadata service at 169.254.169.254 is reachable only from within the VM; what it is asked never leaves the host.",
    zh: "169.254.169.254 上的元数据服务只能从虚拟机内部访问；请求不会离开主机。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service",
  pageDate: null,
  mark: "partly",
  cases: ["azure/metadata-service"],
} as const satisfies Rule;

export const unicastOnly = {
  id: "azure/platform/unicast-only",
  ref: "R-3.25",
  says: {
    en: "Virtual networks carry no multicast and no broadcast, and neither loopback nor link-local addresses can stand in them.",
    zh: "虚拟网络不支持多播和广播，回环地址和链路本地地址也不能用于其中。",
  },
  source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
  pageDate: null,
  mark: "partly",
  cases: ["azure/multicast", "azure/link-local"],
} as const satisfies Rule;
