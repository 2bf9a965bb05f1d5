import type { Language } from "@seenas/core";

const USAGE = {
  en: `seenas logs: NAT logs, flow logs and sightings kept on this machine, and what they say

  seenas logs ingest FILE|DIR|-… --store PATH
                           reads Cloud NAT, GCP, Azure and AWS flow logs, Azure NAT gateway logs, mail logs and captures;
                           plain, gzip or zstd. Each row counts once, whatever is read again or overlaps
  seenas logs used --from VM|ADDRESS [--to PLACE[:PORT]] [--since TIME] [--until TIME] --store PATH
                           which source addresses a workload showed
  seenas logs who ADDRESS:PORT --at TIME [--to ADDRESS[:PORT]] [--tolerance 2s] --store PATH
                           who held it then; several if several may have
  seenas logs seen ADDRESS [--since TIME] [--until TIME] --store PATH
                           which workloads used it, towards where
  seenas logs sql used|who|seen … --dialect bigquery|log-analytics|kusto|athena|clickhouse|duckdb
                           prints the question for the engine that has the log; --table NAME, --log nat|flow
  seenas logs answer --from-result FILE
                           what the engine answered (CSV, JSON); explain --evidence FILE reads it as well

  --store PATH|clickhouse://…   a folder, made when it is not there, or a server
  --format table|json|csv  --json and --csv are short for it; --limit N rows (1000)
  --keep 30d               ingest: forgets what ended longer ago, also without a FILE
  --without-ports          ingest, for a new store: keeps workload, destination and address, and never a port
  --again                  ingest: reads files again that are done; rows still count once

Times are RFC 3339. None in the log is not "was not": every answer says what the logs cannot show.
Exit status: 0 answered · 1 the program failed · 2 bad usage or input · 3 nothing found, a part not asked, or rows rejected
`,
  zh: `seenas logs：在本机保存 NAT 日志、流日志和目的端记录，并回答查询

  seenas logs ingest 文件|文件夹|-… --store 路径
                           读取 Cloud NAT、GCP、Azure、AWS 流日志、Azure NAT 网关日志、邮件日志和抓包；
                           支持 gzip 与 zstd。重复读取或内容重叠时，每条记录只计一次
  seenas logs used --from 虚拟机|地址 [--to 位置[:端口]] [--since 时间] [--until 时间] --store 路径
                           某主机显示过哪些源地址
  seenas logs who 地址:端口 --at 时间 [--to 地址[:端口]] [--tolerance 2s] --store 路径
                           当时由谁持有；可能不止一个
  seenas logs seen 地址 [--since 时间] [--until 时间] --store 路径
                           哪些主机用过该地址、去往何处
  seenas logs sql used|who|seen … --dialect bigquery|log-analytics|kusto|athena|clickhouse|duckdb
                           打印供日志所在引擎执行的同一查询；--table 表名、--log nat|flow
  seenas logs answer --from-result 文件
                           引擎返回的结果（CSV、JSON）；explain --evidence 文件 也可读取

  --store 路径|clickhouse://…   文件夹（不存在时自动创建）或服务器
  --format table|json|csv  可简写为 --json、--csv；--limit N 行数（1000）
  --keep 30d               ingest：删除更早结束的记录；也可不带文件单独使用
  --without-ports          ingest，用于新存储：只保存主机、目的和地址，不保存端口
  --again                  ingest：重新读取已完成的文件；记录仍只计一次

时间为 RFC 3339。日志中没有并不表示没有发生：每个回答都会说明日志不能显示什么。
退出状态：0 已回答 · 1 程序出错 · 2 用法或输入有误 · 3 没有找到、部分未能查询或有记录被拒
`,
} as const;

export const logsUsage = (language: Language): string => USAGE[language];
