import { readJsonDocuments } from "../../../documents/json.ts";
import type { Line } from "../../lines.ts";
import type { Evidence, EvidenceKind, Observation, VantageHint } from "../../observation.ts";
import { MAY_BE_PROXY } from "../access/web.ts";
import { observationsOf } from "../filters/firewall.ts";
import { countOf, evidenceOf, fold, type Judgement, observe, timesOf, whenOf } from "../observe.ts";
import { isSocketRow, readSockets } from "../tables/sockets.ts";
import { DEVICE_FORMATS } from "./devices.ts";
import type { Format, Seldom, ServiceRecord } from "./format.ts";
import { auditEvents } from "./kubernetes.ts";
import { SERVICE_FORMATS } from "./services.ts";
import { WEB_FORMATS, webAclEntries } from "./web.ts";
import { WINDOWS_FORMATS } from "./windows.ts";

const SOCKETS: Format = {
  has: ["Established", "Wait", "Syn"],
  read: (line) => (isSocketRow(line.text) ? { as: "socket", line } : null),
};

const FORMATS: readonly Format[] = [SOCKETS, ...SERVICE_FORMATS, ...WEB_FORMATS, ...DEVICE_FORMATS, ...WINDOWS_FORMATS];
const WORDS: readonly string[] = [...new Set(FORMATS.flatMap(({ has }) => has))];

/** No line of these formats is nearly as long. */
const LONGEST = 12_000;

/**
 * Reads what no sign of the other kinds shows: services beside the mail, web and SSH servers, filters and translators that
 * are met less often. Each line is read by itself. Null: none of it is there.
 */
function readSeldom(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence | null {
  return evidenceFrom(
    lines.flatMap((line, at) => seldomIn(line, lines, at) ?? []),
    file,
    hint,
  );
}

/** What was read by the signs of other kinds, with these: one of another kind that read nothing was none. */
export function joinSeldom(read: Evidence, lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const seldom = readSeldom(lines, file, hint);
  if (seldom === null) return read;
  if (read.observations.length + read.paths.length === 0) return seldom;
  return {
    ...read,
    kind: read.kind === seldom.kind ? read.kind : "mixed",
    observations: [...read.observations, ...seldom.observations],
  };
}

/** The same for what is one JSON text. */
export function readSeldomJson(json: string, file: string, hint: VantageHint | null): Evidence | null {
  const isAudit = json.includes('"sourceIPs"') && json.includes('"audit.k8s.io/');
  const isWaf = json.includes('"webaclId"') && json.includes('"clientIp"');
  if (!isAudit && !isWaf) return null;
  const { value, problems } = readJsonDocuments(json, file);
  const read = evidenceFrom(value.flatMap(isAudit ? auditEvents : webAclEntries), file, hint);
  return read === null ? null : { ...read, problems };
}

/** Whether a text that shows no other kind holds any of it. */
export const isSeldom = (lines: readonly Line[]): boolean =>
  lines.some((line, at) => seldomIn(line, lines, at) !== null);

function seldomIn(line: Line, all: readonly Line[], at: number): Seldom | null {
  const { text } = line;
  if (text.length > LONGEST || !WORDS.some((word) => text.includes(word))) return null;
  for (const { has, read } of FORMATS) {
    const found = has.some((word) => text.includes(word)) ? read(line, all, at) : null;
    if (found !== null) return found;
  }
  return null;
}

function evidenceFrom(records: readonly Seldom[], file: string, hint: VantageHint | null): Evidence | null {
  if (records.length === 0) return null;
  const services = records.flatMap((one) => (one.as === "service" ? [one.record] : []));
  const kinds = [...new Set(records.map(kindOf))];
  const [kind = "unknown"] = kinds;
  const devices = (["firewall-log", "nat-table"] as const).flatMap((of) => {
    const own = records.flatMap((one) => (one.as === "device" && one.kind === of ? [one.record] : []));
    return observationsOf(own, file, hint, of);
  });
  const rows = records.flatMap((one) => (one.as === "socket" ? [one.line] : []));
  const sockets = rows.length === 0 ? [] : readSockets(rows, file, hint).observations;
  const all = [...servicesSeen(services, file, hint), ...devices, ...sockets];
  return evidenceOf(file, kinds.length > 1 ? "mixed" : kind, all);
}

const claimsIn = ({ sighting: { claimed } }: ServiceRecord): string | null => claimed;

/** A proxy adds the header to every request; a client that forges one leaves others without. */
const BY_PROXY: Judgement = { strength: "none", vantage: "unknown", proves: MAY_BE_PROXY };

const kindOf = (one: Seldom): EvidenceKind =>
  one.as === "service" ? one.record.kind : one.as === "socket" ? "socket-table" : one.kind;

function servicesSeen(
  records: readonly ServiceRecord[],
  file: string,
  hint: VantageHint | null,
): readonly Observation[] {
  const key = ({ sighting: { seen, claimed }, service, ports }: ServiceRecord): string =>
    [service, seen.source?.text ?? claimed, seen.destination?.text, seen.destinationPort, ports?.join()].join(" ");
  return fold(records, key).map(({ last, all }) => {
    const { sighting: one, service, clock, ports, kind } = last;
    const { source, at } = one.seen;
    const many = timesOf(countOf(all.map((record) => record.sighting)));
    const when = whenOf(at, clock);
    const says =
      source === null
        ? {
            en: `${service} logged a request, and not who its peer was${many.en} (last${when.en}).`,
            zh: `${service} 记录了请求，但没有记录对端${many.zh}（最近${when.zh}）。`,
          }
        : {
            en: `${service} had ${source.text} as a peer${many.en} (last${when.en}).`,
            zh: `${service} 的对端为 ${source.text}${many.zh}（最近${when.zh}）。`,
          };
    const judged = last.judge(source, hint);
    const isProxy = judged.strength === "destination-observed" && all.every((record) => claimsIn(record) !== null);
    const seen = observe(file, kind, one, says, isProxy ? BY_PROXY : judged);
    return ports === null ? seen : { ...seen, ports };
  });
}
