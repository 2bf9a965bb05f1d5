import type { Problem, Text } from "../problem.ts";

/** Of a file as a whole, or, without one, of what was given. */
export const fileProblem = (
  level: Problem["level"],
  code: string,
  file: string | null,
  text: Text,
  fix: Text,
): Problem => ({ level, code: `files/${code}`, file, line: null, text, fix });

const AS_TEXT: Text = {
  en: "give the text itself: the export, the log, what the tool printed",
  zh: "请提供文本本身：导出文件、日志或工具打印的内容",
};

export const tooLarge = (file: string, limitBytes: number): Problem =>
  fileProblem(
    "error",
    "too-large",
    file,
    {
      en: `larger than ${Math.round(limitBytes / 1_000_000)} MB, or without end; nothing of it was read`,
      zh: `超过 ${Math.round(limitBytes / 1_000_000)} MB 或没有结尾；未读取任何内容`,
    },
    {
      en: "split it, or export less: one project, one resource type a file",
      zh: "请拆分文件或缩小导出范围：每个文件一个项目、一种资源",
    },
  );

export const notInParts = (file: string): Problem =>
  fileProblem(
    "error",
    "not-in-parts",
    file,
    {
      en: "it began as a log and went on as something that can only be read as a whole; nothing of it was used",
      zh: "开头是日志，之后的内容只能整体读取；未使用其中任何内容",
    },
    { en: "give it as a file instead of a pipe", zh: "请以文件而非管道提供" },
  );

/** @param what in both languages: "a gzip archive" */
export const packed = (file: string, what: Text, command: string): Problem =>
  fileProblem(
    "error",
    "packed",
    file,
    { en: `it is ${what.en}, which is not read`, zh: `这是${what.zh}，不能直接读取` },
    { en: `unpack it first: ${command}`, zh: `请先解包：${command}` },
  );

/** @param what in both languages: "a picture" */
export const notText = (file: string, what: Text): Problem =>
  fileProblem(
    "error",
    "not-text",
    file,
    { en: `it is ${what.en}; nothing of it was read`, zh: `这是${what.zh}；未读取` },
    AS_TEXT,
  );

export const binary = (file: string): Problem =>
  fileProblem("error", "binary", file, { en: "binary data, not text", zh: "这是二进制数据，不是文本" }, AS_TEXT);

export const notUtf8 = (file: string, readAs: Text): Problem =>
  fileProblem(
    "warning",
    "encoding",
    file,
    { en: `not UTF-8; read as ${readAs.en}`, zh: `不是 UTF-8；按${readAs.zh}读取` },
    { en: "save it as UTF-8 if names look wrong", zh: "若名称显示有误，请另存为 UTF-8" },
  );

export const cutCharacter = (file: string): Problem =>
  fileProblem(
    "warning",
    "cut-character",
    file,
    { en: "it ends inside a character: it was cut short", zh: "文件在一个字符中间结束：已被截断" },
    { en: "copy or export it again", zh: "请重新复制或导出" },
  );
