import type { Ip } from "../../address/ip.ts";
import type { Text } from "../../problem.ts";
import { provesAllocated } from "../logs/cloud-nat.ts";
import { AT_GATEWAY, AT_RECEIVER } from "../logs/gcp-flow.ts";
import type { Evidence, ObservedAddress } from "../observation.ts";
import type { StoredSource } from "../stored.ts";
import { evidenceOf, type Judgement, observe, quoted } from "./observe.ts";
import { PROVES_NAT } from "./translators/azure.ts";

/** One observation for each source that the store has for the flow. */
export function evidenceOfStored(sources: readonly StoredSource[], store: string): Evidence {
  const kinds = new Set(sources.map(({ kind }) => kind));
  const [kind = "unknown"] = kinds;
  const observations = sources.map((one) => {
    const seen = {
      source: observedIp(one.source),
      destination: one.destination === null ? null : observedIp(one.destination),
      destinationPort: one.destinationPort,
      protocol: one.protocol,
      at: one.last,
    };
    const quote = `${one.source} (${one.count}), ${one.first} – ${one.last}`;
    const before = one.before === null ? null : observedIp(one.before);
    return { ...observe(store, one.kind, quoted(0, quote, seen, { before }), saysOf(one), judge(one)), line: null };
  });
  return evidenceOf(store, kinds.size > 1 ? "mixed" : kind, observations);
}

const observedIp = (ip: Ip): ObservedAddress => ({ text: ip, ip, masked: false });

const saysOf = ({ kind, source, count, first, last }: StoredSource): Text => ({
  en: `The log store has ${count === 1 ? "a record" : `${count} records`} (${kind}) of this sender towards this destination with the source ${source}, ${count === 1 ? `at ${last}` : `from ${first} to ${last}`}.`,
  zh: `日志存储中有 ${count} 条记录（${kind}）显示该发送方去往该目的地时的源地址为 ${source}，${count === 1 ? `时间 ${last}` : `自 ${first} 至 ${last}`}。`,
});

function judge({ kind, strength, source }: StoredSource): Judgement {
  if (strength === "translator-logged")
    return {
      strength,
      vantage: "translator",
      proves: kind === "azure-nat-log" ? PROVES_NAT : kind === "cloud-nat-log" ? provesAllocated(source) : TRANSLATOR,
    };
  if (strength === "destination-observed")
    return { strength, vantage: "destination", proves: kind === "gcp-flow-log" ? AT_RECEIVER.proves : ARRIVED };
  if (kind === "gcp-flow-log" && strength === AT_GATEWAY.strength) return AT_GATEWAY;
  return { strength, vantage: "third-party", proves: ELSEWHERE };
}

const TRANSLATOR: Text = {
  en: "The translator itself logged this source. Another one behind it may have replaced it again.",
  zh: "转换设备自身记录了此源地址；其后的其他设备仍可能再次转换。",
};

const ARRIVED: Text = {
  en: "Recorded at the receiving side: the source as it arrived there.",
  zh: "在接收方记录：即到达时的源地址。",
};

const ELSEWHERE: Text = {
  en: "Seen by somebody who is not the destination: what is behind may still translate.",
  zh: "由目的端以外的一方看到：其后仍可能转换。",
};
