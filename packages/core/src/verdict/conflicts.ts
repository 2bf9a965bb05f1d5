import { listOf } from "../address/address-set.ts";
import { isPrivate } from "../address/cidr.ts";
import { instantOf } from "../evidence/time.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Text } from "../problem.ts";
import { isOwnAddress } from "./relevance.ts";
import type { Conflict, JudgedObservation, JudgedOutcome, Question } from "./verdict.ts";

export interface Judged {
  readonly observations: readonly JudgedObservation[];
  readonly outcomes: readonly JudgedOutcome[];
  readonly predicted: EgressIdentity;
  readonly fromEvidence: boolean;
}

/** What cannot be true together, and which side is likely wrong. */
export function conflictsOf(question: Question, judged: Judged): readonly Conflict[] {
  const { observations, outcomes, fromEvidence } = judged;
  // Without a configuration a line may be anybody's, and one translator may have several addresses.
  const own = outcomes.filter(
    ({ assumptions }) => !(fromEvidence && assumptions.some(({ basis }) => basis === "open")),
  );
  const isOnePool = fromEvidence && own.every(({ identity }) => identity.kind === "translated");
  return [...againstConfiguration(question, judged), ...(isOnePool ? [] : amongEvidence(observations, own))];
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

function againstConfiguration(question: Question, { observations, predicted }: Judged): readonly Conflict[] {
  const against = observations.flatMap((observation, index) => (observation.effect === "contradicts" ? [index] : []));
  if (against.length === 0) return [];
  const sightings = against.flatMap((index) => observations[index] ?? []);
  const seen = [...new Set(sightings.map((one) => one.seen.source?.text ?? "?"))].join(", ");
  return [
    {
      text: contradiction(seen, predicted),
      observations: against,
      likely: likelyReason(predicted, sightings, question),
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

/** The side that is wrong more often, by what each side is: who saw it, where, and when. */
function likelyReason(predicted: EgressIdentity, sightings: readonly JudgedObservation[], question: Question): Text {
  const strongest = sightings.filter(({ strength }) => WITNESSES.has(strength));
  if (strongest.length === 0) return otherPath;
  if (strongest.every(({ kind }) => kind === "mail-headers")) return joined(forgedHeader, ageOf(strongest, question));
  return joined(reasonAtDestination(predicted, strongest, question), ageOf(strongest, question));
}

const WITNESSES: ReadonlySet<string> = new Set(["destination-observed", "translator-logged"]);

function reasonAtDestination(
  predicted: EgressIdentity,
  sightings: readonly JudgedObservation[],
  question: Question,
): Text {
  if (predicted.kind === "blocked") return blockedYetSeen;
  const sources = sightings.flatMap(({ seen }) => seen.source?.ip ?? []);
  const foreign = sources.length > 0 && sources.every((ip) => isPrivate(ip) && !isOwnAddress(ip, question));
  if (predicted.kind === "translated" && foreign) return proxyBetween;
  return predicted.kind === "preserved" ? translatorBehindLink : configurationOld;
}

/** Which of the two is older, as far as both tell their time. */
function ageOf(sightings: readonly JudgedObservation[], { asOf }: Question): Text | null {
  const times = sightings.flatMap(({ seen }) => seen.at ?? []);
  const last = times.sort((a, b) => (instantOf(a) ?? 0) - (instantOf(b) ?? 0)).at(-1);
  if (asOf === null) return last === undefined ? null : exportUndated(last);
  return last === undefined ? recordUndated(asOf) : exportOlder(asOf, last);
}

const joined = (reason: Text, age: Text | null): Text =>
  age === null ? reason : { en: `${reason.en}. ${age.en}`, zh: `${reason.zh}。${age.zh}` };

const exportOlder = (asOf: string, at: string): Text => ({
  en: `The export was made at ${asOf}, the sighting is of ${at}, later`,
  zh: `导出时间为 ${asOf}，该记录为 ${at}，更晚`,
});
const exportUndated = (at: string): Text => ({
  en: `The sighting is of ${at}; the export does not say when it was made, so which of the two is older is not known`,
  zh: `该记录为 ${at}；导出未注明时间，因此无法知道哪个更早`,
});
const recordUndated = (asOf: string): Text => ({
  en: `The export was made at ${asOf}; the record tells no full time, so which of the two is older is not known`,
  zh: `导出时间为 ${asOf}；该记录没有完整时间，因此无法知道哪个更早`,
});

const configurationOld: Text = {
  en: "the configuration: what was received cannot be argued with. It may be older than the sighting, or a translator that is not in it stands on the way; export it again and compare. If the line is another client's, leave it out",
  zh: "配置一方：实际收到的数据无可争辩。配置可能早于该记录，或途中有配置之外的转换设备；请重新导出并比较。若该行属于其他客户端，请去掉",
};
const translatorBehindLink: Text = {
  en: "the configuration: it keeps the source as far as it reaches, and what is behind it (the far end of a link, a firewall or a proxy of either side) is not in it: most likely something there translates. If the line is another client's, leave it out",
  zh: "配置一方：在其范围内源地址保持不变，但其后（专线或隧道的另一端、任何一方的防火墙或代理）不在配置中：很可能是那里做了转换。若该行属于其他客户端，请去掉",
};
const proxyBetween: Text = {
  en: "the place where it was seen: a private address that is not the sender's is that of a proxy or load balancer in front of the server, which opened a connection of its own. Ask for the log of the outermost device",
  zh: "观察的位置：该私有地址不属于发送方，应是服务器前面的代理或负载均衡器，它另建了连接。请索取最外层设备的日志",
};
const forgedHeader: Text = {
  en: "the header: only the line that the destination's own server wrote can be relied on; those below it are whatever the sender's side wrote, and can be forged. Ask for that server's log",
  zh: "邮件头一方：只有目的端服务器自己写的那一行可信；其下各行由发送方一侧写入，可以伪造。请索取该服务器的日志",
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
