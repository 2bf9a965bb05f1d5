import { type Problem, same, type Text } from "../problem.ts";

type Where = { readonly file: string; readonly line: number };

const EXPORT_AGAIN: Text = {
  en: "export it again and let the command finish; in a pipeline, check that the disk is not full",
  zh: "请重新导出并等待命令结束；若经管道写入，请检查磁盘是否已满",
};

const PLAIN_JSON: Text = {
  en: "export it again with --format=json (gcloud) or -o json (az), straight into the file",
  zh: "请用 --format=json（gcloud）或 -o json（az）重新导出，直接写入文件",
};

export const truncated = (where: Where, read: number): Problem => ({
  level: "error",
  code: "json/truncated",
  ...where,
  text: {
    en: `the file ends inside what begins on this line; ${read} complete ${read === 1 ? "element was" : "elements were"} read before it`,
    zh: `文件在此行开始的内容中间结束；此前读取了 ${read} 个完整元素`,
  },
  fix: EXPORT_AGAIN,
});

export const malformed = (where: Where, expected: Text, found: string): Problem => ({
  level: "error",
  code: "json/malformed",
  ...where,
  text: { en: `expected ${expected.en}, found ${quote(found)}`, zh: `应为${expected.zh}，实为 ${quote(found)}` },
  fix: PLAIN_JSON,
});

export const badString = (where: Where): Problem =>
  malformed(
    where,
    { en: "strings without raw control characters or unknown escapes", zh: "字符串中不含控制字符和未知转义" },
    "one",
  );

export const tooDeep = (where: Where): Problem => ({
  level: "error",
  code: "json/too-deep",
  ...where,
  text: { en: "brackets nest more than 200 deep; no export does", zh: "括号嵌套超过 200 层；任何导出都不会如此" },
  fix: PLAIN_JSON,
});

/** After an error nothing on the same line can be told apart any more. */
export const restUnread = (where: Where): Problem => ({
  level: "error",
  code: "json/rest-unread",
  ...where,
  text: {
    en: "what follows this error in the file could not be told apart and was not read",
    zh: "此错误之后的内容无法区分，未读取",
  },
  fix: PLAIN_JSON,
});

export const tooManyErrors = (where: Where, limit: number): Problem => ({
  level: "error",
  code: "json/too-many-errors",
  ...where,
  text: { en: `more than ${limit} errors; the rest was not read`, zh: `错误超过 ${limit} 处；其余部分未读取` },
  fix: PLAIN_JSON,
});

export const skippedText = (where: Where, skipped: string): Problem => ({
  level: "warning",
  code: "json/other-text",
  ...where,
  text: { en: `text that is not JSON was skipped: ${quote(skipped)}`, zh: `已跳过不是 JSON 的文字：${quote(skipped)}` },
  fix: { en: "nothing to do, unless it is the message of a failed command", zh: "无需处理，除非它是命令失败的提示" },
});

export const notJson = (where: Where, found: string): Problem => ({
  level: "error",
  code: "json/not-json",
  ...where,
  text: { en: `expected JSON, found ${describe(found).en}`, zh: `应为 JSON，实为${describe(found).zh}` },
  fix: /^\s*<(?:!doctype|html)/i.test(found)
    ? {
        en: "a web page was saved, often a sign-in page: export with the command line instead",
        zh: "保存的是网页，常为登录页：请改用命令行导出",
      }
    : PLAIN_JSON,
});

function describe(found: string): Text {
  if (found.trim() === "") return { en: "nothing", zh: "空内容" };
  if (/^\s*<(?:!doctype|html)/i.test(found)) return { en: "a web page (HTML)", zh: "网页（HTML）" };
  return same(quote(found));
}

function quote(text: string): string {
  const [line = ""] = text.trim().split(/[\r\n]/, 1);
  return line === "" ? "…" : JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
}
