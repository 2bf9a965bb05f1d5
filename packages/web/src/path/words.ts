import type { Fate, Text } from "@seenas/core";
import type { ElementKind, PathElement, Standing } from "../protocol.ts";

export const KIND: Readonly<Record<ElementKind, Text>> = {
  host: { en: "Host", zh: "主机" },
  interface: { en: "Interface", zh: "网卡" },
  guest: { en: "Host route", zh: "主机路由" },
  network: { en: "Network", zh: "网络" },
  route: { en: "Route", zh: "路由" },
  hop: { en: "Next hop", zh: "下一跳" },
  translator: { en: "Translator", zh: "转换设备" },
  link: { en: "Link", zh: "专线/隧道" },
  appliance: { en: "Appliance", zh: "网络设备" },
  block: { en: "Blocked", zh: "阻断" },
  destination: { en: "Destination", zh: "目的端" },
  more: { en: "More", zh: "更多" },
};

export const FATE: Readonly<Record<Fate, Text>> = {
  taken: { en: "taken", zh: "采用" },
  shared: { en: "shares the traffic", zh: "分担流量" },
  unusable: { en: "cannot forward", zh: "无法转发" },
  "less-preferred": { en: "less preferred", zh: "优先级较低" },
  "less-specific": { en: "less specific", zh: "前缀较短" },
  "later-table": { en: "not reached", zh: "未查到该表" },
  "rule-not-met": { en: "rule not met", zh: "规则不匹配" },
};

export const STANDING: Readonly<Record<Standing, Text>> = {
  answer: { en: "part of the answer", zh: "属于答案" },
  standing: { en: "possible, not the answer", zh: "可能，但不是答案" },
  eliminated: { en: "ruled out by the evidence", zh: "已被证据排除" },
};

/** Of a route that lost, how it did; of everything else, what it is to the answer. */
export const partOf = ({ fate, standing }: PathElement): Text =>
  fate === null || fate.fate === "taken" || fate.fate === "shared" ? STANDING[standing] : FATE[fate.fate];
