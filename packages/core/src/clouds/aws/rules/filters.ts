import type { Rule } from "../../../model/rule.ts";

// What keeps a flow from leaving.

export const securityGroups = {
  id: "aws/filter/security-groups",
  ref: "11",
  says: {
    en: "A security group lets out what one of its rules allows; a new one allows everything.",
    zh: "安全组放行其规则允许的出站流量；新建的安全组默认全部放行。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
  pageDate: null,
  mark: "partly",
  cases: ["aws/security-group", "aws/security-group-allows"],
} as const satisfies Rule;

export const networkAcl = {
  id: "aws/filter/network-acl",
  ref: "11",
  says: {
    en: "The network ACL of a subnet denies what its first matching rule denies; the default one allows everything.",
    zh: "子网的网络 ACL 按首个命中的规则放行或拒绝；默认 ACL 全部放行。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
  pageDate: null,
  mark: "partly",
  cases: ["aws/network-acl", "aws/network-acl-allows"],
} as const satisfies Rule;

export const publicAccessBlocked = {
  id: "aws/filter/block-public-access",
  ref: "12",
  says: {
    en: "VPC Block Public Access drops what an internet gateway would carry; its ingress-only mode leaves NAT gateways and egress-only gateways open.",
    zh: "VPC 阻止公有访问会丢弃互联网网关的流量；仅入站模式仍允许 NAT 网关和仅出口网关。",
  },
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/block-public-access", "aws/block-public-access-both", "aws/block-public-access-nat"],
} as const satisfies Rule;

export const port25 = {
  id: "aws/filter/port-25",
  ref: "7",
  says: {
    en: "Port 25 to public addresses is restricted on every instance unless the restriction was removed on request.",
    zh: "所有实例发往公网地址的 25 端口默认受限，除非申请解除。",
  },
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-resource-limits.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW31"],
} as const satisfies Rule;
