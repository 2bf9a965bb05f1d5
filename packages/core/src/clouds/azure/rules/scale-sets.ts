import type { Rule } from "../../../model/rule.ts";

// Scale sets.

export const instancePublicIps = {
  id: "azure/scale-set/instance-public-ips",
  ref: "R-8.14",
  says: {
    en: "Where the profile gives every instance a public IP, each has one of its own: only the instances' own export shows which.",
    zh: "若配置文件为每个实例分配公网 IP，则各实例各有一个：只有实例自身的导出才显示是哪个。",
  },
  source: "https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-networking",
  pageDate: null,
  mark: "read",
  cases: ["azure/scale-set-public-ips", "azure/scale-set-instance-addresses"],
} as const satisfies Rule;
