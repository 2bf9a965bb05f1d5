import { listOf, setSize } from "../address/address-set.ts";
import type { EgressIdentity, Stability } from "../model/identity.ts";
import type { Text } from "../problem.ts";
import type { Certainty } from "../verdict/verdict.ts";

const SHOWN = 6;

const listed = (identity: EgressIdentity): string => {
  const all = listOf(identity.addresses);
  const more = all.length - SHOWN;
  return all.slice(0, SHOWN).join(", ") + (more > 0 ? ` … +${more}` : "");
};

/** What a destination sees, in a few words. */
export function seenWords(identity: EgressIdentity): Text {
  const { kind, addresses, complete } = identity;
  const all = listed(identity);
  const others: Text = complete ? { en: "", zh: "" } : { en: ", or others", zh: "，或其他" };
  switch (kind) {
    case "blocked":
      return { en: "nothing", zh: "无" };
    case "unknown":
      return { en: "cannot be told", zh: "无法判断" };
    case "unpredictable":
      return addresses.length === 0
        ? { en: "an address nobody can know before", zh: "事先无法得知的地址" }
        : { en: `${all}, or something else`, zh: `${all}，或其他` };
    case "translated":
    case "preserved": {
      if (addresses.length === 0) return { en: "an address that is not known yet", zh: "尚不清楚的地址" };
      const size = setSize(addresses);
      const of = size > 1n ? { en: `one of ${size}: `, zh: `${size} 个之一：` } : { en: "", zh: "" };
      return { en: `${of.en}${all}${others.en}`, zh: `${of.zh}${all}${others.zh}` };
    }
    default:
      return kind satisfies never;
  }
}

export const STABILITY_WORD: Readonly<Record<Stability, Text>> = {
  static: { en: "static", zh: "静态" },
  ephemeral: { en: "ephemeral", zh: "临时" },
  changing: { en: "changing", zh: "会变" },
  unknown: { en: "stability unknown", zh: "稳定性未知" },
};

export const CERTAINTY_WORD: Readonly<Record<Certainty, Text>> = {
  observed: { en: "observed", zh: "已观察" },
  logged: { en: "logged", zh: "已记录" },
  predicted: { en: "predicted", zh: "预测" },
  possible: { en: "possible", zh: "可能" },
  unknown: { en: "unknown", zh: "未知" },
};

/** The first few of a list, and how many more there are. */
export function fewOf(words: readonly string[], count: number): string {
  const more = words.length - count;
  return words.slice(0, count).join(", ") + (more > 0 ? ` +${more}` : "");
}
