import type { Language } from "@seenas/core";

const USAGE = {
  en: `seenas probe: connects from this host, says one hello with a random mark, and nothing more

  seenas probe --to HOST:PORT            from each of this host's addresses
  seenas probe --to 198.51.100.25:25 --json > probe.json
                                         evidence; the mark is found again in what the destination logged:
  seenas explain --evidence probe.json --evidence maillog

Options
  --to ADDRESS:PORT | [V6]:PORT | HOST:PORT | smtp://HOST, with /udp where it is meant
  --from ADDRESS…         only from these addresses of this host (--source is the same); system: as the system chooses
  --hello smtp|http|https|tls|tcp|udp|stun   if the port does not tell (25 SMTP, 80 HTTP, 443 TLS, 3478/udp STUN)
  --repeat N              N times each, at most 1000, to see the members of a pool; --rate N a second, at most 20 (2)
  --timeout SECONDS       for one hello, at most 60 (10)
  --witness KEY           count only receipts of this witness
  --json                  one object (seenas/probe@1); --lang en|zh; --quiet

Exit status: 0 something answered · 2 bad usage, no such address here · 3 nothing answered
`,
  zh: `seenas probe：从本机发起连接，只说一句带随机标记的问候，别无其他

  seenas probe --to 主机:端口             从本机每个地址各试一次
  seenas probe --to 198.51.100.25:25 --json > probe.json
                                         可作证据；目的端日志中出现同一标记即可对应：
  seenas explain --evidence probe.json --evidence maillog

选项
  --to 地址:端口 | [V6]:端口 | 主机:端口 | smtp://主机，需要时加 /udp
  --from 地址…            只用本机的这些地址（--source 相同）；system 表示由系统选择
  --hello smtp|http|https|tls|tcp|udp|stun   端口不能说明协议时使用（25 SMTP、80 HTTP、443 TLS、3478/udp STUN）
  --repeat N              每个地址重复 N 次（最多 1000），以看清地址池；--rate N 每秒次数，最多 20（2）
  --timeout 秒            每次问候的时限，最多 60（10）
  --witness 公钥          只认该见证者的回执
  --json                  一个对象（seenas/probe@1）；--lang en|zh；--quiet

退出状态：0 有应答 · 2 用法有误或本机没有该地址 · 3 没有任何应答
`,
} as const;

export const probeUsage = (language: Language): string => USAGE[language];
