import type { Language } from "@seenas/core";

/** Not asked from the engine: this page is shown without it. */
const FORMATS = `text, json, csv, edl, nftables, iptables, ipset, asa,
                           fortigate, junos, gcp, aws, azure, terraform, networkpolicy,
                           postfix, exim, exchange, spf, pg-hba, aerleon, markdown`;

const ALLOW = {
  en: `seenas allow: the allowlist for a partner, in the partner's own format

  seenas allow --config EXPORT… [--from NAME]… --to PLACE [--format FORMAT]
  seenas allow --config EXPORT… --partners FILE --format FORMAT

  --from NAME              who sends; may be repeated; without it everybody in the estate
  --to PLACE               an address, a prefix, HOST:PORT, or a file of partners
  --partners FILE          YAML, JSON, or lines of a target and a name
  --flows FILE             instead of --from and --to: a line a flow, SENDER TARGET [NAME]
  --evidence PATH…         of one flow: one --from and one --to
  --format FORMAT          ${FORMATS}
  --name NAME              what objects are called (seenas)
  --at TIME                as of when, RFC 3339; printed in comments
  --allow-unstable         also what may change, is incomplete or not decided: marked
  --internal               with the names of hosts and resources on the markdown page

Exit status: 0 printed · 2 bad usage or input · 3 refused, or printed though undecided · 4 contradiction
`,
  zh: `seenas allow：给合作方的白名单，采用对方设备的格式

  seenas allow --config 导出… [--from 名称]… --to 位置 [--format 格式]
  seenas allow --config 导出… --partners 文件 --format 格式

  --from 名称              发送方；可重复；省略则为环境中的所有发送方
  --to 位置                地址、前缀、主机:端口，或合作方文件
  --partners 文件          YAML、JSON，或每行一个目的地和名称
  --flows 文件             代替 --from 和 --to：每行一条流量，发送方 目的地 [名称]
  --evidence 路径…         针对一条流量：一个 --from 和一个 --to
  --format 格式            ${FORMATS}
  --name 名称              对象的名称（seenas）
  --at 时间                截至何时，RFC 3339；写入注释
  --allow-unstable         也列出会变化、不完整或未定的地址，并加以标注
  --internal               在 markdown 页面上写出主机和资源的名称

退出状态：0 已输出 · 2 用法或输入有误 · 3 已拒绝，或未定但仍输出 · 4 矛盾
`,
} as const;

export const allowUsage = (language: Language): string => ALLOW[language];
