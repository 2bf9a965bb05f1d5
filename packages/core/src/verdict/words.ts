import { listOf, setSize } from "../address/address-set.ts";
import type { EgressIdentity, IdentityKind } from "../model/identity.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Text } from "../problem.ts";

const SHOWN = 8;

/** Its addresses; null when none can be named. */
export function sentenceOf(answer: EgressIdentity): Text | null {
  const all = listOf(answer.addresses);
  if (all.length === 0) return null;
  if (all.length === 1) return { en: all[0] ?? "", zh: all[0] ?? "" };
  const rest = all.length - SHOWN;
  const shown = all.slice(0, SHOWN).join(", ") + (rest > 0 ? ` … +${rest}` : "");
  const size = setSize(answer.addresses);
  return { en: `one of ${size}: ${shown}`, zh: `${size} 个地址之一：${shown}` };
}

const KIND: Record<IdentityKind, Text> = {
  translated: { en: "an address that is not known", zh: "未知的地址" },
  preserved: { en: "its own address", zh: "自己的地址" },
  blocked: { en: "nothing leaves", zh: "流量无法发出" },
  unpredictable: { en: "an address nobody can know before", zh: "事先无法得知的地址" },
  unknown: { en: "not known", zh: "未知" },
};

/** In a few words, for a list. */
export function shortly({ identity }: Pick<Outcome, "identity">): Text {
  return sentenceOf(identity) ?? KIND[identity.kind];
}
