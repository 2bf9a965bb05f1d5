import type { Language } from "@seenas/core";
import { allowUsage } from "./allow-usage.ts";
import { collectUsage } from "./collect-usage.ts";
import { labUsage } from "./lab-usage.ts";
import { logsUsage } from "./logs-usage.ts";
import { diffUsage, mapUsage } from "./map-usage.ts";
import { probeUsage } from "./probe-usage.ts";
import { serveUsage } from "./serve-usage.ts";
import { witnessUsage } from "./witness-usage.ts";

const MAIN = {
  en: `seenas: which source address does the destination see?

  seenas explain --from NAME --to HOST:PORT --config EXPORT… --evidence FILE…
                           the verdict for one flow
  seenas map --config EXPORT…
                           what every interface shows to every destination
  seenas diff --before EXPORT… --after EXPORT…
                           what changes for whom; a Terraform state and plan, too
  seenas allow --config EXPORT… --to PLACE --format FORMAT
                           the allowlist for a partner, in the partner's own format
  seenas read FILE…        what each file of evidence says, proves and does not prove
  seenas rules [ID]        every rule that predictions rest on, with its source
  seenas collect gcp|azure|aws|host
                           gathers the export with the cloud's own command line, or prints a script
  seenas probe --to HOST:PORT
                           one hello with a mark, from each address here, for the destination's log to show
  seenas witness --listen smtp:2525
                           listens at the far side; records and tells callers the source it sees
  seenas logs ingest|used|who|seen
                           keeps NAT and flow logs; which address was used, and who was ADDRESS:PORT at a time
  seenas serve [--open]    the page: drop an export in, see the path, the proof and the list
  seenas lab run [NAME…]   scenarios as namespaces: real packets against the predictions; lab fuzz makes up its own

Try it now, with nothing of your own:
  seenas explain --example

Then with what you have. Evidence alone is enough to begin:
  seenas explain --to smtp://198.51.100.25 --evidence transcript.txt
An export alone, too (gcloud … --format=json, az … -o json, ip route, route print):
  seenas explain --from my-vm --to 198.51.100.25:443 --config ./export

Options
  --from NAME|NAME/nic1|ID|ADDRESS|GROUP   who sends
  --to ADDRESS[:PORT][/tcp|/udp|/icmp] | HOST:PORT | smtp://HOST   where to
  --config PATH…          exports, any mix of clouds; files, folders, archives
  --evidence PATH…        transcripts, captures, traceroutes, logs; - is standard input
  --vantage [FILE=]client|translator|destination   where a capture was taken
  --store PATH            a log store: what its logs say of the flow (seenas logs ingest)
  --source ADDRESS        the address the program binds to, when it is not the usual one
  --at TIME               RFC 3339: sightings nearest to it count
  --experimental          test candidate addresses against the checksums that a trace quotes (docs/nat-checksum.md)
  --json                  one object, stable; --lang en|zh; --no-color; --quiet; --verbose; --version

Exit status: 0 answered · 1 the program failed · 2 bad usage or input · 3 undecided · 4 contradiction
`,
  zh: `seenas：目的端看到的源地址是哪个？

  seenas explain --from 名称 --to 主机:端口 --config 导出… --evidence 文件…
                           对一条流量给出结论
  seenas map --config 导出…
                           每个网卡向每个目的地显示的源地址
  seenas diff --before 导出… --after 导出…
                           谁看到的源地址发生什么变化；也可比较 Terraform 状态与计划
  seenas allow --config 导出… --to 位置 --format 格式
                           给合作方的白名单，采用对方设备的格式
  seenas read 文件…        每份证据说明了什么、能证明和不能证明什么
  seenas rules [ID]        预测所依据的每条规则及其来源
  seenas collect gcp|azure|aws|host
                           用云自己的命令行收集导出，或打印脚本
  seenas serve [--open]    页面：放入导出即可看到路径、证据和白名单
  seenas probe --to 主机:端口
                           从本机每个地址发出带标记的问候，供目的端日志对照
  seenas witness --listen smtp:2525
                           在目的端监听，记录并告知来访者其源地址
  seenas logs ingest|used|who|seen
                           保存 NAT 与流日志；用过哪个地址，某时刻 地址:端口 属于谁
  seenas lab run [名称…]   用命名空间搭建场景，以真实数据包检验预测；lab fuzz 自行生成网络

无需任何自己的数据，现在就试：
  seenas explain --example

然后用您手上的材料。仅有证据即可开始：
  seenas explain --to smtp://198.51.100.25 --evidence transcript.txt
仅有导出也可以（gcloud … --format=json、az … -o json、ip route、route print）：
  seenas explain --from my-vm --to 198.51.100.25:443 --config ./export

选项
  --from 名称|名称/nic1|ID|地址|组         发送方
  --to 地址[:端口][/tcp|/udp|/icmp] | 主机:端口 | smtp://主机   目的
  --config 路径…          配置导出，可混合多个云；文件、文件夹或压缩包
  --evidence 路径…        会话记录、抓包、traceroute、日志；- 表示标准输入
  --vantage [文件=]client|translator|destination   抓包在哪里进行
  --store 路径            日志存储：其中的日志对该流量的记录（seenas logs ingest）
  --source 地址           程序绑定的地址（若非默认地址）
  --at 时间               RFC 3339：以最接近该时间的观察为准
  --experimental          用路径跟踪引用的校验和检验候选地址（docs/nat-checksum.md）
  --json                  一个稳定的对象；--lang en|zh；--no-color；--quiet；--verbose；--version

退出状态：0 已回答 · 1 程序出错 · 2 用法或输入有误 · 3 未定 · 4 矛盾
`,
} as const;

const OWN: Readonly<Record<string, (language: Language) => string>> = {
  map: mapUsage,
  diff: diffUsage,
  allow: allowUsage,
  collect: collectUsage,
  lab: labUsage,
  serve: serveUsage,
  probe: probeUsage,
  witness: witnessUsage,
  logs: logsUsage,
};

export function usageText(command: string | undefined, language: Language): string {
  const own = command !== undefined && Object.hasOwn(OWN, command) ? OWN[command] : undefined;
  return own === undefined ? MAIN[language] : own(language);
}
