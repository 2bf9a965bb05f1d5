import { type Crypto, isGenuine, parseProbeFile, type Receipt, receiptsIn, type Text } from "@seenas/core";

export type Judgement = "sound" | "changed" | "replayed" | "other-witness" | "not-in-log";

/** One receipt, and what became of it. */
export interface Checked {
  readonly file: string;
  readonly receipt: Receipt;
  readonly judgement: Judgement;
  readonly text: Text;
}

interface Found {
  readonly file: string;
  readonly receipt: Receipt;
  /** The mark of the hello that it came back to; undefined: the file does not say. */
  readonly sent: string | undefined;
  readonly entry: number;
}

export interface Against {
  readonly crypto: Crypto;
  /** The only key that counts; null: whichever signed. */
  readonly witness: string | null;
  /** Lines of the witness's own log by number; null: not given. */
  readonly log: ReadonlyMap<number, { readonly mark: string | null; readonly source: string }> | null;
}

/** Receipts in texts of any kind; of what `seenas probe` wrote each is held against the hello that it answers. */
export function checkReceipts(
  files: readonly { readonly name: string; readonly text: string }[],
  against: Against,
): readonly Checked[] {
  const found = files.flatMap(({ name, text }) => foundIn(name, text));
  const firstEntry = new Map<string, Found>();
  return found.map((one) => {
    const { file, receipt } = one;
    const known = firstEntry.get(receipt.body);
    if (known === undefined) firstEntry.set(receipt.body, one);
    const isAgain = known !== undefined && one.sent !== undefined && (known.entry !== one.entry || known.file !== file);
    return { file, receipt, ...judge(one, isAgain, against) };
  });
}

function foundIn(file: string, text: string): readonly Found[] {
  const probe = text.trimStart().startsWith("{") ? parseProbeFile(jsonOf(text)) : null;
  if (probe === null) return receiptsIn(text).map((receipt, entry) => ({ file, receipt, sent: undefined, entry }));
  return probe.tries.flatMap(({ mark, receipt }, entry) =>
    receiptsIn(receipt ?? "").map((one) => ({ file, receipt: one, sent: mark, entry })),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function judge(
  { receipt, sent }: Found,
  isAgain: boolean,
  { crypto, witness, log }: Against,
): Omit<Checked, "file" | "receipt"> {
  if (!isGenuine(receipt, crypto)) return { judgement: "changed", text: CHANGED };
  if (witness !== null && receipt.key !== witness)
    return { judgement: "other-witness", text: otherWitness(receipt.key) };
  if (sent !== undefined && receipt.mark !== sent) return { judgement: "replayed", text: otherMark(sent) };
  if (isAgain) return { judgement: "replayed", text: AGAIN };
  if (log !== null) {
    const line = log.get(receipt.number);
    if (line === undefined || line.mark !== receipt.mark || line.source !== receipt.source.address)
      return { judgement: "not-in-log", text: NOT_IN_LOG };
  }
  if (witness === null) return { judgement: "sound", text: SOUND_BY_ITSELF };
  return { judgement: "sound", text: SOUND };
}

const CHANGED: Text = {
  en: "changed: the signature does not belong to these words",
  zh: "被篡改：签名与内容不符",
};
const AGAIN: Text = {
  en: "replayed: the same receipt stands for another hello as well",
  zh: "被重放：同一回执还被用于另一次问候",
};
const otherMark = (sent: string): Text => ({
  en: `replayed: it was given to another hello, not to the one with the mark ${sent}`,
  zh: `被重放：它是给另一次问候的，而不是标记为 ${sent} 的那一次`,
});
const otherWitness = (key: string): Text => ({
  en: `of another witness, ${key}`,
  zh: `由另一个见证者签发：${key}`,
});
const NOT_IN_LOG: Text = {
  en: "the log does not hold it: it is not this witness's log, or a line was taken out or changed",
  zh: "日志中没有它：日志不是该见证者的，或有记录被删除或修改",
};
const SOUND: Text = { en: "sound: this witness signed every word of it", zh: "无误：由该见证者签发，内容完整" };
const SOUND_BY_ITSELF: Text = {
  en: "sound: signed by the key it names; whose key that is, the one who runs the witness can say (--witness KEY)",
  zh: "无误：由其中所列公钥签发；公钥属于谁，请向运行见证者的人核实（--witness 公钥）",
};
