import type { Rule } from "../../../model/rule.ts";

// Mail.

export const port25Blocked = {
  id: "gcp/mail/port-25-blocked",
  ref: "MAIL-1",
  says: {
    en: "TCP to port 25 outside the network is blocked by the platform.",
    zh: "平台封锁去往网络外部的 TCP 25 端口。",
  },
  source: "https://docs.cloud.google.com/compute/docs/tutorials/sending-mail",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T33"],
} as const satisfies Rule;

export const someProjectsExempt = {
  id: "gcp/mail/some-projects-exempt",
  ref: "MAIL-2",
  says: {
    en: "Some projects are exempt from the block on port 25; no export says which.",
    zh: "部分项目不受 25 端口封锁；导出中看不出是哪些。",
  },
  source: "https://docs.cloud.google.com/compute/docs/tutorials/sending-mail",
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T33"],
} as const satisfies Rule;

export const submissionPortsFree = {
  id: "gcp/mail/submission-ports-free",
  ref: "MAIL-3",
  says: {
    en: "Ports 587 and 465 are not blocked.",
    zh: "587 和 465 端口未被封锁。",
  },
  source: "https://docs.cloud.google.com/compute/docs/tutorials/sending-mail",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T34"],
} as const satisfies Rule;

export const port25Inside = {
  id: "gcp/mail/port-25-inside",
  ref: "MAIL-4",
  says: {
    en: "Port 25 is free inside the network, to peers and over VPN or Interconnect.",
    zh: "在网络内部、对等网络以及经 VPN 或 Interconnect 的 25 端口不受限制。",
  },
  source: "https://docs.cloud.google.com/compute/docs/tutorials/sending-mail",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T35"],
} as const satisfies Rule;

export const neverPromisePort25 = {
  id: "gcp/mail/never-promise-port-25",
  ref: "MAIL-5",
  says: {
    en: "Configuration alone never shows that mail leaves by port 25.",
    zh: "仅凭配置无法证明邮件能从 25 端口发出。",
  },
  source: "https://docs.cloud.google.com/compute/docs/tutorials/sending-mail",
  pageDate: null,
  mark: "derived",
  cases: ["gcp/T33"],
} as const satisfies Rule;

export const ptr = {
  id: "gcp/mail/ptr",
  ref: "MAIL-6",
  says: {
    en: "A VM's external address may have a PTR record set on its access configuration.",
    zh: "虚拟机的外部地址可以在 accessConfig 上设置 PTR 记录。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: null,
  mark: "partly",
  cases: [],
  decidesNothing: {
    en: "A PTR record names an address; it does not change which address is seen.",
    zh: "PTR 记录只为地址命名，不改变目的端看到的地址。",
  },
} as const satisfies Rule;

export const mailRules: readonly Rule[] = [
  port25Blocked,
  someProjectsExempt,
  submissionPortsFree,
  port25Inside,
  neverPromisePort25,
  ptr,
];
