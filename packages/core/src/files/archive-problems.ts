import type { Problem, Text } from "../problem.ts";

const problem = (code: string, file: string, text: Text, fix: Text): Problem => ({
  level: "error",
  code: `files/${code}`,
  file,
  line: null,
  text,
  fix,
});

const PACK_AGAIN: Text = { en: "copy or pack it again", zh: "请重新复制或打包" };

/** @param member where it ends; null: before the first */
export const archiveCut = (file: string, member: string | null): Problem =>
  problem(
    "archive-cut",
    file,
    {
      en: `the archive is cut short${inside(member).en}; what came before is read`,
      zh: `压缩包不完整${inside(member).zh}；已读取此前的内容`,
    },
    PACK_AGAIN,
  );

export const archiveDamaged = (file: string, member: string | null): Problem =>
  problem(
    "archive-damaged",
    file,
    {
      en: `the archive is damaged, or locked with a password${inside(member).en}; what could be unpacked is read`,
      zh: `压缩包已损坏或设有密码${inside(member).zh}；已读取能够解开的内容`,
    },
    PACK_AGAIN,
  );

const inside = (member: string | null): Text =>
  member === null || member === ""
    ? { en: "", zh: "" }
    : { en: `, in ${JSON.stringify(member)}`, zh: `，位于 ${JSON.stringify(member)}` };

export const archiveTooLarge = (file: string, limitBytes: number): Problem =>
  problem(
    "archive-too-large",
    file,
    {
      en: `it expands to more than ${megabytes(limitBytes)} MB; what came before is read`,
      zh: `解开后超过 ${megabytes(limitBytes)} MB；已读取此前的内容`,
    },
    { en: "pack only the files of the export", zh: "请只打包导出文件" },
  );

const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);

export const archiveTooMany = (file: string, limit: number): Problem =>
  problem(
    "archive-too-many-files",
    file,
    { en: `it holds more than ${limit} files; the rest was not read`, zh: `其中文件超过 ${limit} 个；其余未读取` },
    { en: "pack only the files of the export", zh: "请只打包导出文件" },
  );

export const archiveEmpty = (file: string): Problem =>
  problem(
    "archive-empty",
    file,
    {
      en: "the archive holds no file to read (hidden files and *.md are left out)",
      zh: "压缩包中没有可读取的文件（隐藏文件和 *.md 不读取）",
    },
    {
      en: "pack the folder of the export: tar czf export.tar.gz FOLDER",
      zh: "请打包导出文件夹：tar czf export.tar.gz 文件夹",
    },
  );

/** What `terraform plan -out` writes is a zip that holds, beside the plan, the state before it. */
export const planFile = (file: string): Problem =>
  problem(
    "plan-file",
    file,
    {
      en: "a Terraform plan file, which only Terraform can read",
      zh: "这是 Terraform 计划文件，只有 Terraform 能读取",
    },
    { en: "terraform show -json FILE > plan.json", zh: "terraform show -json 文件 > plan.json" },
  );
