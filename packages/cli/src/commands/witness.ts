import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import {
  type Cidr,
  type End,
  endText,
  type Language,
  type Problem,
  parseCidr,
  parseSighting,
  problemsJson,
} from "@seenas/core";
import { loadInputs } from "../inputs.ts";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems } from "../output.ts";
import { recordCapture } from "../witness/capture.ts";
import type { Certificate } from "../witness/certificate.ts";
import { CRYPTO } from "../witness/crypto.ts";
import { identityAt } from "../witness/identity-file.ts";
import { type Place, parsePlace } from "../witness/places.ts";
import * as problem from "../witness/problems.ts";
import { openWitness, type Summary, type Wanted } from "../witness/serve.ts";
import { type Checked, checkReceipts } from "../witness/verify.ts";
import { type Parsed, parse, WITNESS_OPTIONS } from "./options.ts";
import { badUsage, numberIn } from "./usage-problems.ts";
import { witnessUsage } from "./witness-usage.ts";

type Values = Extract<Parsed<typeof WITNESS_OPTIONS>, { kind: "ok" }>["values"];

const LOG = "seenas-witness.jsonl";
const IDENTITY = "seenas-witness.identity";

/** `seenas witness`: who calls here, and from where. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, WITNESS_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], {}, language);
  const { values, words } = parsed;
  if (values.help === true) {
    await print(witnessUsage(language));
    return 0;
  }
  const [what, ...files] = words;
  if (what === "verify" && files.length > 0) return verify(files, values, language);
  if (what !== undefined) {
    if (what !== "verify") return refuse([badUsage(`unexpected ${JSON.stringify(what)}`)], values, language);
    await print(witnessUsage(language));
    return 2;
  }
  return values.pcap === undefined ? listen(values, language) : fromCapture(values.pcap, values, language);
}

async function refuse(problems: readonly Problem[], values: Partial<Values>, language: Language): Promise<number> {
  if (values.json === true) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, values, language);
  return 2;
}

async function fromCapture(file: string, values: Values, language: Language): Promise<number> {
  const path = values.log ?? LOG;
  const { recorded, problems } = await recordCapture(file, path, { quiet: values.quiet === true, language });
  if (recorded === 0 && problems.some(({ level }) => level === "error")) return refuse(problems, values, language);
  await tellProblems(problems, values, language);
  const words = { en: `${recorded} callers appended to ${path}\n`, zh: `已将 ${recorded} 个来访者追加到 ${path}\n` };
  await print(words[language]);
  return problems.some(({ level }) => level === "error") ? 2 : 0;
}

async function listen(values: Values, language: Language): Promise<number> {
  const wanted = wantedOf(values, (one) => {
    if (one.level === "error" || values.quiet !== true) void tellProblems([one], values, language);
  });
  if (Array.isArray(wanted)) return refuse(wanted, values, language);
  const witness = await openWitness(withinFiles(wanted as Wanted));
  if (!("listening" in witness)) return refuse(witness, values, language);
  const listeners = witness.listening.map(({ kind, at }) => ({ as: kind, ...at }));
  const { key } = (wanted as Wanted).identity;
  const log = values.log ?? LOG;
  if (values.json === true) await print(`${JSON.stringify({ schema: "seenas/witness@1", key, log, listeners })}\n`);
  else if (values.quiet !== true) process.stderr.write(beginning(listeners, key, log, language));
  await stopped();
  const summary = await witness.stop();
  if (values.quiet !== true) process.stderr.write(ending(summary, log, language));
  return summary.refused > 0 ? 1 : 0;
}

/** Beyond the files that the system lets it open, nobody could be told to come again. */
function withinFiles(wanted: Wanted): Wanted {
  const { tell, limits } = wanted;
  const files = openFiles();
  const most = files - RESERVED;
  if (limits.connections <= most) return wanted;
  tell(problem.fewFiles(files, limits.connections, most));
  return { ...wanted, limits: { ...limits, connections: most } };
}

const RESERVED = 100;

function openFiles(): number {
  const report: unknown = process.report?.getReport();
  const limits = typeof report === "object" && report !== null && "userLimits" in report ? report.userLimits : null;
  const soft = /"open_files":\{"soft":(\d+)/.exec(JSON.stringify(limits) ?? "")?.[1];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });

function beginning(
  listeners: readonly (End & { readonly as: string })[],
  key: string,
  log: string,
  language: Language,
): string {
  const places = listeners.map((one) => `  ${one.as.padEnd(5)} ${endText(one)}`).join("\n");
  return language === "zh"
    ? `正在监听，记录写入 ${log}\n${places}\n见证者公钥 ${key}\n按 Ctrl-C 停止\n`
    : `listening, and recording in ${log}\n${places}\nthis witness is ${key}\nstop it with Ctrl-C\n`;
}

const ending = ({ recorded, refused, turnedAway }: Summary, log: string, language: Language): string =>
  language === "zh"
    ? `已停止：${recorded} 条记录在 ${log} 中，${refused} 个未能记录，${turnedAway} 个因超出限制被拒绝\n`
    : `stopped: ${recorded} recorded in ${log}, ${refused} could not be, ${turnedAway} turned away beyond the limits\n`;

function wantedOf(values: Values, tell: (problem: Problem) => void): Wanted | readonly Problem[] {
  const wrong: Problem[] = [];
  const places = (values.listen ?? []).flatMap((text): readonly Place[] => {
    const place = parsePlace(text);
    if (place === undefined) wrong.push(problem.wrongListen(text));
    return place === undefined ? [] : [place];
  });
  if ((values.listen ?? []).length === 0) wrong.push(problem.nothingToDo());
  const proxies = (values["proxy-from"] ?? []).flatMap((text): readonly Cidr[] => {
    const prefix = parseCidr(text);
    if (prefix === undefined) wrong.push(problem.wrongPeer(text));
    return prefix === undefined ? [] : [prefix];
  });
  const limits = {
    connections: numberIn(["connections", values.connections], [1, 25_000, 1_000_000], wrong),
    perSource: numberIn(["per-source", values["per-source"]], [1, 512, 1_000_000], wrong),
    patienceMs: 1000 * numberIn(["patience", values.patience], [1, 60, 3600], wrong),
  };
  const certificate = certificateOf(values);
  if (certificate !== null && "level" in certificate) wrong.push(certificate);
  if (wrong.length > 0 || (certificate !== null && "level" in certificate)) return wrong;
  const identity = identityAt(values.identity ?? IDENTITY);
  if ("level" in identity) return [identity];
  return { places, identity, logPath: values.log ?? LOG, limits, proxies, certificate, tell };
}

function certificateOf({ cert, key }: Values): Certificate | Problem | null {
  if (cert === undefined && key === undefined) return null;
  const file = cert ?? key ?? "";
  try {
    const pair = { cert: readFileSync(cert ?? "", "utf8"), key: readFileSync(key ?? "", "utf8") };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    return problem.wrongCertificate(file, error instanceof Error ? (error.message.split("\n")[0] ?? "") : "");
  }
}

async function verify(files: readonly string[], values: Values, language: Language): Promise<number> {
  const quiet = values.quiet === true;
  const loaded = await loadInputs([], files, quiet, language);
  const log = values.log === undefined ? null : await loadInputs([], [values.log], quiet, language);
  const unread = [...loaded.fatal, ...(log?.fatal ?? [])];
  if (unread.length > 0) return refuse(unread, values, language);
  const texts = loaded.files.flatMap((file) => ("text" in file ? [{ name: file.name, text: file.text }] : []));
  const lines = log === null ? null : linesOfLog(log.files.map((file) => ("text" in file ? file.text : "")).join("\n"));
  const checked = checkReceipts(texts, { crypto: CRYPTO, witness: values.witness ?? null, log: lines });
  if (values.json === true)
    await printJson({ schema: "seenas/receipts@1", receipts: checked.map((one) => checkedJson(one, language)) });
  else await print(checked.length === 0 ? NONE[language] : checked.map((one) => checkedText(one, language)).join(""));
  if (checked.length === 0) return 3;
  return checked.every(({ judgement }) => judgement === "sound") ? 0 : 4;
}

const NONE = { en: "no receipt in it\n", zh: "其中没有回执\n" };

function linesOfLog(text: string): ReadonlyMap<number, { mark: string | null; source: string }> {
  const lines = new Map<number, { mark: string | null; source: string }>();
  for (const line of text.split("\n")) {
    const seen = line.startsWith("{") ? parseSighting(jsonOf(line)) : null;
    if (seen !== null) lines.set(seen.number, { mark: seen.mark, source: seen.source.address });
  }
  return lines;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const checkedJson = ({ file, receipt, judgement, text }: Checked, language: Language): object => ({
  ...{ file, judgement, text: text[language], number: receipt.number, at: receipt.at, mark: receipt.mark },
  ...{ source: receipt.source, via: receipt.via, local: receipt.local, protocol: receipt.protocol, key: receipt.key },
});

const checkedText = ({ file, receipt, text }: Checked, language: Language): string =>
  `${file}: ${receipt.at} ${endText(receipt.source)} → ${endText(receipt.local)}/${receipt.protocol}\n  ${text[language]}\n`;
