import { readJsonDocuments } from "../../../documents/json.ts";
import type { Problem, Text } from "../../../problem.ts";
import { type ProbeFile, parseProbeFile, type Try } from "../../../witness/probe-file.ts";
import { endText, parseReceipt } from "../../../witness/receipt.ts";
import { linesOf } from "../../lines.ts";
import { parseObserved } from "../../masked.ts";
import type { Evidence, Observation } from "../../observation.ts";
import { readSmtp } from "../../smtp/read.ts";
import { ofHello } from "../marks.ts";
import { evidenceOf, observe, quoted } from "../observe.ts";
import { BY_PROXY, BY_RECEIPT, saysReceipt, seenOf } from "./log.ts";

/** What `seenas probe --json` wrote: which source the host used, and what the other side said of it. */
export function readProbe(text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const [document] = value;
  const probe = parseProbeFile(document?.value);
  if (probe === null) return evidenceOf(file, "probe", [], { problems: [...problems, unreadable(file)] });
  const told = new Map<string, Observation>();
  for (const observation of probe.tries.flatMap((one) => observationsOf(one, file))) {
    const { before, seen, strength, own } = observation;
    const key = [strength, own, before?.text, seen.source?.text].join(" ");
    if (!told.has(key)) told.set(key, observation);
  }
  return evidenceOf(file, "probe", [...told.values()], {
    names: namesOf(probe),
    problems: [
      ...problems,
      ...(probe.damaged > 0 ? [damaged(file, probe.damaged)] : []),
      ...probe.tries.flatMap((one) => foreign(one, file)),
    ],
  });
}

function observationsOf(hello: Try, file: string): readonly Observation[] {
  const answers = [...fromReceipt(hello, file), ...fromMapping(hello, file), ...fromTranscript(hello, file)];
  return [...answers.map((one) => ({ ...ofHello(one, hello), line: null })), ...fromSocket(hello, file)];
}

/** One that was not for this hello proves nothing here. */
function fromReceipt(hello: Try, file: string): readonly Observation[] {
  const receipt = hello.receipt === null ? null : parseReceipt(hello.receipt);
  if (receipt === null || receipt.mark !== hello.mark || !hello.receiptIsSound) return [];
  const at = quoted(1, receipt.body, seenOf(receipt));
  const proves = receipt.via === null ? BY_RECEIPT : BY_PROXY;
  return [
    observe(file, "probe", at, saysReceipt(receipt), {
      strength: "destination-observed",
      vantage: "destination",
      proves,
    }),
  ];
}

function fromMapping({ mapped, at }: Try, file: string): readonly Observation[] {
  if (mapped === null) return [];
  const seen = { source: parseObserved(mapped.address), sourcePort: mapped.port, protocol: "udp" as const, at };
  const says = {
    en: `The STUN server answered that it sees ${endText(mapped)}.`,
    zh: `STUN 服务器答复其所见为 ${endText(mapped)}。`,
  };
  return [
    observe(file, "probe", quoted(1, `XOR-MAPPED-ADDRESS ${endText(mapped)}`, seen), says, {
      ...{ strength: "destination-observed", vantage: "destination", proves: STUN_PROVES },
    }),
  ];
}

/** A witness says the same in its receipt. */
function fromTranscript({ transcript, receipt }: Try, file: string): readonly Observation[] {
  if (receipt !== null || !/^< 220[ -]/m.test(transcript)) return [];
  return readSmtp(linesOf(transcript), file).observations.filter(({ seen }) => seen.source !== null);
}

/** Where the program chose, nothing is said of what the system chooses. */
function fromSocket(hello: Try, file: string): readonly Observation[] {
  const { local, bound, to, at, protocol } = hello;
  if (local === null || bound) return [];
  const seen = {
    ...{ source: parseObserved(local.address), sourcePort: local.port, protocol, at },
    destination: to.address === null ? null : parseObserved(to.address),
    ...{ destinationName: to.name, destinationPort: to.port },
  };
  const says = { en: `The host sent from ${endText(local)}.`, zh: `主机从 ${endText(local)} 发出。` };
  const judgement = { strength: "none", vantage: "client", proves: SOCKET_PROVES } as const;
  return [{ ...observe(file, "probe", quoted(1, `local ${endText(local)}`, seen), says, judgement), line: null }];
}

const namesOf = ({ tries }: ProbeFile): Evidence["names"] => {
  const [first] = tries.flatMap(({ to: { name, address } }) =>
    name === null || address === null ? [] : [{ name, address }],
  );
  return first === undefined ? [] : [first];
};

const SOCKET_PROVES: Text = {
  en: "The host's own socket, before any translation: it shows which interface sent, and nothing of the source that arrives.",
  zh: "主机自己的套接字，在任何转换之前：只说明由哪个网卡发出，不说明到达时的源地址。",
};

const STUN_PROVES: Text = {
  en: "The destination itself tells the source of this datagram. A translator may map by destination and protocol (RFC 4787), so it holds for UDP to this server.",
  zh: "由目的端自己说明该报文的源地址。转换设备可能按目的地址和协议分别映射（RFC 4787），因此只适用于去往该服务器的 UDP。",
};

const unreadable = (file: string): Problem => ({
  ...{ level: "error", code: "probe/unreadable", file, line: null },
  text: {
    en: "expected what seenas probe --json writes, found a part of it or something else",
    zh: "应为 seenas probe --json 的输出，实为其中一部分或其他内容",
  },
  fix: { en: "run it again; nothing of this file was used", zh: "请重新运行；本文件未被使用" },
});

const damaged = (file: string, count: number): Problem => ({
  ...{ level: "warning", code: "probe/damaged", file, line: null },
  text: {
    en: `${count} of its tries are not in the form that seenas probe writes`,
    zh: `其中 ${count} 次探测的记录格式不符`,
  },
  fix: { en: "run it again", zh: "请重新运行" },
});

function foreign({ receipt, mark, receiptIsSound }: Try, file: string): readonly Problem[] {
  const parsed = receipt === null ? null : parseReceipt(receipt);
  if (receipt === null || (parsed !== null && parsed.mark === mark && receiptIsSound)) return [];
  return [
    {
      ...{ level: "warning", code: "probe/replayed", file, line: null },
      text: {
        en: `the receipt that came back to ${mark} does not count: it was changed, replayed, or signed by another witness than the one that was named`,
        zh: `返回给 ${mark} 的回执不予采信：被篡改、被重放，或由指定之外的见证者签发`,
      },
      fix: {
        en: `look closer with: seenas witness verify ${file}`,
        zh: `请用以下命令细查：seenas witness verify ${file}`,
      },
    },
  ];
}
