import type { Language } from "@seenas/core";

const MAP = {
  en: `seenas map: what every interface of an estate shows to every destination

  seenas map --config EXPORT… [--from NAME]… [--to ADDRESS|PREFIX[:PORT]|FILE]…

  --from NAME              only this VM, interface, address or group; may be repeated
  --to PLACE               only these destinations; a FILE holds partners with names
  --partners FILE          the same: YAML, JSON, or lines of a target and a name
  --format table|summary|json|csv   --json is --format json, one line a piece

Partners: [{ name: Bank, to: [203.0.113.0/24, "198.51.100.7:443"] }]
Exit status: 0 mapped · 2 bad usage or input · 3 a file had errors, so nothing is certain
`,
  zh: `seenas map：环境中每个网卡向每个目的地显示的源地址

  seenas map --config 导出… [--from 名称]… [--to 地址|前缀[:端口]|文件]…

  --from 名称              仅此虚拟机、网卡、地址或组；可重复
  --to 位置                仅这些目的地；文件中可列出带名称的合作方
  --partners 文件          同上：YAML、JSON，或每行一个目的地和名称
  --format table|summary|json|csv   --json 即 --format json，每片段一行

合作方：[{ name: 银行, to: [203.0.113.0/24, "198.51.100.7:443"] }]
退出状态：0 已完成 · 2 用法或输入有误 · 3 有文件出错，因此没有确定的结论
`,
} as const;

const DIFF = {
  en: `seenas diff: what changes for whom between two estates

  seenas diff --before EXPORT… --after EXPORT… [--partners FILE]
  seenas diff --before state.json --after plan.json --partners partners.yaml

  --from NAME, --to PLACE, --partners FILE   as for map; partners that must be told are listed
  --format text|json|csv|markdown            --json is --format json, one line a piece

Exit status: 0 no change · 2 bad usage or input · 3 something changes
`,
  zh: `seenas diff：两个环境之间，谁看到的源地址发生什么变化

  seenas diff --before 导出… --after 导出… [--partners 文件]
  seenas diff --before state.json --after plan.json --partners partners.yaml

  --from 名称、--to 位置、--partners 文件      同 map；列出需要通知的合作方
  --format text|json|csv|markdown             --json 即 --format json，每片段一行

退出状态：0 无变化 · 2 用法或输入有误 · 3 有变化
`,
} as const;

export const mapUsage = (language: Language): string => MAP[language];
export const diffUsage = (language: Language): string => DIFF[language];
