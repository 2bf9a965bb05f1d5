import type { Rule } from "../../../model/rule.ts";

// Pods of EKS.

export const nodeTranslates = {
  id: "aws/eks/node-translates",
  ref: "E1",
  says: {
    en: "By default what a Pod sends outside the VPC leaves with the primary address of its node's first interface.",
    zh: "默认情况下，Pod 发往 VPC 之外的流量以节点首个接口的主要地址离开。",
  },
  source: "https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html",
  pageDate: null,
  mark: "read",
  cases: [
    "aws/AW22",
    "aws/AW24",
    "aws/AW22-peer",
    "aws/AW22-untold",
    "aws/eks-tagged-interface",
    "aws/eks-instance-unseen",
  ],
} as const satisfies Rule;

export const externalSnat = {
  id: "aws/eks/external-snat",
  ref: "E2",
  says: {
    en: "With AWS_VPC_K8S_CNI_EXTERNALSNAT=true the node does not translate: the Pod's address meets the table of its own interface's subnet.",
    zh: "设置 AWS_VPC_K8S_CNI_EXTERNALSNAT=true 时节点不转换：Pod 地址按其接口所在子网的路由表转发。",
  },
  source: "https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html",
  pageDate: null,
  mark: "read",
  cases: ["aws/AW23", "aws/AW24-external", "aws/AW23-peer"],
} as const satisfies Rule;

export const excludedRanges = {
  id: "aws/eks/excluded-ranges",
  ref: "E3",
  says: {
    en: "Destinations in AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS see the Pod's own address.",
    zh: "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS 中的目的地看到 Pod 自己的地址。",
  },
  source: "https://github.com/aws/amazon-vpc-cni-k8s",
  pageDate: null,
  mark: "read",
  cases: ["aws/eks-excluded"],
} as const satisfies Rule;
