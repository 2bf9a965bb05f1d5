import { readJsonDocuments } from "../../../documents/json.ts";
import { type LogEntry, member, portAt, protocolAt, quoteOfEntry, textAt, timeAt } from "../../logs/entry.ts";
import type { Evidence, Observation, ObservedAddress } from "../../observation.ts";
import { evidenceOf, observe, quoted } from "../observe.ts";
import { addressIn } from "../words.ts";

const listAt = (value: unknown, name: string): readonly unknown[] => {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
};

/**
 * Analyses of AWS Reachability Analyzer (`aws ec2 describe-network-insights-analyses`). The header behind the last
 * component of the way there names the source a destination would see, if a path was found.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInsightsAnalysis.html
 */
export function readReachability(text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const analyses = value.flatMap(({ value: one, origin }) => {
    const many = listAt(one, "NetworkInsightsAnalyses");
    return many.length > 0 ? many.map((analysis): LogEntry => ({ value: analysis, origin })) : [{ value: one, origin }];
  });
  const observations = analyses.flatMap((analysis) => observationOf(analysis, file) ?? []);
  return evidenceOf(file, "path-analysis", observations, { problems });
}

function observationOf({ value, origin }: LogEntry, file: string): Observation | null {
  if (member(value, "NetworkPathFound") !== true) return null;
  const headers = listAt(value, "ForwardPathComponents").flatMap((component) => [
    member(component, "InboundHeader"),
    member(component, "OutboundHeader"),
  ]);
  const sources = headers.map((header) => oneAddress(header, "SourceAddresses")).filter((one) => one !== null);
  const last = headers.findLast((header) => oneAddress(header, "DestinationAddresses") !== null);
  const [before, source] = [sources[0], sources.at(-1)];
  if (before === undefined || source === undefined) return null;
  const destination = oneAddress(last, "DestinationAddresses");
  const port = listAt(last, "DestinationPortRanges")[0];
  const from = portAt(port, "From");
  const seen = {
    source,
    destination,
    destinationPort: from !== null && from === portAt(port, "To") ? from : null,
    protocol: protocolAt(last, "Protocol"),
    at: timeAt(value, "StartDate"),
  };
  const quote = quoteOfEntry({
    NetworkPathFound: true,
    id: textAt(value, "NetworkInsightsAnalysisId"),
    source: source.text,
  });
  return observe(
    file,
    "path-analysis",
    quoted(origin.line ?? 1, quote, seen, { before }),
    {
      en: `Reachability Analyzer finds a way from ${before.text} to ${destination?.text ?? "the destination"}, at whose end the source is ${source.text}.`,
      zh: `Reachability Analyzer 找到从 ${before.text} 到 ${destination?.text ?? "目的地"} 的路径，其末端的源地址为 ${source.text}。`,
    },
    {
      strength: "config-predicted",
      vantage: "provider",
      proves: {
        en: "A prediction from configuration, like the one made here: no packet was sent. It ends at the edge of the VPC; what stands behind may translate again.",
        zh: "与此处一样是根据配置作出的预测：没有发送任何数据包。它止于 VPC 边缘，其后的设备仍可能转换。",
      },
    },
  );
}

/** A header may stand for several packets; only a single address is one. */
function oneAddress(header: unknown, name: string): ObservedAddress | null {
  const [only, ...others] = listAt(header, name);
  return typeof only === "string" && others.length === 0 ? addressIn(only.replace(/\/(?:32|128)$/, "")) : null;
}
