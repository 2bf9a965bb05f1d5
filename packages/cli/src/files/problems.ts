import type { Problem, Text } from "@seenas/core";

const problem = (level: Problem["level"], code: string, file: string, text: Text, fix: Text): Problem => ({
  level,
  code: `files/${code}`,
  file,
  line: null,
  text,
  fix,
});

const CHECK_PATH: Text = { en: "check the path", zh: "请检查路径" };

const NOTHING_TO_DO: Text = { en: "nothing to do if that is intended", zh: "若本意如此，无需处理" };

const UNREADABLE: Readonly<Record<string, { readonly code: string; readonly text: Text; readonly fix: Text }>> = {
  ENOENT: {
    code: "missing",
    text: { en: "there is no such file or folder", zh: "没有这个文件或文件夹" },
    fix: CHECK_PATH,
  },
  ENOTDIR: {
    code: "missing",
    text: { en: "there is no such file or folder", zh: "没有这个文件或文件夹" },
    fix: CHECK_PATH,
  },
  EACCES: {
    code: "no-permission",
    text: { en: "you may not read it", zh: "没有读取权限" },
    fix: { en: "make it readable: chmod u+r, or ask its owner", zh: "请设为可读：chmod u+r，或联系其所有者" },
  },
  ELOOP: {
    code: "loop",
    text: { en: "its links lead in a circle", zh: "链接形成了循环" },
    fix: { en: "remove the link", zh: "请删除该链接" },
  },
};

/** @param errno the system's name of the error, `ENOENT` */
export function unreadable(file: string, errno: string, level: Problem["level"] = "error"): Problem {
  const known = Object.hasOwn(UNREADABLE, errno) ? UNREADABLE[errno] : undefined;
  if (known !== undefined) return problem(level, known.code, file, known.text, known.fix);
  return problem(
    level,
    "unreadable",
    file,
    { en: `it cannot be read (${errno})`, zh: `无法读取（${errno}）` },
    CHECK_PATH,
  );
}

export const notAFile = (file: string, level: Problem["level"]): Problem =>
  problem(
    level,
    "not-a-file",
    file,
    {
      en: "a pipe, socket or device, not a file; it may never end",
      zh: "这是管道、套接字或设备而不是文件，可能永远读不完",
    },
    {
      en: "save its content to a file, or pass it on standard input: … | seenas … -",
      zh: "请将内容存为文件，或经标准输入传入：… | seenas … -",
    },
  );

export const tooLarge = (file: string, limitBytes: number): Problem =>
  problem(
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
  problem(
    "error",
    "not-in-parts",
    file,
    {
      en: "it began as a log and went on as something that can only be read as a whole; nothing of it was used",
      zh: "开头是日志，之后的内容只能整体读取；未使用其中任何内容",
    },
    { en: "give it as a file instead of a pipe", zh: "请以文件而非管道提供" },
  );

export const tooManyFiles = (folder: string, limit: number): Problem =>
  problem(
    "error",
    "too-many-files",
    folder,
    { en: `more than ${limit} files; the rest was not read`, zh: `文件超过 ${limit} 个；其余未读取` },
    { en: "name the folder that holds the export", zh: "请指定存放导出文件的文件夹" },
  );

export const emptyFolder = (folder: string): Problem =>
  problem(
    "error",
    "empty-folder",
    folder,
    {
      en: "the folder holds no file to read (hidden files and *.md are left out)",
      zh: "文件夹中没有可读取的文件（隐藏文件和 *.md 不读取）",
    },
    CHECK_PATH,
  );

export const linkLoop = (link: string): Problem =>
  problem(
    "warning",
    "loop",
    link,
    { en: "a link to a folder that it stands in; not followed", zh: "该链接指向它所在的文件夹；未跟随" },
    NOTHING_TO_DO,
  );

export const brokenLink = (link: string): Problem =>
  problem("warning", "broken-link", link, { en: "a link that leads nowhere", zh: "链接的目标不存在" }, NOTHING_TO_DO);

/** @param what in both languages: "a gzip archive" */
export const packed = (file: string, what: Text, command: string): Problem =>
  problem(
    "error",
    "packed",
    file,
    { en: `it is ${what.en}, which is not read`, zh: `这是${what.zh}，不能直接读取` },
    { en: `unpack it first: ${command}`, zh: `请先解包：${command}` },
  );

export const binary = (file: string): Problem =>
  problem(
    "error",
    "binary",
    file,
    { en: "binary data, not text", zh: "这是二进制数据，不是文本" },
    { en: "give the text that the tool prints", zh: "请提供工具打印的文本" },
  );

export const notUtf8 = (file: string, readAs: Text): Problem =>
  problem(
    "warning",
    "encoding",
    file,
    { en: `not UTF-8; read as ${readAs.en}`, zh: `不是 UTF-8；按${readAs.zh}读取` },
    { en: "save it as UTF-8 if names look wrong", zh: "若名称显示有误，请另存为 UTF-8" },
  );

export const cutCharacter = (file: string): Problem =>
  problem(
    "warning",
    "cut-character",
    file,
    { en: "it ends inside a character: it was cut short", zh: "文件在一个字符中间结束：已被截断" },
    { en: "copy or export it again", zh: "请重新复制或导出" },
  );
