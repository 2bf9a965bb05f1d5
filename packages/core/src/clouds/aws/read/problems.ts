import type { Origin, Problem } from "../../../problem.ts";
import type { Found } from "./inventory.ts";

const at = ({ file, line }: Origin): string => (line === null ? file : `${file}:${line}`);

const FULL = {
  en: "export it again in full, without --query, with --output json",
  zh: "请用 --output json 重新完整导出，不要使用 --query",
} as const;

export const unreadableResource = (
  id: string,
  origin: Origin,
  { path, expected, found }: { readonly path: string; readonly expected: string; readonly found: string },
): Problem => ({
  level: "error",
  code: "aws/unreadable-resource",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${id}: expected ${expected} at ${path || "its members"}, found ${found}; it counts as not exported`,
    zh: `${id}：${path || "成员"} 处应为 ${expected}，实为 ${found}；该资源按未导出处理`,
  },
  fix: FULL,
});

export const givenTwice = (last: Found<unknown>, first: Found<unknown>): Problem => ({
  level: "warning",
  code: "aws/given-twice",
  file: last.origin.file,
  line: last.origin.line,
  text: {
    en: `${last.id} is given twice and differs: ${at(first.origin)} and ${at(last.origin)}; the one given last counts, since exports are usually read oldest first`,
    zh: `${last.id} 给出了两次且内容不同：${at(first.origin)} 和 ${at(last.origin)}；以最后给出的为准，因为导出通常按从旧到新读取`,
  },
  fix: { en: "leave out the older export", zh: "请去掉较旧的导出" },
});

export const listGoesOn = (list: string, origin: Origin): Problem => ({
  level: "error",
  code: "aws/list-goes-on",
  file: origin.file,
  line: origin.line,
  text: {
    en: `expected all of ${list}, found a part: the answer says that more follow`,
    zh: `${list} 应为全部内容，实为一部分：结果表明后面还有`,
  },
  fix: {
    en: "run the command again without --max-items and --no-paginate; for search-transit-gateway-routes narrow the filters and pass several files",
    zh: "请去掉 --max-items 和 --no-paginate 重新运行；search-transit-gateway-routes 请缩小筛选条件并传入多个文件",
  },
});

/** Entries of a prefix list, routes of a transit gateway: the answer does not say of which. */
export const ofNobody = (what: { readonly en: string; readonly zh: string }, id: string, origin: Origin): Problem => ({
  level: "error",
  code: "aws/part-of-nobody",
  file: origin.file,
  line: origin.line,
  text: {
    en: `${what.en} do not say what they belong to, and neither does the file's name; they were not used`,
    zh: `${what.zh}没有写明所属资源，文件名也没有；未使用`,
  },
  fix: { en: `put the id into the file's name: ${id}.json`, zh: `请把 ID 写进文件名：${id}.json` },
});

export const exportsDisagree = (id: string, one: Origin, other: Origin): Problem => ({
  level: "error",
  code: "aws/exports-disagree",
  file: one.file,
  line: one.line,
  text: {
    en: `the public addresses of ${id} differ between ${at(one)} and ${at(other)}: they were not exported at the same time; ${at(one)} counts`,
    zh: `${id} 的公网地址在 ${at(one)} 和 ${at(other)} 中不同：两者不是同一时间导出的；以 ${at(one)} 为准`,
  },
  fix: { en: "export both again", zh: "请重新导出两者" },
});
