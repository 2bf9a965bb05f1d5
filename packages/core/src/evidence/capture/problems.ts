import type { Problem, Text } from "../../problem.ts";
import type { Damage } from "./steps.ts";

const problem = (level: Problem["level"], code: string, file: string, text: Text, fix: Text): Problem => ({
  level,
  code: `capture/${code}`,
  file,
  line: null,
  text,
  fix,
});

const CUT_BY_DESTINATION: Text = {
  en: "cut it by the destination you ask about: tcpdump -r FILE -w PART.pcap host ADDRESS",
  zh: "请按所问的目的地址截取：tcpdump -r FILE -w PART.pcap host 地址",
};

export const truncated = (file: string, packets: number): Problem =>
  problem(
    "warning",
    "truncated",
    file,
    {
      en: `it ends in the middle of a packet, after ${packets} whole ones; those were read`,
      zh: `文件在一个数据包中间结束，之前有 ${packets} 个完整的数据包，均已读取`,
    },
    {
      en: "stop tcpdump with Ctrl-C or SIGTERM and wait for it to write the rest, or copy the file again",
      zh: "请用 Ctrl-C 或 SIGTERM 停止 tcpdump 并等待其写完，或重新复制文件",
    },
  );

export const damaged = (file: string, { kind, after }: Damage): Problem =>
  problem(
    "error",
    "damaged",
    file,
    kind === "length"
      ? {
          en: `after packet ${after} comes one of an impossible length; nothing from there on was read`,
          zh: `第 ${after} 个数据包之后的长度不可能成立；其后内容均未读取`,
        }
      : {
          en: `after packet ${after} comes a block that contradicts itself; nothing from there on was read`,
          zh: `第 ${after} 个数据包之后的块自相矛盾；其后内容均未读取`,
        },
    {
      en: "copy the file again in binary mode; pcapfix may save the rest",
      zh: "请以二进制方式重新复制文件；pcapfix 或可挽救其余部分",
    },
  );

export const unknownLink = (file: string, link: number, packets: number): Problem =>
  problem(
    "error",
    "link-type",
    file,
    {
      en: `${packets} packets are of link type ${link}, which is not read; see https://www.tcpdump.org/linktypes.html`,
      zh: `${packets} 个数据包的链路类型为 ${link}，无法读取；见 https://www.tcpdump.org/linktypes.html`,
    },
    {
      en: "capture on an Ethernet interface or with tcpdump -i any, or print it: tcpdump -nn -tttt -r FILE > FILE.txt",
      zh: "请在以太网接口上抓包或使用 tcpdump -i any，或打印为文本：tcpdump -nn -tttt -r FILE > FILE.txt",
    },
  );

export const cutPackets = (file: string, packets: number): Problem =>
  problem(
    "warning",
    "cut-packets",
    file,
    {
      en: `${packets} packets were kept too short to show their ports; they were left out`,
      zh: `${packets} 个数据包保留的长度不足以看到端口；已略过`,
    },
    { en: "capture with a longer snapshot length: tcpdump -s 128", zh: "请加大抓包长度：tcpdump -s 128" },
  );

export const merged = (file: string, connections: number): Problem =>
  problem(
    "warning",
    "many-connections",
    file,
    {
      en: `more than ${connections} connections; of further ones only source, destination, port and protocol are told apart, so their number is not known`,
      zh: `连接超过 ${connections} 条；其余连接只区分源地址、目的地址、端口和协议，因此其数量未知`,
    },
    {
      en: "to have each of them looked at, cut it by destination or time: tcpdump -r FILE -w PART.pcap host ADDRESS",
      zh: "如需逐条查看，请按目的地址或时间截取：tcpdump -r FILE -w PART.pcap host 地址",
    },
  );

export const notKept = (file: string, packets: number, rows: number): Problem =>
  problem(
    "error",
    "too-many",
    file,
    {
      en: `more than ${rows} conversations; ${packets} packets of further ones were not kept, so sources may be missing`,
      zh: `会话超过 ${rows} 个；其余会话的 ${packets} 个数据包未保留，因此可能缺少源地址`,
    },
    CUT_BY_DESTINATION,
  );

export const untold = (file: string, connections: number, told: number): Problem =>
  problem(
    "error",
    "too-many",
    file,
    {
      en: `more than ${told} different sources and services; ${connections} connections of further ones are left out, so sources are missing`,
      zh: `不同的源地址与服务超过 ${told} 个；其余 ${connections} 条连接未列出，因此缺少源地址`,
    },
    CUT_BY_DESTINATION,
  );

export const withoutFlows = (file: string, packets: number): Problem =>
  problem(
    "warning",
    "nothing-found",
    file,
    packets === 0
      ? { en: "the capture holds no packet", zh: "抓包文件中没有数据包" }
      : {
          en: `none of its ${packets} packets is TCP, UDP or an ICMP echo`,
          zh: `其 ${packets} 个数据包中没有 TCP、UDP 或 ICMP 回显`,
        },
    {
      en: "capture while the connection is made, without a filter that leaves it out",
      zh: "请在建立连接时抓包，且过滤条件不要排除它",
    },
  );
