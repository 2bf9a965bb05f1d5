import type { Problem, Text } from "@seenas/core";

const problem = (code: string, text: Text, fix: Text, file: string | null = null): Problem => ({
  level: "error",
  code: `logs/${code}`,
  file,
  line: null,
  text,
  fix,
});

export const noStore = (): Problem =>
  problem(
    "store",
    { en: "expected --store, found none", zh: "缺少 --store" },
    {
      en: "name a folder for the logs (it is made when it is not there): --store ./logs",
      zh: "请指定存放日志的文件夹（不存在时自动创建）：--store ./logs",
    },
  );

export const noSuchStore = (where: string): Problem =>
  problem(
    "no-such-store",
    { en: "there is no log store", zh: "此处没有日志存储" },
    {
      en: `fill it first: seenas logs ingest FILE… --store ${where}`,
      zh: `请先导入：seenas logs ingest 文件… --store ${where}`,
    },
    where,
  );

export const expected = (flag: string, what: Text, found: string, example: string): Problem =>
  problem(
    flag,
    {
      en: `expected ${what.en} after ${flag}, found ${JSON.stringify(found)}`,
      zh: `${flag} 之后应为${what.zh}，实为 ${JSON.stringify(found)}`,
    },
    { en: `for example: ${example}`, zh: `例如：${example}` },
  );

export const missing = (flag: string, example: string): Problem =>
  problem(
    flag,
    { en: `expected ${flag}, found none`, zh: `缺少 ${flag}` },
    { en: `for example: ${example}`, zh: `例如：${example}` },
  );

/** Why a store behind a network could not keep or answer; null: it is no failure of a store. */
export const failureOf = (error: unknown): Problem | null =>
  error instanceof Error && error.name === "StoreFailure" && "problem" in error ? (error.problem as Problem) : null;

export const noResult = (file: string): Problem =>
  problem(
    "no-result",
    { en: "expected a result in CSV or JSON", zh: "应为 CSV 或 JSON 格式的查询结果" },
    {
      en: "run what `seenas logs sql` prints, and export the result as it is",
      zh: "请执行 seenas logs sql 打印的查询，并原样导出结果",
    },
    file,
  );

export const mixedResult = (file: string): Problem =>
  problem(
    "mixed-result",
    { en: "the rows answer different questions", zh: "其中的行回答的是不同的查询" },
    { en: "give one result at a time", zh: "请每次只给出一个结果" },
    file,
  );

export const unknownName = (name: string): Problem =>
  problem(
    "name",
    { en: `no address is known for the name ${name}`, zh: `名称 ${name} 没有已知地址` },
    { en: "logs hold addresses: give the address itself", zh: "日志中是地址：请直接给出地址" },
  );

export const cannotRead = (file: string, reason: string): Problem =>
  problem(
    "unreadable",
    { en: `it cannot be read: ${reason}`, zh: `无法读取：${reason}` },
    {
      en: "what was read before it is in the store; run the same command again once it can be read",
      zh: "之前读取的内容已在存储中；可读取后请再次运行同一命令",
    },
    file,
  );

export const diskFull = (where: string): Problem =>
  problem(
    "disk-full",
    { en: "the disk is full", zh: "磁盘已满" },
    {
      en: "what was told as kept is kept; make room and run the same command again: no row is counted twice",
      zh: "已确认保存的内容不会丢失；请腾出空间后再次运行同一命令：任何记录都不会重复计数",
    },
    where,
  );

export const missingPart = (where: string, parts: readonly string[]): Problem => ({
  ...problem(
    "partial",
    {
      en: `parts of the store could not be asked: ${parts.join(", ")}`,
      zh: `存储的部分内容无法查询：${parts.join("、")}`,
    },
    { en: "there may be more in it than is told here", zh: "其中可能还有此处未列出的内容" },
    where,
  ),
  level: "warning",
});
