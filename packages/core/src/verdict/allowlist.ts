import { setCovers } from "../address/address-set.ts";
import type { EgressIdentity, Stability } from "../model/identity.ts";
import type { Text } from "../problem.ts";
import type { AllowlistEntry } from "./verdict.ts";

/** The ranges a destination must accept: the answer, what connections made before still show, and what scaling may add. */
export function allowlistOf(answer: EgressIdentity): readonly AllowlistEntry[] {
  const { stability } = answer;
  const words = answer.complete ? STABILITY[stability] : INCOMPLETE;
  return [
    ...answer.addresses.map((cidr) => ({ cidr, stability, text: words })),
    ...answer.draining.map((cidr) => ({ cidr, stability: "changing" as const, text: DRAINING })),
    ...(answer.afterScaling ?? [])
      .filter((cidr) => !setCovers(answer.addresses, [cidr]))
      .map((cidr) => ({ cidr, stability, text: AFTER_SCALING })),
  ];
}

const STABILITY: Record<Stability, Text> = {
  static: { en: "reserved; stays until somebody changes the configuration", zh: "已预留；在有人更改配置之前不变" },
  ephemeral: { en: "lasts until the resource stops or is replaced", zh: "资源停止或被替换后失效" },
  changing: { en: "the provider may change it at any time: not safe to list", zh: "厂商随时可能更改：不宜写入白名单" },
  unknown: { en: "how long it lasts is not known", zh: "能保持多久未知" },
};

const INCOMPLETE: Text = { en: "there may be others: this list is not complete", zh: "可能还有其他地址：此列表不完整" };

const AFTER_SCALING: Text = {
  en: "not used now, but may be once it is scaled to another tier: list it if the list is to survive that",
  zh: "目前未使用，但更换定价层后可能使用：若白名单要经得起缩放，请一并列入",
};

const DRAINING: Text = {
  en: "draining: only connections made before the change still show it; remove it when they are gone",
  zh: "正在排空：只有更改前建立的连接仍会使用；这些连接结束后即可移除",
};
