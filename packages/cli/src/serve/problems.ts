import type { Problem, Text } from "@seenas/core";

const problem = (code: string, text: Text, fix: Text, file: string | null = null): Problem => ({
  level: "error",
  code: `serve/${code}`,
  file,
  line: null,
  text,
  fix,
});

export const wrongListen = (found: string): Problem =>
  problem(
    "listen",
    {
      en: `expected ADDRESS, ADDRESS:PORT or [V6]:PORT after --listen, found ${JSON.stringify(found)}`,
      zh: `--listen 之后应为 地址、地址:端口 或 [V6]:端口，实为 ${JSON.stringify(found)}`,
    },
    { en: "for example: --listen 127.0.0.1:8477", zh: "例如：--listen 127.0.0.1:8477" },
  );

export const wrongHost = (found: string): Problem =>
  problem(
    "host",
    {
      en: `expected a host name after --host, found ${JSON.stringify(found)}`,
      zh: `--host 之后应为主机名，实为 ${JSON.stringify(found)}`,
    },
    { en: "for example: --host bastion.corp.example", zh: "例如：--host bastion.corp.example" },
  );

export const wrongSize = (found: string): Problem =>
  problem(
    "size",
    {
      en: `expected a size after --upload-limit, found ${JSON.stringify(found)}`,
      zh: `--upload-limit 之后应为大小，实为 ${JSON.stringify(found)}`,
    },
    { en: "for example: --upload-limit 2G", zh: "例如：--upload-limit 2G" },
  );

export const noSuchPath = (path: string): Problem =>
  problem(
    "path",
    { en: "there is no such file or folder", zh: "没有此文件或文件夹" },
    { en: "check the path", zh: "请检查路径" },
    path,
  );

export const noPage = (): Problem =>
  problem(
    "page",
    { en: "the page is not beside the program", zh: "程序旁边没有页面文件" },
    { en: "in a checkout, build it: npm run build", zh: "在源码目录中请先构建：npm run build" },
  );

/** The program that is one file. */
export const pageAlone = (): Problem =>
  problem(
    "page-alone",
    {
      en: "this program is one file, whose page reads by itself what is dropped on it",
      zh: "本程序是单个文件，其页面自行读取放入的内容",
    },
    {
      en: "leave out --config and --evidence, and drop the files on the page",
      zh: "请不要使用 --config 和 --evidence，把文件放到页面上",
    },
  );

export const cannotListen = (where: string, code: string): Problem =>
  problem(
    "cannot-listen",
    {
      en: `cannot listen on ${where}: ${REASONS[code]?.en ?? code}`,
      zh: `无法监听 ${where}：${REASONS[code]?.zh ?? code}`,
    },
    {
      en: "choose another: --listen 127.0.0.1:0 takes any free port",
      zh: "请换一个：--listen 127.0.0.1:0 任选空闲端口",
    },
  );

const REASONS: Readonly<Record<string, Text>> = {
  EADDRINUSE: { en: "something else listens there", zh: "已被其他程序占用" },
  EACCES: { en: "this user may not", zh: "当前用户没有权限" },
  EADDRNOTAVAIL: { en: "this machine does not have that address", zh: "本机没有该地址" },
};
