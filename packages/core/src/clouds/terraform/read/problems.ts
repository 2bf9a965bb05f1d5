import type { Origin, Problem } from "../../../problem.ts";
import type { Instance } from "./instance.ts";

const SHOW = {
  en: "save the plan (terraform plan -out=FILE) and run: terraform show -json FILE; for a state: terraform show -json",
  zh: "请保存计划（terraform plan -out=FILE）后运行：terraform show -json FILE；状态请用：terraform show -json",
} as const;

export const unknownFormat = (origin: Origin, found: string): Problem => ({
  level: "error",
  code: "terraform/unknown-format",
  file: origin.file,
  line: origin.line,
  text: {
    en: `expected Terraform JSON of format_version 0.1 to 1.x or a state of version 4, found ${found}; it was not read`,
    zh: `应为 format_version 0.1 至 1.x 的 Terraform JSON 或版本 4 的状态，实为 ${found}；未读取`,
  },
  fix: {
    en: "write it with a Terraform whose JSON is format_version 1.x, or use a newer seenas",
    zh: "请用输出 format_version 1.x 的 Terraform 生成，或使用更新的 seenas",
  },
});

export const isLog = (origin: Origin): Problem => ({
  level: "error",
  code: "terraform/log-not-plan",
  file: origin.file,
  line: origin.line,
  text: {
    en: "expected a plan or a state, found the log of terraform plan -json, which holds no addresses",
    zh: "应为计划或状态，实为 terraform plan -json 的日志，其中没有地址",
  },
  fix: SHOW,
});

export const planFailed = (origin: Origin): Problem => ({
  level: "error",
  code: "terraform/plan-errored",
  file: origin.file,
  line: origin.line,
  text: {
    en: "Terraform failed while it made this plan, so it holds only a part of what is planned",
    zh: "Terraform 生成该计划时出错，因此其中只有部分规划内容",
  },
  fix: { en: "mend what terraform plan reports and plan again", zh: "请先解决 terraform plan 报告的错误，再重新规划" },
});

export const planPartial = (origin: Origin): Problem => ({
  level: "warning",
  code: "terraform/plan-partial",
  file: origin.file,
  line: origin.line,
  text: {
    en: "the plan does not cover the whole configuration (it was narrowed with -target, or changes are deferred)",
    zh: "该计划未覆盖全部配置（使用了 -target，或有延后的变更）",
  },
  fix: { en: "plan without -target for the whole answer", zh: "如需完整答案，请不带 -target 重新规划" },
});

export const damagedInstance = (origin: Origin, address: string, found: string): Problem => ({
  level: "error",
  code: "terraform/unreadable-resource",
  file: origin.file,
  line: origin.line,
  text: {
    en: `expected a resource with an address, a type and values, found ${found} at ${address}; it was left out`,
    zh: `应为带地址、类型和值的资源，${address} 处实为 ${found}；已略去`,
  },
  fix: SHOW,
});

export const unknownSchema = ({ address, type, schemaVersion, origin }: Instance, member: string): Problem => ({
  level: "error",
  code: "terraform/unknown-schema",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${address} (schema version ${schemaVersion ?? "?"}) has no ${member}, which every known ${type} has; it was left out`,
    zh: `${address}（架构版本 ${schemaVersion ?? "?"}）没有 ${member}，而已知的 ${type} 都有；已略去`,
  },
  fix: {
    en: "this version of the provider is not known: use a newer seenas, or give the cloud's own export",
    zh: "不认识该提供程序版本：请使用更新的 seenas，或提供云平台自己的导出",
  },
});

/** One a type, however many there are. */
export const notTranslated = (type: string, instances: readonly Instance[]): Problem => {
  const [first] = instances;
  const which = `${first?.address ?? type}${instances.length > 1 ? ` +${instances.length - 1}` : ""}`;
  return {
    level: "warning",
    code: "terraform/not-translated",
    file: first?.origin.file ?? null,
    line: first?.origin.line ?? null,
    text: {
      en: `${which}: resources of type ${type} may change what a destination sees and are not read`,
      zh: `${which}：类型 ${type} 的资源可能影响目的端看到的地址，但未被读取`,
    },
    fix: {
      en: "give the cloud's own export of them beside this file, or take the answer without them",
      zh: "请在该文件之外提供这些资源的云平台导出，或接受不含它们的答案",
    },
  };
};

export const foreignProvider = (provider: string, instances: readonly Instance[]): Problem => {
  const [first] = instances;
  return {
    level: "warning",
    code: "terraform/unknown-provider",
    file: first?.origin.file ?? null,
    line: first?.origin.line ?? null,
    text: {
      en: `${instances.length} resources of provider ${provider} were not read, for example ${first?.address ?? ""}`,
      zh: `提供程序 ${provider} 的 ${instances.length} 个资源未读取，例如 ${first?.address ?? ""}`,
    },
    fix: {
      en: "only hashicorp/google, google-beta, azurerm and aws are read; give the cloud's own export for the rest",
      zh: "只读取 hashicorp/google、google-beta、azurerm 和 aws；其余请提供云平台自己的导出",
    },
  };
};

export const sensitiveLeftOut = (instances: readonly Instance[]): Problem => {
  const [first] = instances;
  const more = instances.length > 1 ? ` +${instances.length - 1}` : "";
  return {
    level: "warning",
    code: "terraform/sensitive",
    file: first?.origin.file ?? null,
    line: first?.origin.line ?? null,
    text: {
      en: `${first?.address ?? ""}${more}: values that decide about addresses are marked sensitive and were not read`,
      zh: `${first?.address ?? ""}${more}：决定地址的值被标为敏感，未读取`,
    },
    fix: {
      en: "addresses are no secrets: take the sensitive mark off the variable they come from",
      zh: "地址并非机密：请去掉其来源变量的敏感标记",
    },
  };
};

export const parentElsewhere = ({ address, origin }: Instance, parent: string): Problem => ({
  level: "error",
  code: "terraform/parent-elsewhere",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${address} belongs to ${parent}, which is not in the file, so what it serves is not known; it was left out`,
    zh: `${address} 属于 ${parent}，后者不在文件中，无法得知其服务范围；已略去`,
  },
  fix: {
    en: "give the state that holds it as well, or the cloud's own export",
    zh: "请同时提供包含它的状态，或云平台自己的导出",
  },
});

export const undecidedMember = ({ address, origin }: Instance, member: string): Problem => ({
  level: "error",
  code: "terraform/known-after-apply",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${address}: ${member} is known only after the plan is applied, so the resource could not be placed`,
    zh: `${address}：${member} 要在计划应用后才能得知，因此无法确定该资源的位置`,
  },
  fix: {
    en: "apply the plan in steps, or ask again with the state once it is applied",
    zh: "请分步应用计划，或在应用后用状态再次查询",
  },
});

/** The same resource in a cloud's export and in a Terraform file, or in two Terraform files. */
export const givenTwice = (
  first: Instance,
  count: number,
  other: "export" | "terraform",
  level: Problem["level"],
): Problem => {
  const more = count > 1 ? ` +${count - 1}` : "";
  const where =
    other === "export"
      ? { en: "a cloud's own export", zh: "云平台导出" }
      : { en: "another Terraform file", zh: "另一个 Terraform 文件" };
  return {
    level,
    code: "terraform/given-twice",
    file: first.origin.file,
    line: first.origin.line,
    text: {
      en: `${first.address}${more}: the same resources are also in ${where.en}, whose copy counts`,
      zh: `${first.address}${more}：相同资源也在${where.zh}中，以其副本为准`,
    },
    fix: {
      en: "give one of the two; to compare a plan with what is: seenas diff --before EXPORT --after plan.json",
      zh: "请只提供其一；如需把计划与现状比较：seenas diff --before EXPORT --after plan.json",
    },
  };
};

export const peerElsewhere = ({ address, origin }: Instance): Problem => ({
  level: "error",
  code: "terraform/peer-elsewhere",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${address} leads to a network that is not in the file, so which destinations it takes is not known`,
    zh: `${address} 通向不在文件中的网络，无法得知它承载哪些目的地`,
  },
  fix: {
    en: "give the state that holds the other network as well, or the cloud's own export",
    zh: "请同时提供包含对端网络的状态，或云平台自己的导出",
  },
});

export const routesElsewhere = ({ address, origin }: Instance): Problem => ({
  level: "error",
  code: "terraform/learned-routes",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${address} takes routes that a gateway learns while it runs; Terraform does not hold them`,
    zh: `${address} 使用网关在运行时学到的路由；Terraform 中没有这些路由`,
  },
  fix: {
    en: "give the cloud's own export of the route tables beside this file",
    zh: "请同时提供云平台导出的路由表",
  },
});

/** Terraform's JSON names the resource that an expression reads, and not which instance of it. */
export const pairedByKey = (instances: readonly Instance[]): Problem => {
  const [first] = instances;
  const more = instances.length > 1 ? ` +${instances.length - 1}` : "";
  return {
    level: "warning",
    code: "terraform/paired-by-key",
    file: first?.origin.file ?? null,
    line: first?.origin.line ?? null,
    text: {
      en: `${first?.address ?? ""}${more}: a reference known only after apply was taken to lead to the instance with the same count or for_each key`,
      zh: `${first?.address ?? ""}${more}：应用后才能得知的引用按相同的 count 或 for_each 键对应到实例`,
    },
    fix: {
      en: "nothing to do where the configuration chains count.index or each.key; else ask again once the plan is applied",
      zh: "若配置以 count.index 或 each.key 串联则无需处理；否则请在应用后再次查询",
    },
  };
};
