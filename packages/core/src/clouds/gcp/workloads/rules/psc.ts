import type { Rule } from "../../../../model/rule.ts";

export const serviceSeesNatSubnet = {
  id: "gcp/psc/service-sees-nat-subnet",
  ref: "SUB-1",
  says: {
    en: "Behind a Private Service Connect endpoint the service sees an address of the NAT subnets of its service attachment.",
    zh: "在 Private Service Connect 端点之后，服务看到的是其服务附件 NAT 子网中的地址。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/about-vpc-hosted-services",
  pageDate: "2026-04",
  mark: "read",
  cases: ["gcp/T48", "gcp/T48-no-producer"],
} as const satisfies Rule;

export const connectionAccepted = {
  id: "gcp/psc/connection-accepted",
  ref: "SUB-1",
  says: {
    en: "An endpoint carries traffic once the producer has accepted its connection: not while it is pending, rejected or closed, or needs attention.",
    zh: "提供方接受连接之后端点才能承载流量：待处理、被拒绝、已关闭或需要关注时都不行。",
  },
  source: "https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto",
  pageDate: "2026-08",
  mark: "read",
  cases: ["gcp/psc-rejected"],
} as const satisfies Rule;

export const endpointOfOneRegion = {
  id: "gcp/psc/endpoint-of-one-region",
  ref: "SUB-1",
  says: {
    en: "An endpoint is reached from its own region, and from others only with global access.",
    zh: "端点可从自己的区域访问；只有开启全球访问时才能从其他区域访问。",
  },
  source: "https://docs.cloud.google.com/vpc/docs/about-accessing-vpc-hosted-services-endpoints",
  pageDate: "2026-04",
  mark: "partly",
  cases: ["gcp/psc-other-region", "gcp/psc-global-access-not-shown"],
} as const satisfies Rule;

export const pscRules: readonly Rule[] = [serviceSeesNatSubnet, connectionAccepted, endpointOfOneRegion];
