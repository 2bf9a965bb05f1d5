import type { Problem, Rule, Text } from "@seenas/core";

const usage = (code: string, text: Text, fix: Text): Problem => ({
  level: "error",
  code: `usage/${code}`,
  file: null,
  line: null,
  text,
  fix,
});

/** @param option a flag that does not exist; null when something else is wrong with the words. */
export const badUsage = (message: string, option: string | null = null): Problem =>
  usage(
    "flag",
    option === null ? { en: message, zh: message } : { en: `there is no flag ${option}`, zh: `没有选项 ${option}` },
    { en: "see: seenas explain --help", zh: "参见：seenas explain --help" },
  );

export const noExample = (): Problem =>
  usage(
    "example",
    { en: "the example does not stand beside this program", zh: "此程序旁没有示例文件" },
    { en: "it comes with the package and the checkout", zh: "示例随安装包和代码库提供" },
  );

export const wrongTarget = (found: string): Problem =>
  usage(
    "to",
    {
      en: `expected ADDRESS, ADDRESS:PORT, [V6]:PORT or HOST:PORT after --to, found ${JSON.stringify(found)}`,
      zh: `--to 之后应为 地址、地址:端口、[V6]:端口 或 主机:端口，实为 ${JSON.stringify(found)}`,
    },
    {
      en: "for example: --to 198.51.100.25:25, --to [2001:db8::25]:25, --to smtp://mail.partner.example",
      zh: "例如：--to 198.51.100.25:25、--to [2001:db8::25]:25、--to smtp://mail.partner.example",
    },
  );

export const wrongSource = (found: string): Problem =>
  usage(
    "source",
    {
      en: `expected an address after --source, found ${JSON.stringify(found)}`,
      zh: `--source 之后应为地址，实为 ${JSON.stringify(found)}`,
    },
    { en: "for example: --source 10.20.0.5", zh: "例如：--source 10.20.0.5" },
  );

export const wrongAt = (found: string): Problem =>
  usage(
    "at",
    {
      en: `expected an RFC 3339 time after --at, found ${JSON.stringify(found)}`,
      zh: `--at 之后应为 RFC 3339 时间，实为 ${JSON.stringify(found)}`,
    },
    { en: "for example: --at 2024-12-20T03:01:02Z", zh: "例如：--at 2024-12-20T03:01:02Z" },
  );

export const wrongLanguage = (found: string): Problem =>
  usage(
    "lang",
    {
      en: `expected en or zh after --lang, found ${JSON.stringify(found)}`,
      zh: `--lang 之后应为 en 或 zh，实为 ${JSON.stringify(found)}`,
    },
    { en: "--lang en", zh: "--lang zh" },
  );

export const wrongVantage = (found: string): Problem =>
  usage(
    "vantage",
    {
      en: `expected client, translator or destination, alone or as FILE=…, after --vantage, found ${JSON.stringify(found)}`,
      zh: `--vantage 之后应为 client、translator 或 destination，可写成 文件=…，实为 ${JSON.stringify(found)}`,
    },
    { en: "for example: --vantage capture.txt=destination", zh: "例如：--vantage capture.txt=destination" },
  );

export function noSuchRule(found: string, rules: readonly Rule[]): Problem {
  const near = rules
    .map(({ id }) => id)
    .filter((id) => id.includes(found.toLowerCase()))
    .slice(0, 6);
  return usage(
    "rule",
    { en: `no rule is called ${found}`, zh: `没有名为 ${found} 的规则` },
    near.length > 0
      ? { en: `near it: ${near.join(", ")}`, zh: `相近的有：${near.join("、")}` }
      : { en: "list them all with: seenas rules", zh: "列出全部：seenas rules" },
  );
}

export const wrongFormat = (found: string, formats: readonly string[]): Problem =>
  usage(
    "format",
    {
      en: `expected one of ${formats.join(", ")} after --format, found ${JSON.stringify(found)}`,
      zh: `--format 之后应为 ${formats.join("、")} 之一，实为 ${JSON.stringify(found)}`,
    },
    { en: `for example: --format ${formats[0]}`, zh: `例如：--format ${formats[0]}` },
  );

export const wrongPlace = (found: string): Problem =>
  usage(
    "to",
    {
      en: `expected an address, a prefix or a file of partners after --to, found ${JSON.stringify(found)}`,
      zh: `--to 之后应为地址、前缀或合作方文件，实为 ${JSON.stringify(found)}`,
    },
    {
      en: "for example: --to 203.0.113.0/24, --to 198.51.100.25:25, --to partners.yaml",
      zh: "例如：--to 203.0.113.0/24、--to 198.51.100.25:25、--to partners.yaml",
    },
  );

export const noPlace = (): Problem =>
  usage(
    "to",
    { en: "an allowlist is for somebody: towards whom?", zh: "白名单是给某一方的：去往何处？" },
    {
      en: "give --to with an address, a prefix or a host, or --partners or --flows with a file",
      zh: "请用 --to 给出地址、前缀或主机，或用 --partners、--flows 给出文件",
    },
  );

export const flowsUnread = (file: string): Problem =>
  usage(
    "flows",
    { en: `${file} cannot be read, or holds no flow`, zh: `${file} 无法读取，或其中没有流量` },
    FLOW_LINES,
  );

export const wrongFlowLine = (file: string, line: number, found: string): Problem => ({
  ...usage(
    "flows",
    {
      en: `expected a sender and an address or prefix, found ${JSON.stringify(found)}`,
      zh: `应为发送方和地址或前缀，实为 ${JSON.stringify(found)}`,
    },
    FLOW_LINES,
  ),
  file,
  line,
});

const FLOW_LINES: Text = {
  en: "a line a flow, for example: web-1 198.51.100.7:443 Bank",
  zh: "每行一条流量，例如：web-1 198.51.100.7:443 银行",
};

export const flowsAlone = (): Problem =>
  usage(
    "flows",
    { en: "--flows says who sends and to whom", zh: "--flows 已指明发送方与去向" },
    { en: "leave out --from, --to, --partners and --evidence", zh: "请去掉 --from、--to、--partners 和 --evidence" },
  );

export const evidenceOfMany = (): Problem =>
  usage(
    "evidence",
    { en: "evidence speaks of one flow, and several are asked for", zh: "证据只说明一条流量，而这里问的是多条" },
    {
      en: "give one --from (it may be a group) and one --to with an address or a host",
      zh: "请给出一个 --from（可以是组）和一个带地址或主机的 --to",
    },
  );

export const unreadPartners = (file: string): Problem =>
  usage(
    "partners",
    { en: `${file} cannot be read`, zh: `无法读取 ${file}` },
    { en: "name a YAML, JSON or text file of partners", zh: "请给出 YAML、JSON 或文本格式的合作方文件" },
  );

export const noConfig = (paths: readonly string[]): Problem =>
  usage(
    "config",
    {
      en: `no interface was found in ${paths.join(", ")}`,
      zh: `在 ${paths.join("、")} 中没有找到任何网卡`,
    },
    {
      en: "give an export that holds VMs (gcloud … --format=json, az … -o json, aws … --output json)",
      zh: "请给出包含虚拟机的导出（gcloud … --format=json、az … -o json、aws … --output json）",
    },
  );

export const nobodyCalled = (name: string, near: readonly string[]): Problem =>
  usage(
    "from",
    {
      en: `${name} is not the name of one thing in the configuration`,
      zh: `${name} 不是配置中唯一对象的名称`,
    },
    near.length === 0
      ? { en: "give the export that holds it", zh: "请给出包含它的导出" }
      : { en: `did you mean ${near.slice(0, 6).join(", ")}`, zh: `是否指 ${near.slice(0, 6).join("、")}` },
  );

export const strayVantage = (file: string): Problem =>
  usage(
    "vantage-file",
    {
      en: `--vantage names ${file}, which is none of the files given`,
      zh: `--vantage 指定了 ${file}，但给出的文件中没有它`,
    },
    { en: "name it as after --evidence", zh: "请与 --evidence 之后的写法一致" },
  );

export const badNumber = (flag: string, found: string): Problem =>
  usage(
    "number",
    {
      en: `expected a whole number after --${flag}, found ${JSON.stringify(found)}`,
      zh: `--${flag} 之后应为整数，实为 ${JSON.stringify(found)}`,
    },
    { en: `for example: --${flag} 4`, zh: `例如：--${flag} 4` },
  );

export const wrongRange = (flag: string, least: number, most: number, found: string): Problem =>
  usage(
    "number",
    {
      en: `expected a whole number from ${least} to ${most} after --${flag}, found ${JSON.stringify(found)}`,
      zh: `--${flag} 之后应为 ${least} 到 ${most} 的整数，实为 ${JSON.stringify(found)}`,
    },
    { en: `for example: --${flag} ${Math.min(most, 10)}`, zh: `例如：--${flag} ${Math.min(most, 10)}` },
  );

/** A flag that is a whole number between two; what is none is added to `wrong`. */
export function numberIn(
  [flag, text]: readonly [string, string | undefined],
  [least, usual, most]: readonly [number, number, number],
  wrong: Problem[],
): number {
  if (text === undefined) return usual;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (number < least || number > most) wrong.push(wrongRange(flag, least, most, text));
  return number;
}

export const noSuchScenario = (found: string): Problem =>
  usage(
    "scenario",
    { en: `no scenario is named ${JSON.stringify(found)}`, zh: `没有名为 ${JSON.stringify(found)} 的场景` },
    {
      en: "give an id (gcp/T02), the start of one (azure), or a file; ids stand in scenarios/ of a checkout",
      zh: "请给出 id（gcp/T02）、id 的开头（azure）或文件；id 见检出目录中的 scenarios/",
    },
  );

/** Nothing was run, which must not look like everything went well. */
export const noScenarios: Problem = usage(
  "scenario",
  { en: "there are no scenarios beside this program", zh: "此程序旁没有场景文件" },
  {
    en: "run it in a checkout of the project, or name a scenario file or a folder of them",
    zh: "请在项目的检出目录中运行，或给出场景文件或其文件夹",
  },
);

/** @param missing tools, or `namespaces` where the kernel or the user may not make them. */
export const noSuchMail = (name: string): Problem =>
  usage(
    "lab",
    {
      en: `${JSON.stringify(name)} is no mail server of the lab`,
      zh: `实验室没有名为 ${JSON.stringify(name)} 的邮件服务器`,
    },
    { en: "give one of: postfix, exim, opensmtpd", zh: "可选：postfix、exim、opensmtpd" },
  );

export const labImpossible = (missing: readonly string[], count: number): Problem =>
  usage(
    "lab",
    {
      en: `skipped, ${count} scenarios not checked: missing here: ${missing.join(", ")}`,
      zh: `已跳过，${count} 个场景未检查：此处缺少 ${missing.join("、")}`,
    },
    {
      en: "run it as root on Linux, after: apt-get install iproute2 nftables util-linux",
      zh: "请在 Linux 上以 root 运行，先执行：apt-get install iproute2 nftables util-linux",
    },
  );
