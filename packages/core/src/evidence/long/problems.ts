import type { Problem } from "../../problem.ts";

/** What was not read of a log, because it holds more different clients than anybody can be told of. */
export const leftOut = (file: string, lines: number, total: number): Problem => ({
  level: "error",
  code: "evidence/too-many",
  file,
  line: null,
  text: {
    en: `of ${total} lines, ${lines} tell of further clients and were left out, so sources are missing`,
    zh: `共 ${total} 行，其中 ${lines} 行涉及更多的客户端而未读取，因此缺少源地址`,
  },
  fix: {
    en: "cut it by time, or to the lines of this flow (grep), and give that part",
    zh: "请按时间截取，或只保留本流量的行（grep），再提供该部分",
  },
});

export const inParts = (file: string): Problem => ({
  level: "warning",
  code: "evidence/in-parts",
  file,
  line: null,
  text: {
    en: "read in parts: everything was looked at, but how many records are said to tell the same counts one part alone",
    zh: "分段读取：全部内容均已查看，但“共几条记录”只计一段之内",
  },
  fix: {
    en: "for exact numbers cut it to the time in question",
    zh: "如需准确数目，请截取相关时间段",
  },
});
