import type { Problem, Text } from "@seenas/core";
import type { Provider } from "./command.ts";
import type { Entry } from "./manifest.ts";

const problem = (code: string, text: Text, fix: Text, level: Problem["level"] = "error"): Problem => ({
  level,
  code: `collect/${code}`,
  file: null,
  line: null,
  text,
  fix,
});

export const whatToCollect = (found: string | null): Problem =>
  problem(
    "what",
    {
      en: `expected gcp, azure, aws or host after collect, found ${found === null ? "nothing" : JSON.stringify(found)}`,
      zh: `collect 之后应为 gcp、azure、aws 或 host，实为${found === null ? "空" : JSON.stringify(found)}`,
    },
    { en: "for example: seenas collect gcp --project my-project", zh: "例如：seenas collect gcp --project my-project" },
  );

export const wrongShell = (found: string): Problem =>
  problem(
    "print",
    {
      en: `--print ${found} is not for this: clouds have sh, a host has sh and powershell`,
      zh: `此处不支持 --print ${found}：云有 sh，主机有 sh 和 powershell`,
    },
    { en: "for example: --print sh", zh: "例如：--print sh" },
  );

export const hostIsPrinted = (): Problem =>
  problem(
    "host-print",
    {
      en: "seenas collect host prints a script; it runs nothing here",
      zh: "seenas collect host 只打印脚本，不在此处运行",
    },
    {
      en: "seenas collect host --print sh --to mail.partner.example:25 > kit.sh",
      zh: "seenas collect host --print sh --to mail.partner.example:25 > kit.sh",
    },
  );

export const wrongFlag = (flag: string, provider: string, right: readonly string[]): Problem =>
  problem(
    "flag",
    { en: `--${flag} is not for ${provider}`, zh: `--${flag} 不适用于 ${provider}` },
    { en: `use --${right.join(" or --")}`, zh: `请使用 --${right.join(" 或 --")}` },
  );

export const wrongScope = (flag: string, found: string): Problem =>
  problem(
    "scope",
    {
      en: `expected the id of a ${flag} after --${flag}, found ${JSON.stringify(found)}`,
      zh: `--${flag} 之后应为其 ID，实为 ${JSON.stringify(found)}`,
    },
    { en: "letters, digits, and . : _ - inside", zh: "仅限字母、数字以及中间的 . : _ -" },
  );

export const noScope = ({ program, scope: { flag } }: Provider): Problem =>
  problem(
    "no-scope",
    { en: `${program} has no ${flag} set, and none was named`, zh: `${program} 未设置默认 ${flag}，命令行也未指定` },
    { en: `name it: --${flag} ID`, zh: `请指定：--${flag} ID` },
  );

export const missingClient = (program: string): Problem =>
  problem(
    "no-client",
    { en: `${program} was not found or could not be started`, zh: `未找到或无法启动 ${program}` },
    {
      en: "install it, or print a script and run it in Cloud Shell: add --print sh",
      zh: "请安装它；或加上 --print sh，打印脚本后在 Cloud Shell 中运行",
    },
  );

export const loginNeeded = ({ program, login }: Provider, reason: string): Problem =>
  problem(
    "login",
    { en: `${program} asks for a login: ${reason}`, zh: `${program} 要求登录：${reason}` },
    {
      en: `log in, move away what this run wrote if anything, and run it again: ${login}`,
      zh: `请登录，移走本次已写入的内容（如有）后重新运行：${login}`,
    },
  );

export const outNotEmpty = (folder: string): Problem =>
  problem(
    "out",
    {
      en: `${folder} is not empty: files of another time would stand beside the new ones`,
      zh: `${folder} 不为空：不同时间的文件会混在一起`,
    },
    { en: "name another folder with --out, or move this one away", zh: "请用 --out 指定其他文件夹，或移走此文件夹" },
  );

export const cannotWrite = (path: string, why: string): Problem =>
  problem(
    "write",
    { en: `${path} cannot be written: ${why}`, zh: `无法写入 ${path}：${why}` },
    {
      en: "what was written before is whole; make room and collect again",
      zh: "之前写入的文件是完整的；请腾出空间后重新收集",
    },
  );

export const notCollected = ({ command, reason, result, unknown, rights }: Entry): Problem =>
  problem(
    "not-collected",
    {
      en: `${command}: ${reason ?? result}. Not known without it: ${unknown ?? ""}`,
      zh: `${command}：${reason ?? result}。缺少它便不知道：${unknown ?? ""}`,
    },
    result === "refused"
      ? { en: `it needs: ${rights.join(", ")}`, zh: `所需权限：${rights.join("、")}` }
      : { en: "run this command by itself and look at what it says", zh: "请单独运行该命令，查看其输出" },
    "warning",
  );

export const leftOut = ({ command, scope, unknown }: Entry): Problem =>
  problem(
    "left-out",
    {
      en: `not asked for all of ${scope} at once: ${command}. Not known without it: ${unknown ?? ""}`,
      zh: `对 ${scope} 整体收集时不执行：${command}。缺少它便不知道：${unknown ?? ""}`,
    },
    {
      en: "collect what matters by itself as well (--project, --subscription)",
      zh: "请对关键部分另行单独收集（--project、--subscription）",
    },
    "warning",
  );

export const severalWays = (flags: readonly string[]): Problem =>
  problem(
    "several-ways",
    {
      en: `${flags.map((flag) => `--${flag}`).join(" and ")} exclude each other`,
      zh: `${flags.map((flag) => `--${flag}`).join(" 与 ")} 不能同时使用`,
    },
    { en: "run it once for each, with an --out of its own", zh: "请分别运行，并各自指定 --out" },
  );

export const profilesAreLocal = (): Problem =>
  problem(
    "profile",
    {
      en: "--profile names a login of this computer, which a printed script does not have",
      zh: "--profile 指的是本机的登录配置，打印出的脚本无法使用",
    },
    {
      en: "print it without --profile and run it once in each account",
      zh: "请去掉 --profile 打印，并在每个账号中各运行一次",
    },
  );

export const otherProject = (project: string): Problem =>
  problem(
    "other-project",
    {
      en: `VMs stand in networks of project ${project}, which was not collected: its routes and Cloud NAT decide`,
      zh: `虚拟机位于项目 ${project} 的网络中，但未收集该项目：其路由和 Cloud NAT 起决定作用`,
    },
    { en: `collect it too: --project ${project}`, zh: `请一并收集：--project ${project}` },
    "warning",
  );
