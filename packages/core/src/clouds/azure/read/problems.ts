import type { Origin, Problem } from "../../../problem.ts";
import type { Resource } from "./resource.ts";

const at = ({ file, line }: Origin): string => (line === null ? file : `${file}:${line}`);

export const unreadableResource = (
  { name, id, origin }: Resource,
  { path, expected, found }: { readonly path: string; readonly expected: string; readonly found: string },
): Problem => ({
  level: "error",
  code: "azure/unreadable-resource",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${name} (${id}): expected ${expected} at ${path || "its members"}, found ${found}; it counts as not exported`,
    zh: `${name}（${id}）：${path || "成员"} 处应为 ${expected}，实为 ${found}；该资源按未导出处理`,
  },
  fix: {
    en: "export it again in full, without --query, with -o json",
    zh: "请用 -o json 重新完整导出，不要使用 --query",
  },
});

export const givenTwice = (last: Resource, first: Resource): Problem => ({
  level: "warning",
  code: "azure/given-twice",
  file: last.origin.file,
  line: last.origin.line,
  text: {
    en: `${last.name} (${last.id}) is given twice and differs: ${at(first.origin)} and ${at(last.origin)}; the one given last counts, since exports are usually read oldest first`,
    zh: `${last.name}（${last.id}）给出了两次且内容不同：${at(first.origin)} 和 ${at(last.origin)}；以最后给出的为准，因为导出通常按从旧到新读取`,
  },
  fix: { en: "leave out the older export", zh: "请去掉较旧的导出" },
});

export const cutList = (origin: Origin): Problem => ({
  level: "warning",
  code: "azure/list-goes-on",
  file: origin.file,
  line: origin.line,
  text: {
    en: "expected a whole list, found one page of it: the list names a next page",
    zh: "应为完整列表，实为其中一页：列表还有下一页",
  },
  fix: {
    en: "export all pages (az graph query: repeat with --skip-token; REST: follow nextLink)",
    zh: "请导出所有页（az graph query：用 --skip-token 继续；REST：跟随 nextLink）",
  },
});

export const noId = (type: string, origin: Origin): Problem => ({
  level: "error",
  code: "azure/no-id",
  file: origin.file,
  line: origin.line,
  text: {
    en: `expected a resource id in a ${type}, found none; it counts as not exported`,
    zh: `${type} 中应有资源 ID，实际没有；该资源按未导出处理`,
  },
  fix: { en: "export it again in full, without --query", zh: "请重新完整导出，不要使用 --query" },
});

export const partOfOther = (child: string, parent: string, origin: Origin): Problem => ({
  level: "error",
  code: "azure/part-of-other",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${child} stands inside ${parent}, but its id says that it belongs to another resource`,
    zh: `${child} 位于 ${parent} 之内，但其 ID 表明它属于另一个资源`,
  },
  fix: {
    en: "export it again; if ids were replaced to hide them, replace each the same way everywhere",
    zh: "请重新导出；若为保密替换过 ID，请在所有位置以相同方式替换",
  },
});

export const unreadableRoute = (origin: Origin, path: string, found: string): Problem => ({
  level: "error",
  code: "azure/unreadable-effective-route",
  file: origin.file,
  line: origin.line,
  text: {
    en: `an effective route could not be read: ${path || "its members"} is ${found}; another route may apply than the ones read`,
    zh: `有一条有效路由无法读取：${path || "成员"} 为 ${found}；实际生效的可能不是已读取的路由`,
  },
  fix: {
    en: "export again: az network nic show-effective-route-table -g RG -n NIC -o json",
    zh: "请重新导出：az network nic show-effective-route-table -g RG -n NIC -o json",
  },
});

export const unplacedRoutes = (origin: Origin, candidates: number): Problem => ({
  level: "warning",
  code: "azure/effective-routes-of-nobody",
  file: origin.file,
  line: origin.line,
  text: {
    en: `effective routes do not name their NIC, and ${candidates} NICs fit this table; it was not used`,
    zh: `有效路由不写明所属网卡，而有 ${candidates} 块网卡与该表相符；该表未被使用`,
  },
  fix: {
    en: "put the NIC's name into the file's name: NIC-routes.json",
    zh: "请把网卡名写进文件名：网卡名-routes.json",
  },
});

export const missingNic = (vm: Resource, nic: string, command: string | null): Problem => ({
  level: "error",
  code: "azure/nic-not-exported",
  file: vm.origin.file,
  line: vm.origin.line,
  text: {
    en: `${vm.name} has a NIC ${nic} that is not in the export; nothing is known of what leaves by it`,
    zh: `${vm.name} 有一块网卡 ${nic} 不在导出中；从它发出的流量一无所知`,
  },
  fix: { en: `export it: ${command ?? nic}`, zh: `请导出：${command ?? nic}` },
});
