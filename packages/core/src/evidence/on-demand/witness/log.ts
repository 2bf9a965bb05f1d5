import type { Problem, Text } from "../../../problem.ts";
import { endText, type Receipt, receiptsIn, type Sighting } from "../../../witness/receipt.ts";
import { parseSighting } from "../../../witness/sighting-line.ts";
import { type Line, linesOf, quoteOf } from "../../lines.ts";
import { parseObserved } from "../../masked.ts";
import type { Evidence, Observation, VantageHint } from "../../observation.ts";
import { atServer, evidenceOf, flowKey, fold, observe, sighting, timesOf } from "../observe.ts";

interface Seen {
  readonly line: Line;
  readonly seen: Sighting;
}

/** The log of `seenas witness`, a line of JSON each. Lines that are none are told, and all others count. */
export function readWitnessLog(text: string, file: string, hint: VantageHint | null): Evidence {
  const problems: Problem[] = [];
  const records = linesOf(text).flatMap((line): readonly Seen[] => {
    if (line.text === "") return [];
    const seen = parseSighting(jsonOf(line.text));
    if (seen === null && problems.length < MOST_TOLD) problems.push(notALine(file, line.number));
    return seen === null ? [] : [{ line, seen }];
  });
  return evidenceOf(file, "witness-log", observationsOf(records, file, hint, BY_LOG), { problems });
}

/** Receipts in a text. Whether they are genuine needs a look at their signatures: `seenas witness verify`. */
export function readReceipts(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const records = lines.flatMap((line) => receiptsIn(line.text).map((seen): Seen => ({ line, seen })));
  return evidenceOf(file, "witness-log", observationsOf(records, file, hint, BY_RECEIPT));
}

const MOST_TOLD = 20;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function observationsOf(
  records: readonly Seen[],
  file: string,
  hint: VantageHint | null,
  proves: Text,
): readonly Observation[] {
  const told = records.map(({ line, seen }) => ({
    ...sighting(line, seenOf(seen)),
    quote: quoteOf(line),
    seen: seenOf(seen),
    via: seen.via,
  }));
  return fold(told, (one) => `${flowKey(one)} ${one.via}`).map(({ last, all }) => {
    const { source } = last.seen;
    const many = timesOf(all.length);
    const by =
      last.via === null
        ? { en: "", zh: "" }
        : { en: `, by the word of the proxy ${last.via}`, zh: `（据代理 ${last.via} 所述）` };
    return observe(
      file,
      "witness-log",
      last,
      {
        en: `A witness was called from ${source?.text}${by.en}${many.en} (last at ${last.seen.at}).`,
        zh: `见证者收到来自 ${source?.text} 的连接${by.zh}${many.zh}（最近 ${last.seen.at}）。`,
      },
      atServer(source, hint, last.via === null ? proves : BY_PROXY),
    );
  });
}

export const seenOf = ({ source, local, protocol, at }: Sighting | Receipt): Observation["seen"] => ({
  source: parseObserved(source.address),
  sourcePort: source.port,
  destination: parseObserved(local.address),
  destinationName: null,
  destinationPort: local.port,
  protocol,
  at,
});

export const saysReceipt = ({ source, local }: Receipt): Text => ({
  en: `The witness at ${endText(local)} answered that it was called from ${endText(source)}.`,
  zh: `位于 ${endText(local)} 的见证者答复称来访地址为 ${endText(source)}。`,
});

const BY_LOG: Text = {
  en: "The witness wrote down the peer of its own socket, whatever the caller said of itself: the source this host sees, unless something in front of it ends connections. Of UDP the source could be forged by whoever sent it.",
  zh: "见证者记录的是自身套接字的对端，与来访者自称无关：这就是该主机看到的源地址，除非其前面有终结连接的设备。UDP 的源地址可由发送者伪造。",
};

export const BY_RECEIPT: Text = {
  en: "The witness tells its caller the peer of its socket and signs that; its signature is checked by seenas witness verify, not here. It is the source that host sees, unless something in front of it ends connections.",
  zh: "见证者把其套接字的对端告知来访者并签名；签名由 seenas witness verify 检查，此处不检查。这就是该主机看到的源地址，除非其前面有终结连接的设备。",
};

export const BY_PROXY: Text = {
  en: "A proxy that the witness was told to believe names this source (PROXY protocol): it is what that proxy saw.",
  zh: "由见证者预先指定可信的代理（PROXY 协议）指明该源地址：即该代理所见的来源。",
};

const notALine = (file: string, line: number): Problem => ({
  level: "warning",
  code: "witness-log/line",
  file,
  line,
  text: {
    en: "expected a line of a witness's log, found something else or half of one: whoever was cut short there was not told that it was recorded",
    zh: "应为见证日志的一行，实为其他内容或半行：写入中断时的来访者未被告知已记录",
  },
  fix: { en: "nothing to do after a crash; else copy the log again", zh: "若因崩溃所致则无需处理；否则请重新复制日志" },
});
