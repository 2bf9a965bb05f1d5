import { fileProblem, type Problem } from "@seenas/core";

export const tooLarge = (file: string, limitBytes: number): Problem =>
  fileProblem(
    "error",
    "too-large",
    file,
    {
      en: `larger than ${Math.round(limitBytes / 1e6)} MB, and no list of resources that could be read piece by piece`,
      zh: `超过 ${Math.round(limitBytes / 1e6)} MB，且不是可以逐段读取的资源列表`,
    },
    {
      en: "split it, or ask the command line: seenas explain --config FILE",
      zh: "请拆分文件，或改用命令行：seenas explain --config 文件",
    },
  );

export const unreadable = (file: string): Problem =>
  fileProblem(
    "error",
    "unreadable",
    file,
    {
      en: "it cannot be read: it changed or was removed while it was read, or the browser may not open it",
      zh: "无法读取：文件在读取时被更改或删除，或浏览器无权打开",
    },
    { en: "wait until it is written to the end and drop it again", zh: "请等文件写完后重新放入" },
  );

export const tooManyFiles = (limit: number): Problem =>
  fileProblem(
    "error",
    "too-many-files",
    null,
    { en: `more than ${limit} files; the rest was not read`, zh: `文件超过 ${limit} 个；其余未读取` },
    { en: "drop the folder that holds the export", zh: "请放入存放导出文件的文件夹" },
  );

export const wrongTarget = (found: string): Problem =>
  fileProblem(
    "error",
    "to",
    null,
    {
      en: `expected ADDRESS, ADDRESS:PORT, [V6]:PORT or HOST:PORT, found ${JSON.stringify(found)}`,
      zh: `应为 地址、地址:端口、[V6]:端口 或 主机:端口，实为 ${JSON.stringify(found)}`,
    },
    {
      en: "for example 198.51.100.25:25, smtp://mail.partner.example",
      zh: "例如 198.51.100.25:25、smtp://mail.partner.example",
    },
  );

export const wrongTime = (found: string): Problem =>
  fileProblem(
    "error",
    "at",
    null,
    {
      en: `expected an RFC 3339 time, found ${JSON.stringify(found)}`,
      zh: `应为 RFC 3339 时间，实为 ${JSON.stringify(found)}`,
    },
    { en: "for example 2024-12-20T03:01:02Z", zh: "例如 2024-12-20T03:01:02Z" },
  );

export const noEstate = (): Problem =>
  fileProblem(
    "error",
    "no-estate",
    null,
    { en: "no interface was found in what was given", zh: "在已给出的内容中没有找到任何网卡" },
    {
      en: "give an export that holds VMs (gcloud … --format=json, az … -o json, aws … --output json)",
      zh: "请给出包含虚拟机的导出（gcloud … --format=json、az … -o json、aws … --output json）",
    },
  );
