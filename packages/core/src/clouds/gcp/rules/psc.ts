import type { Rule } from "../../../model/rule.ts";

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

export const pscRules: readonly Rule[] = [serviceSeesNatSubnet];
