import { listOf } from "../address/address-set.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Text } from "../problem.ts";
import type { Conflict, JudgedObservation } from "./verdict.ts";

/** What cannot be true together, and which side is likely wrong. */
export function conflictsOf(
  observations: readonly JudgedObservation[],
  predicted: EgressIdentity,
): readonly Conflict[] {
  const against = observations.flatMap((observation, index) => (observation.effect === "contradicts" ? [index] : []));
  if (against.length === 0) return [];
  const seen = [...new Set(against.map((index) => observations[index]?.seen.source?.text ?? "?"))].join(", ");
  return [
    {
      text: contradiction(seen, predicted),
      observations: against,
      likely: likelyReason(predicted, observations, against),
    },
  ];
}

function contradiction(seen: string, predicted: EgressIdentity): Text {
  const addresses = listOf(predicted.addresses).join(", ");
  const en = predicted.kind === "blocked" ? "nothing leaves" : `only ${addresses || "nothing it can name"} is possible`;
  const zh = predicted.kind === "blocked" ? "流量无法发出" : `只可能是 ${addresses || "（无法指明）"}`;
  return {
    en: `${seen} was seen, but by the configuration ${en}`,
    zh: `实际观察到 ${seen}，但按配置${zh}`,
  };
}

function likelyReason(
  predicted: EgressIdentity,
  observations: readonly JudgedObservation[],
  against: readonly number[],
): Text {
  const strongest = against.map((index) => observations[index]).filter((one) => one !== undefined);
  if (strongest.some(({ strength }) => strength === "destination-observed" || strength === "translator-logged"))
    return predicted.kind === "blocked" ? blockedYetSeen : configurationOld;
  return otherPath;
}

const configurationOld: Text = {
  en: "the configuration: what was received cannot be argued with. It may be older than the sighting, or a translator that is not in it stands on the way; export it again and compare. If the line is another client's, leave it out",
  zh: "配置一方：实际收到的数据无可争辩。配置可能早于该记录，或途中有配置之外的转换设备；请重新导出并比较。若该行属于其他客户端，请去掉",
};
const blockedYetSeen: Text = {
  en: "the configuration: something arrived although by the configuration nothing leaves. It may be older than the sighting, or incomplete; export it again and compare",
  zh: "配置一方：按配置流量无法发出，却实际到达。配置可能早于该记录或不完整；请重新导出并比较",
};
const otherPath: Text = {
  en: "the evidence: it saw another destination or path than the flow in question",
  zh: "证据一方：它观察到的是另一个目的地址或路径",
};
