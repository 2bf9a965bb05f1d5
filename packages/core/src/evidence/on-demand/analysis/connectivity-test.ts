import { readJsonDocuments } from "../../../documents/json.ts";
import type { Origin, Problem } from "../../../problem.ts";
import { member, portAt, protocolAt, quoteOfEntry, textAt, timeAt } from "../../logs/entry.ts";
import { isAddress, parseObserved } from "../../masked.ts";
import type { Evidence, Observation } from "../../observation.ts";

/** Words that stand in every result of a Connectivity Test, and in nothing else that is read here. */
export const isConnectivityTest = (text: string): boolean =>
  /"(?:reachabilityDetails|forwardTraceId|ipMasqueradingSkipped)"/.test(text) && /"(?:traces|steps)"/.test(text);

/**
 * Reads results of Google's Connectivity Tests: a test, a list of them, or one trace. The source that a destination
 * would see is what the last translation of the forward trace gives, if the trace arrives.
 *
 * Problems: those of JSON, `path-analysis/nothing-arrives`.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto
 */
export function readConnectivityTests(text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const traces = value.flatMap(({ value: one, origin }) => tracesIn(one, origin));
  const observations = traces.flatMap((trace) => observationOf(trace, file) ?? []);
  const own = traces.length > 0 && observations.length === 0 ? [nothingArrives(file, traces[0]?.origin ?? null)] : [];
  return { file, kind: "path-analysis", observations, paths: [], names: [], problems: [...problems, ...own] };
}

interface Trace {
  readonly value: unknown;
  readonly at: string | null;
  readonly origin: Origin;
}

function tracesIn(value: unknown, origin: Origin): readonly Trace[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => (Array.isArray(one) ? [] : tracesIn(one, origin)));
  if (Array.isArray(member(value, "steps"))) return [{ value, at: null, origin }];
  const details = member(value, "reachabilityDetails");
  const traces = member(details, "traces");
  const at = timeAt(details, "verifyTime");
  return Array.isArray(traces) ? traces.map((one: unknown) => ({ value: one, at, origin })) : [];
}

/** Steps stand in order; a step that the caller may not see is there without its content. */
const stepsOf = (trace: unknown): readonly unknown[] => {
  const steps = member(trace, "steps");
  return Array.isArray(steps) ? steps : [];
};

const ARRIVES: ReadonlySet<string> = new Set(["DELIVER", "FORWARD"]);

function observationOf({ value, at, origin }: Trace, file: string): Observation | undefined {
  const steps = stepsOf(value);
  const final = textAt(steps.at(-1), "state") ?? "";
  if (!ARRIVES.has(final) || steps.some((step) => textAt(step, "state") === "VIEWER_PERMISSION_MISSING"))
    return undefined;
  const changes = steps.flatMap((step) => [member(step, "nat"), member(step, "proxyConnection")]).filter(hasSource);
  const start = textAt(value, "endpointInfo", "sourceIp") ?? textAt(steps[0], "instance", "internalIp") ?? "";
  const before = parseObserved(textAt(changes[0], "oldSourceIp") || start);
  const source = parseObserved(textAt(changes.at(-1), "newSourceIp") ?? before.text);
  const destination = parseObserved(textAt(value, "endpointInfo", "destinationIp") ?? "");
  if (!isAddress(source)) return undefined;
  const by = textAt(changes.at(-1), "type") ?? (changes.length > 0 ? "a proxy" : "nothing");
  return {
    file,
    line: origin.line ?? 1,
    kind: "path-analysis",
    quote: quoteOfEntry({ nat: changes.at(-1) ?? null, state: final }),
    says: {
      en: `Google's analysis takes ${before.text} to ${destination.text || "the destination"} with the source ${source.text}, set last by ${by}.`,
      zh: `Google 的分析表明 ${before.text} 去往 ${destination.text || "目的地"} 时源地址为 ${source.text}，最后由 ${by} 设置。`,
    },
    proves: {
      en: "It is a prediction from configuration like the one made here, with routes and rights that an export may lack; of a pool it names one address, and another may be used.",
      zh: "这与此处的预测一样来自配置，但可能包含导出中缺少的路由和权限；对于地址池它只给出其中一个地址，实际可能使用其他地址。",
    },
    strength: "config-predicted",
    seen: {
      source,
      sourcePort: null,
      destination: isAddress(destination) ? destination : null,
      destinationName: null,
      destinationPort: portAt(value, "endpointInfo", "destinationPort"),
      protocol: protocolAt(value, "endpointInfo", "protocol"),
      at,
    },
    before: isAddress(before) ? before : null,
    claimed: null,
    vantage: "provider",
  };
}

const hasSource = (change: unknown): boolean => (textAt(change, "newSourceIp") ?? "") !== "";

const nothingArrives = (file: string, origin: Origin | null): Problem => ({
  level: "warning",
  code: "path-analysis/nothing-arrives",
  file,
  line: origin?.line ?? null,
  text: {
    en: "no trace of this analysis arrives, or its steps may not be seen: it says nothing of a source address",
    zh: "此分析中没有到达目的地的路径，或其步骤无权查看：无法说明源地址",
  },
  fix: {
    en: "run the test again with the right to see every project on the way",
    zh: "请以能查看沿途所有项目的权限重新运行测试",
  },
});
