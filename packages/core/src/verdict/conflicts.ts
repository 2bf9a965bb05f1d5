import { listOf } from "../address/address-set.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Text } from "../problem.ts";
import type { Conflict, JudgedObservation, JudgedOutcome } from "./verdict.ts";

/** What cannot be true together, and which side is likely wrong. */
export function conflictsOf(
  observations: readonly JudgedObservation[],
  outcomes: readonly JudgedOutcome[],
  predicted: EgressIdentity,
  fromEvidence: boolean,
): readonly Conflict[] {
  // Without a configuration a line may be anybody's, and one translator may have several addresses.
  const own = outcomes.filter(
    ({ assumptions }) => !(fromEvidence && assumptions.some(({ basis }) => basis === "open")),
  );
  const isOnePool = fromEvidence && own.every(({ identity }) => identity.kind === "translated");
  return [...againstConfiguration(observations, predicted), ...(isOnePool ? [] : amongEvidence(observations, own))];
}

/** One flow was seen with sources that no single outcome has. */
function amongEvidence(
  observations: readonly JudgedObservation[],
  outcomes: readonly JudgedOutcome[],
): readonly Conflict[] {
  const supporting = outcomes.filter(({ supportedBy }) => supportedBy.length > 0);
  const all = new Set(supporting.flatMap(({ supportedBy }) => supportedBy));
  if (supporting.length < 2 || supporting.some(({ supportedBy }) => supportedBy.length === all.size)) return [];
  const seen = [...new Set([...all].map((index) => observations[index]?.seen.source?.text ?? "?"))].join(", ");
  return [
    {
      text: { en: `one flow was seen with ${seen}`, zh: `同一流量被观察到使用 ${seen}` },
      observations: [...all].sort((a, b) => a - b),
      likely: anotherFlow,
    },
  ];
}

function againstConfiguration(
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
const anotherFlow: Text = {
  en: "one of the records: it is another client's, or was taken at another time or by another path. Leave it out if so; if not, all of these arrive",
  zh: "其中一条记录：它属于其他客户端，或在其他时间、其他路径上采集。若如此请去掉；否则这些地址都会到达",
};
const otherPath: Text = {
  en: "the evidence: it saw another destination or path than the flow in question",
  zh: "证据一方：它观察到的是另一个目的地址或路径",
};
