import type { Text } from "@seenas/core";

type Wording = readonly (readonly [said: RegExp, here: string])[];

/** Core speaks to whoever types a command; here there are fields and a place to drop files. */
const EN: Wording = [
  [
    /add --to ADDRESS:PORT, and evidence \(--evidence\) or an export \(--config\)/,
    "fill in To, and drop evidence or an export on this page",
  ],
  [/add --to ADDRESS:PORT, for example --to /, "fill in To, for example "],
  [/name the destination port: --to ADDRESS:PORT/, "name the port of the destination in To"],
  [/give the address: --to ADDRESS/, "write its address in To: ADDRESS"],
  [/give the (address|name) with --to/, "write the $1 in To"],
  [/seenas map with the same --from and --to says why/, "the estate view says why"],
  [/--from names none/, "From names none"],
  [/add --from NAME: /, "choose one in From: "],
  [/say --from (\S+) if it is/, "write $1 in From if it is"],
  [/--from ADDRESS, if you know the sender's/, "write the sender's address in From, if you know it"],
  [/add --vantage \S+=destination if at the destination/, "if at the destination, say so in Evidence taken at"],
  [
    /and pass (.+?) with --evidence and --vantage FILE=destination/,
    "drop $1 on this page and choose the destination in Evidence taken at",
  ],
  [/check --vantage/, "check Evidence taken at"],
  [/--vantage FILE=destination \(or client, translator\) settles it/, "Evidence taken at, above, settles it"],
  [/--vantage FILE=destination or client/, "choose it in Evidence taken at"],
  [/--vantage FILE=destination/, "choose the destination in Evidence taken at"],
  [/\b(?:pass|add|give) ([^,;:]+?) with --(?:config|evidence)/, "drop $1 on this page"],
  [/list it as it is with --allow-unstable/, "list it all the same, below"],
  [/ask for one flow with seenas explain, which/, "ask for one flow under Answer, which"],
  [/or --allow-unstable/, "or list it all the same, below"],
  [/seenas diff --before EXPORT --after plan\.json/, "give the plan as the estate after, under Files"],
];

const ZH: Wording = [
  [
    /请加 --to 地址:端口，并给出证据（--evidence）或配置导出（--config）/,
    "请填写“目的地”，并把证据或配置导出放入本页面",
  ],
  [/请加 --to 地址:端口，例如 --to /, "请填写“目的地”，例如 "],
  [/请给出目的端口：--to 地址:端口/, "请在“目的地”中写明端口"],
  [/再给出地址：--to 地址/, "再填入“目的地”：地址"],
  [/用 --to 给出该(地址|名称)/, "把该$1填入“目的地”"],
  [/以相同的 --from 和 --to 运行 seenas map 可看到原因/, "原因见“资产”视图"],
  [/没有用 --from 指定/, "“发送方”中没有指定"],
  [/请加 --from 名称：/, "请在“发送方”中选择："],
  [/请用 --from (\S+) 指明/, "请在“发送方”中填写 $1"],
  [/请用 --from 给出/, "请填入“发送方”"],
  [/请加 --vantage \S+=destination/, "请在“证据采集位置”中选择目的端"],
  [/并用 --evidence 与 --vantage 文件=destination 传入其文本/, "再把其文本放入本页面，并在“证据采集位置”中选择目的端"],
  [/请检查 --vantage/, "请检查“证据采集位置”"],
  [/用 --vantage FILE=destination（或 client、translator）即可确定/, "在上方“证据采集位置”中选择即可确定"],
  [/--vantage FILE=destination 或 client/, "请在“证据采集位置”中选择"],
  [/--vantage FILE=destination/, "请在“证据采集位置”中选择目的端"],
  [/请用 --(?:config|evidence) (?:给出|加入)(.+)/, "请把$1放入本页面"],
  [/并用 --(?:config|evidence) (?:传入|加入)(输出|该文件)/, "并把$1放入本页面"],
  [/并用 --(?:config|evidence) (?:传入|加入)/, "并放入本页面"],
  [/用 --allow-unstable 照现状列出/, "在下方勾选“仍然列出”"],
  [/请用 seenas explain 查询单条流量/, "请在“答案”中查询单条流量"],
  [/使用 --allow-unstable/, "在下方勾选“仍然列出”"],
  [/seenas diff --before EXPORT --after plan\.json/, "请在“文件”中把计划作为变更后的资产给出"],
];

const reworded = (words: string, wording: Wording): string =>
  words.includes("--")
    ? wording.reduce((text, [said, here]) => text.replace(said, () => filled(text, said, here)), words)
    : words;

/** `$1` is the first group as it stands: what a file or a host is called is never a pattern. */
const filled = (text: string, said: RegExp, here: string): string =>
  here.replace("$1", () => said.exec(text)?.[1] ?? "");

export const pageText = ({ en, zh }: Text): Text => ({ en: reworded(en, EN), zh: reworded(zh, ZH) });

/** Every sentence in what goes to the page, however deep. What a flag alone would do is no command to copy. */
export function inPageWords<T>(value: T): T {
  return deep(value) as T;
}

function deep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deep);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  if (isText(value)) return { ...value, ...pageText(value) };
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name === "command" && isFlag(part) ? null : deep(part)]),
  );
}

const isText = (value: object): value is Text =>
  "en" in value && "zh" in value && typeof value.en === "string" && typeof value.zh === "string";

const isFlag = (command: unknown): boolean => typeof command === "string" && command.startsWith("--");
