import type { Target } from "../model/target.ts";
import { type Origin, type Problem, same, type Text } from "../problem.ts";

/** Questions that cannot be understood, each with what to type instead. */

const refuse = (code: string, text: Text, fix: Text): Problem => ({
  level: "error",
  code,
  file: null,
  line: null,
  text,
  fix,
});

const listed = (names: readonly string[], most = 10): string =>
  names.slice(0, most).join(", ") + (names.length > most ? `, … (${names.length})` : "");

export const noTarget = (to: Target | null, hasConfiguration: boolean): Problem =>
  refuse(
    "question/no-destination",
    to === null
      ? {
          en: "no destination was named, and the evidence does not show exactly one",
          zh: "没有指定目的地址，证据中也不是恰好只有一个",
        }
      : same(""),
    hasConfiguration
      ? {
          en: "add --to ADDRESS:PORT, for example --to 198.51.100.25:25",
          zh: "请加 --to 地址:端口，例如 --to 198.51.100.25:25",
        }
      : {
          en: "add --to ADDRESS:PORT, and evidence (--evidence) or an export (--config)",
          zh: "请加 --to 地址:端口，并给出证据（--evidence）或配置导出（--config）",
        },
  );

export const nameUnknown = (to: Target): Problem =>
  refuse(
    "question/name-unknown",
    { en: `the address of ${to.name} is not known here`, zh: `此处不知道 ${to.name} 的地址` },
    {
      en: `look it up on the sender (getent ahosts ${to.name}) and give the address: --to ADDRESS${to.port === null ? "" : `:${to.port}`}`,
      zh: `请在发送方查询（getent ahosts ${to.name}），再给出地址：--to 地址${to.port === null ? "" : `:${to.port}`}`,
    },
  );

export const senderUnknown = (from: string, nearest: readonly string[]): Problem =>
  refuse(
    "question/sender-unknown",
    { en: `nothing in the configuration is called ${from}`, zh: `配置中没有名为 ${from} 的对象` },
    nearest.length === 0
      ? { en: "give the export that holds the VM with --config", zh: "请用 --config 给出包含该虚拟机的导出" }
      : { en: `the nearest names are: ${listed(nearest)}`, zh: `最接近的名称：${listed(nearest)}` },
  );

export const senderAmbiguous = (from: string, candidates: readonly string[]): Problem =>
  refuse(
    "question/sender-ambiguous",
    { en: `${from} fits ${candidates.length} things`, zh: `${from} 对应 ${candidates.length} 个对象` },
    { en: `name one of them: ${listed(candidates)}`, zh: `请指明其中之一：${listed(candidates)}` },
  );

export const groupEmpty = (group: string): Problem =>
  refuse(
    "question/group-empty",
    { en: `${group} has no member in the configuration`, zh: `配置中 ${group} 没有任何成员` },
    { en: "export the VMs that belong to it too", zh: "请同时导出属于它的虚拟机" },
  );

export const senderMissing = (names: readonly string[]): Problem =>
  refuse(
    "question/no-sender",
    {
      en: `the configuration holds ${names.length} hosts and --from names none`,
      zh: `配置中有 ${names.length} 台主机，但没有用 --from 指定`,
    },
    { en: `add --from NAME: ${listed([...names].sort())}`, zh: `请加 --from 名称：${listed([...names].sort())}` },
  );

export const noHosts = (problems: readonly Problem[]): Problem =>
  refuse(
    "question/no-hosts",
    { en: "no VM could be read from the configuration", zh: "无法从配置中读出任何虚拟机" },
    problems.length > 0
      ? { en: "mend the files named above and try again", zh: "请先修正上面列出的文件，再重试" }
      : {
          en: "the export must hold the instances too: gcloud compute instances list --format=json, or az vm list -o json and az network nic list -o json",
          zh: "导出中还须包含虚拟机：gcloud compute instances list --format=json，或 az vm list -o json 和 az network nic list -o json",
        },
  );

export const guestOfNobody = ({ file, line }: Origin): Problem => ({
  level: "warning",
  code: "guest/fits-no-host",
  file,
  line,
  text: {
    en: "expected the tables of a host in the configuration; no address in them is one of its interfaces', so they decide nothing",
    zh: "应为配置中某台主机的路由表；其中没有任何地址属于其网卡，因此不起作用",
  },
  fix: {
    en: "take them on the sending host, with ip addr (or ipconfig /all) beside the routes",
    zh: "请在发送主机上采集，并附上 ip addr（或 ipconfig /all）的输出",
  },
});

export const guestOfSeveral = ({ file, line }: Origin, hosts: readonly string[]): Problem => ({
  level: "warning",
  code: "guest/fits-several-hosts",
  file,
  line,
  text: {
    en: `expected the tables of one host, but they fit ${listed(hosts)}; they were not used`,
    zh: `应为一台主机的路由表，但它们与 ${listed(hosts)} 都相符；未使用`,
  },
  fix: {
    en: "put the output of ip addr (or ipconfig /all) of the same host beside them",
    zh: "请附上同一主机的 ip addr（或 ipconfig /all）输出",
  },
});
