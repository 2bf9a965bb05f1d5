import { fileProblem, type Problem, type Text } from "@seenas/core";

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
  if (known !== undefined) return fileProblem(level, known.code, file, known.text, known.fix);
  return fileProblem(
    level,
    "unreadable",
    file,
    { en: `it cannot be read (${errno})`, zh: `无法读取（${errno}）` },
    CHECK_PATH,
  );
}

export const notAFile = (file: string, level: Problem["level"]): Problem =>
  fileProblem(
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

export const tooManyFiles = (folder: string, limit: number): Problem =>
  fileProblem(
    "error",
    "too-many-files",
    folder,
    { en: `more than ${limit} files; the rest was not read`, zh: `文件超过 ${limit} 个；其余未读取` },
    { en: "name the folder that holds the export", zh: "请指定存放导出文件的文件夹" },
  );

export const emptyFolder = (folder: string): Problem =>
  fileProblem(
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
  fileProblem(
    "warning",
    "loop",
    link,
    { en: "a link to a folder that it stands in; not followed", zh: "该链接指向它所在的文件夹；未跟随" },
    NOTHING_TO_DO,
  );

export const brokenLink = (link: string): Problem =>
  fileProblem(
    "warning",
    "broken-link",
    link,
    { en: "a link that leads nowhere", zh: "链接的目标不存在" },
    NOTHING_TO_DO,
  );
