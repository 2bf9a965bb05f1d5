import type * as v from "valibot";
import type { Origin, Problem } from "../../../problem.ts";
import type { Found } from "./found.ts";
import type { Item } from "./unwrap.ts";

const place = ({ file, line }: Origin): string => (line === null ? file : `${file}:${line}`);

export function damagedResource(item: Item, issue: v.BaseIssue<unknown>): Problem {
  const path = jsonPath(issue);
  const name = typeof item.value["name"] === "string" ? ` ${item.value["name"]}` : "";
  const expected = issue.expected ?? "another type";
  return {
    level: "error",
    code: "gcp/wrong-type",
    file: item.origin.file,
    line: item.origin.line,
    text: {
      en: `${item.kind}${name}: expected ${expected} at ${path}, found ${issue.received}; it is not used`,
      zh: `${item.kind}${name}：${path} 处应为 ${expected}，实为 ${issue.received}；该资源未被使用`,
    },
    fix: {
      en: "export it again with --format=json and pass the file as it is",
      zh: "请用 --format=json 重新导出，并原样传入文件",
    },
  };
}

export const missingMember = (item: Item, member: string): Problem => ({
  level: "error",
  code: "gcp/missing-member",
  file: item.origin.file,
  line: item.origin.line,
  text: {
    en: `expected ${member} in this ${item.kind}, found none; it is not used`,
    zh: `此 ${item.kind} 中应有 ${member}，实际没有；该资源未被使用`,
  },
  fix: {
    en: "export it again with --format=json, without selecting members",
    zh: "请用 --format=json 重新导出，不要只选择部分字段",
  },
});

/** `networkInterfaces[0].networkIP` */
function jsonPath(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  return keys.join("").replace(/^\./, "") || "the top";
}

export function differingCopies(winner: Found<unknown>, loser: Found<unknown>, why: "newer" | "last"): Problem {
  const reason =
    why === "newer"
      ? { en: "the asset inventory saw it later", zh: "资产清单中的更新时间较晚" }
      : { en: "it was given last", zh: "它是最后给出的" };
  return {
    level: "warning",
    code: "gcp/differing-copies",
    file: winner.origin.file,
    line: winner.origin.line,
    text: {
      en: `${winner.path} stands twice with different content, at ${place(loser.origin)} and ${place(winner.origin)}; the one at ${place(winner.origin)} is used because ${reason.en}`,
      zh: `${winner.path} 出现两次且内容不同，分别在 ${place(loser.origin)} 和 ${place(winner.origin)}；采用 ${place(winner.origin)} 处的内容，因为${reason.zh}`,
    },
    fix: { en: "pass only the newest export", zh: "请只传入最新的导出" },
  };
}

export const listOfUnknownProject = (origin: Origin, projects: readonly string[]): Problem => ({
  level: "warning",
  code: "gcp/empty-list-of-unknown-project",
  file: origin.file,
  line: origin.line,
  text: {
    en: `an empty list does not say of which project it is (${projects.slice(0, 5).join(", ")}); it is not used`,
    zh: `空列表没有说明属于哪个项目（${projects.slice(0, 5).join("、")}）；未被使用`,
  },
  fix: {
    en: "put the files of each project into a folder named after it, for example host-project/routers.json",
    zh: "请把每个项目的文件放入以项目命名的文件夹，例如 host-project/routers.json",
  },
});

export const noInterfaces = (name: string, origin: Origin): Problem => ({
  level: "warning",
  code: "gcp/no-interfaces",
  file: origin.file,
  line: origin.line,
  text: {
    en: `instance ${name || "without a name"}: expected a name and at least one entry in networkInterfaces; it is left out`,
    zh: `实例 ${name || "（无名称）"}：应有名称且 networkInterfaces 至少一项；已略过`,
  },
  fix: {
    en: "export it with: gcloud compute instances list --format=json",
    zh: "请用以下命令导出：gcloud compute instances list --format=json",
  },
});

export const notAnAddress = (what: string, found: string, origin: Origin): Problem => ({
  level: "error",
  code: "gcp/not-an-address",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${what}: expected an address or range, found ${JSON.stringify(found)}; it is not used`,
    zh: `${what}：应为地址或地址段，实为 ${JSON.stringify(found)}；未被使用`,
  },
  fix: { en: "export it again with --format=json", zh: "请用 --format=json 重新导出" },
});

export const unmatchedStatus = (origin: Origin): Problem => ({
  level: "warning",
  code: "gcp/status-of-unknown-router",
  file: origin.file,
  line: origin.line,
  text: {
    en: "this router status fits several routers of the export, or none, by network, NAT and peer names; it is not used",
    zh: "按网络、NAT 和对等端名称，此路由器状态与导出中的多个路由器或没有路由器相符；未被使用",
  },
  fix: {
    en: "name the file after its router, for example ROUTER-status.json, and export the routers too",
    zh: "请以路由器命名文件，例如 ROUTER-status.json，并同时导出路由器",
  },
});

export const tooFewNatAddresses = (gateway: string, missing: number, origin: Origin): Problem => ({
  level: "warning",
  code: "gcp/too-few-nat-addresses",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${gateway} lacks ${missing} addresses: new VMs get none, and their connections fail`,
    zh: `${gateway} 缺少 ${missing} 个地址：新的虚拟机分配不到，连接会失败`,
  },
  fix: { en: "add addresses to the gateway", zh: "请为该网关增加地址" },
});

export const natWithoutRouter = (origin: Origin): Problem => ({
  level: "warning",
  code: "gcp/nat-without-router",
  file: origin.file,
  line: origin.line,
  text: {
    en: "a NAT by itself does not name its network, region and router; it is not used",
    zh: "单独的 NAT 没有说明所属的网络、区域和路由器；未被使用",
  },
  fix: {
    en: "export the whole routers: gcloud compute routers list --format=json",
    zh: "请导出完整的路由器：gcloud compute routers list --format=json",
  },
});

export const twoGateways = (names: readonly string[], origin: Origin | null): Problem => ({
  level: "warning",
  code: "gcp/two-gateways-for-one-range",
  file: origin?.file ?? null,
  line: origin?.line ?? null,
  text: {
    en: `${names.join(" and ")} both cover the same range, which Google Cloud does not allow: the export contradicts itself`,
    zh: `${names.join(" 与 ")} 覆盖同一范围，而 Google Cloud 不允许这样：导出自相矛盾`,
  },
  fix: {
    en: "export the routers again: gcloud compute routers list --format=json",
    zh: "请重新导出路由器：gcloud compute routers list --format=json",
  },
});

export const unreadPolicies = (origin: Origin): Problem => ({
  level: "warning",
  code: "gcp/firewall-policies-not-read",
  file: origin.file,
  line: origin.line,
  text: {
    en: "a firewall policy named here cannot be evaluated: its rules are not shown, or nothing says for which networks it is; if it denies egress, it blocks what is predicted",
    zh: "此处提到的防火墙政策无法评估：未给出其规则，或无从得知它适用于哪些网络；若它拒绝出站，此处预测的流量会被拦截",
  },
  fix: {
    en: "export what is in effect as well: gcloud compute networks get-effective-firewalls NETWORK --format=json",
    zh: "请同时导出实际生效的规则：gcloud compute networks get-effective-firewalls 网络 --format=json",
  },
});

/** They come in a form that was not told for one in time: nothing may rest on their absence. */
export const unreadEndpoints = (origin: Origin): Problem => ({
  level: "error",
  code: "gcp/unread-endpoints",
  file: origin.file,
  line: origin.line,
  text: { en: "the forwarding rules here were not used", zh: "此处的转发规则未被使用" },
  fix: {
    en: "export them with: gcloud compute forwarding-rules list --format=json",
    zh: "请用以下命令导出：gcloud compute forwarding-rules list --format=json",
  },
});
