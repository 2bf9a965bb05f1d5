import type { Ask, Assumption } from "../model/outcome.ts";
import { uniqueById } from "../resolve/combine.ts";
import type { Question, Verdict } from "./verdict.ts";

type SoFar = Pick<Verdict, "certainty" | "outcomes" | "observations" | "answer" | "conflicts">;

const MAIL_PORTS: readonly (number | null)[] = [25, 465, 587];

/** What to do to be certain, the most telling first. Empty when the destination itself was heard. */
export function nextOf(question: Question, verdict: SoFar): readonly Ask[] {
  if (verdict.certainty === "observed" && verdict.conflicts.length === 0) return [];
  const standing = verdict.outcomes.filter((outcome) => outcome.standing);
  const splitting = asksOf(
    standing.flatMap((outcome) => outcome.assumptions),
    "open",
  );
  const confirming = asksOf(
    standing.filter(({ answers }) => answers).flatMap((outcome) => outcome.assumptions),
    "default",
  );
  const sighting = sightingsOf(question);
  const vantage = vantageAsks(verdict);
  const asks =
    verdict.certainty === "possible" || verdict.certainty === "unknown"
      ? [...vantage, ...splitting, ...sighting, ...confirming]
      : [...vantage, ...sighting, ...splitting, ...confirming];
  return [...new Map(asks.map((ask) => [ask.command ?? ask.text.en, ask])).values()];
}

const asksOf = (assumptions: readonly Assumption[], basis: Assumption["basis"]): readonly Ask[] =>
  uniqueById(assumptions).flatMap((assumption) =>
    assumption.basis === basis && assumption.ask !== null ? [assumption.ask] : [],
  );

/** A transcript is the client's whatever anybody says of it. */
function vantageAsks({ observations }: SoFar): readonly Ask[] {
  const files = new Set(
    observations
      .filter(({ kind, vantage, seen }) => kind !== "smtp-transcript" && vantage === "unknown" && seen.source !== null)
      .map(({ file }) => file),
  );
  return [...files].map((file) => ({
    text: {
      en: `say where ${file} was taken: add --vantage ${file}=destination if at the destination`,
      zh: `请说明 ${file} 在哪里采集：若在目的端，请加 --vantage ${file}=destination`,
    },
    command: `--vantage ${file}=destination`,
    settles: {
      en: "whether it shows the source before or after translation",
      zh: "它显示的是转换之前还是之后的源地址",
    },
  }));
}

/** The strongest evidence that this kind of flow can give, from the sender's side first. */
function sightingsOf({ flow }: Question): readonly Ask[] {
  const { address, name, port, protocol } = flow.to;
  const target = name ?? address;
  if (target === null) return [];
  const captured = port === null ? protocol : `${protocol} port ${port}`;
  const capture: Ask = {
    text: {
      en: "let the destination capture while you connect, and pass its text with --evidence and --vantage FILE=destination",
      zh: "连接时请目的端抓包，并用 --evidence 与 --vantage 文件=destination 传入其文本",
    },
    command: `tcpdump -nn -tttt '${captured}'`,
    settles: { en: "which source address arrives: the strongest proof there is", zh: "到达的源地址：最有力的证据" },
  };
  if (protocol !== "tcp" || !MAIL_PORTS.includes(port)) return [capture];
  const bracketed = target.includes(":") ? `[${target}]` : target;
  return [
    {
      text: {
        en: "run this on the sender and pass the output with --evidence: many mail servers print the address they see after Hello",
        zh: "在发送方运行，并用 --evidence 传入输出：许多邮件服务器会在 Hello 之后打印它看到的地址",
      },
      command: `curl -v --max-time 20 smtp://${bracketed}${port === 25 ? "" : `:${port}`}`,
      settles: { en: "which source address the mail server sees", zh: "邮件服务器看到的源地址" },
    },
    capture,
  ];
}
