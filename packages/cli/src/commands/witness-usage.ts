import type { Language } from "@seenas/core";

const USAGE = {
  en: `seenas witness: listens, records the source of every caller, and tells each what it saw, with a signed receipt

  seenas witness --listen smtp:2525 --listen http:8080 [--listen KIND:[ADDRESS:]PORT]…
                           KIND is tcp, smtp, http, tls, udp or stun; it runs until it is stopped (Ctrl-C, SIGTERM)
  seenas witness --pcap FILE [--log FILE]
                           the same record from a packet capture that was taken at the destination
  seenas witness verify FILE… [--log FILE] [--witness KEY]
                           receipts in files of any kind (what probe wrote, a transcript): changed, replayed, or sound

Options
  --log FILE              where sightings are appended, a line of JSON each (seenas-witness.jsonl)
  --identity FILE         the key that signs receipts (seenas-witness.identity), made when there is none, for its owner only
  --cert FILE --key FILE  for tls, in PEM; without them a self-signed certificate is made
  --proxy-from CIDR       peers that send the PROXY protocol, v1 or v2; nobody else is believed, and no header ever is
  --connections N         open at the same time, of all (25000)
  --per-source N          open at the same time, of one address or one /64 of IPv6 (512)
  --patience SECONDS      how long one caller may take (60)
  --witness KEY           verify: only receipts of this key, as the witness printed it
  --json                  one object when it listens, and one for verify; --lang en|zh; --quiet

A caller is answered only when its line is safe on the disk. Read the log with: seenas explain --evidence FILE

Exit status: 0 stopped, or every receipt is sound · 1 the program failed · 2 bad usage, a port in use, an unreadable file
· 3 verify: no receipt was found, or it cannot be told · 4 verify: a receipt was changed or replayed
`,
  zh: `seenas witness：在目的端监听，记录每个来访者的源地址，并告知对方所见，附签名回执

  seenas witness --listen smtp:2525 --listen http:8080 [--listen 类型:[地址:]端口]…
                           类型为 tcp、smtp、http、tls、udp 或 stun；一直运行到被停止（Ctrl-C、SIGTERM）
  seenas witness --pcap 文件 [--log 文件]
                           从目的端的抓包文件生成同样的记录
  seenas witness verify 文件… [--log 文件] [--witness 公钥]
                           检查任意文件（probe 的输出、会话记录）中的回执：被篡改、被重放，或无误

选项
  --log 文件              追加记录的位置，每行一个 JSON（seenas-witness.jsonl）
  --identity 文件         签发回执的密钥（seenas-witness.identity），不存在时新建，仅所有者可读
  --cert 文件 --key 文件  供 tls 使用，PEM 格式；不给则自动生成自签名证书
  --proxy-from 前缀       会发送 PROXY 协议（v1 或 v2）的对端；其他对端的一律不信，任何转发头都不采信
  --connections N         同时打开的连接总数（25000）
  --per-source N          单个地址或单个 IPv6 /64 同时打开的连接数（512）
  --patience 秒           每个来访者最长占用时间（60）
  --witness 公钥          verify：只认该公钥签发的回执（见证者启动时会打印）
  --json                  监听时输出一个对象，verify 亦然；--lang en|zh；--quiet

只有记录已落盘，来访者才会得到回答。日志可用 seenas explain --evidence 文件 读取

退出状态：0 已停止，或全部回执无误 · 1 程序出错 · 2 用法有误、端口被占用或文件无法读取
· 3 verify：没有找到回执，或无法判断 · 4 verify：回执被篡改或重放
`,
} as const;

export const witnessUsage = (language: Language): string => USAGE[language];
