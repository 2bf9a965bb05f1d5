import { readJsonDocuments } from "../../documents/json.ts";
import type { Problem } from "../../problem.ts";
import type { Evidence, EvidenceKind } from "../observation.ts";
import { isNatEntry, readNatEntries } from "./cloud-nat.ts";
import type { LogEntry } from "./entry.ts";
import { isFlowEntry, readFlowEntries } from "./gcp-flow.ts";

/** Reads an export of Cloud Logging that holds Cloud NAT or VPC Flow Logs entries, or both. */
export function readGcpLogs(text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  // What gcloud prints when it is not told otherwise.
  if (value.length === 0 && /^\s{0,8}jsonPayload:/m.test(text))
    return { file, kind: "unknown", observations: [], paths: [], names: [], problems: [isYaml(file)] };
  const documents = value.filter((document) => !Array.isArray(document.value) || document.value.length > 0);
  const nat = documents.filter((document) => isNatEntry(document.value));
  const flows = documents.filter((document) => !isNatEntry(document.value) && isFlowEntry(document.value));
  const others = documents.filter((document) => !isNatEntry(document.value) && !isFlowEntry(document.value));
  const read = [readNatEntries(nat, file), readFlowEntries(flows, file)];
  return {
    file,
    kind: kindOf(nat.length, flows.length),
    observations: read.flatMap(({ observations }) => observations),
    paths: [],
    names: [],
    problems: [
      ...problems,
      ...read.flatMap((part) => part.problems),
      ...others.slice(0, 1).map((other) => passedOver(other, others.length, file)),
    ],
  };
}

const kindOf = (nat: number, flows: number): EvidenceKind =>
  nat > 0 && flows > 0 ? "mixed" : flows > 0 ? "gcp-flow-log" : "cloud-nat-log";

const isYaml = (file: string): Problem => ({
  level: "error",
  code: "gcp-log/yaml",
  file,
  line: null,
  text: { en: "expected log entries as JSON, found YAML", zh: "日志应为 JSON，实为 YAML" },
  fix: {
    en: "export it again with --format=json; nothing of it was used",
    zh: "请加 --format=json 重新导出；其内容未被使用",
  },
});

const passedOver = ({ origin }: LogEntry, count: number, file: string): Problem => ({
  level: "warning",
  code: "gcp-log/other-entries",
  file,
  line: origin.line,
  text: {
    en: `${count} entries are neither of Cloud NAT nor of VPC Flow Logs; they were not read`,
    zh: `有 ${count} 条记录既非 Cloud NAT 也非 VPC 流日志，未读取`,
  },
  fix: {
    en: 'narrow the export with a filter, for example logName:"nat_flows"',
    zh: '请用过滤条件缩小导出范围，例如 logName:"nat_flows"',
  },
});
