import type { Problem, Text } from "@seenas/core";

const wrong = (code: string, text: Text, fix: Text): Problem => ({
  ...{ level: "error", code: `probe/${code}`, file: null, line: null, text, fix },
});

export const noTarget = (): Problem =>
  wrong(
    "to",
    { en: "a probe needs --to with a port", zh: "需要用 --to 给出目的地和端口" },
    { en: "for example: seenas probe --to 198.51.100.25:25", zh: "例如：seenas probe --to 198.51.100.25:25" },
  );

export const noIcmp = (): Problem =>
  wrong(
    "icmp",
    {
      en: "a hello needs TCP or UDP: nobody logs an echo request by its content",
      zh: "问候需要 TCP 或 UDP：没有人会按内容记录 ICMP 回显请求",
    },
    { en: "give a port, with /udp if need be", zh: "请给出端口，必要时加 /udp" },
  );

export const wrongHello = (found: string, all: readonly string[]): Problem =>
  wrong(
    "hello",
    {
      en: `expected one of ${all.join(", ")} after --hello, found ${JSON.stringify(found)}`,
      zh: `--hello 之后应为 ${all.join("、")} 之一，实为 ${JSON.stringify(found)}`,
    },
    { en: "udp and stun go with /udp in --to, the others without", zh: "udp 和 stun 需要 --to 带 /udp，其他的不带" },
  );

export const notHere = (found: string, own: readonly string[]): Problem =>
  wrong(
    "from",
    { en: `${JSON.stringify(found)} is no address of this host`, zh: `${JSON.stringify(found)} 不是本机地址` },
    {
      en: `this host has ${own.join(", ") || "none of that family"}; or: --from system`,
      zh: `本机地址有 ${own.join("、") || "（无该协议族地址）"}；也可用 --from system`,
    },
  );

export const unknownName = (name: string): Problem =>
  wrong(
    "name",
    { en: `no address is known for ${name}`, zh: `无法解析 ${name}` },
    { en: "check the name, or give the address", zh: "请检查名称，或直接给出地址" },
  );

export const tooMany = (count: number, most: number): Problem =>
  wrong(
    "too-many",
    { en: `${count} hellos are more than a probe sends (${most})`, zh: `${count} 次问候超出上限（${most}）` },
    { en: "name one source with --from, or repeat less", zh: "请用 --from 指定一个源地址，或减少重复次数" },
  );
