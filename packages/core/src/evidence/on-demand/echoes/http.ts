import { readJsonDocuments } from "../../../documents/json.ts";
import type { Text } from "../../../problem.ts";
import { type Line, linesOf, quoteOf } from "../../lines.ts";
import { member, quoteOfEntry, textAt } from "../../logs/entry.ts";
import { maskedDigits } from "../../masked.ts";
import type { Evidence, Observation, ObservedAddress, VantageHint } from "../../observation.ts";
import { mailDateIn } from "../../time.ts";
import { atServer, evidenceOf, type Judgement, observe, quoted } from "../observe.ts";
import { addressIn } from "../words.ts";
import { refusalsIn } from "./refusals.ts";

/** What a transcript tells of the request before its answer. */
interface Asked {
  /** The command line, or null where only the answer was kept. */
  command: string | null;
  connectedTo: ObservedAddress | null;
  /** The service as the command names it. */
  host: string | null;
  proxied: boolean;
  at: string | null;
}

const COMMAND = /(?:^|[$#>%] ?)((?:curl|wget|http)(?:\.exe)? .{1,400})$/;
/** `Connected to H (A) port P`, wget's `Connecting to A:P... connected.` and `(A)|A|:P`. */
const CONNECTED =
  /^\* (?:Connected to \S{1,255} \(([^()\s]{2,45})\)|Established connection to \S{1,255} \(([^()\s]{2,45}) )|^Connecting to .{0,300}?\[?([0-9A-Fa-f.:]{7,45}?)\]?\|?:\d{1,5}\.\.\. /;
const ANSWER = /^(?:IP\s{0,8}[:：]\s{0,4}|ip_addr: |当前 IP：)([0-9A-Fa-fxX*.:]{3,45})/;
/** `-x`, `--proxy`, `--socks5` and what curl says when its environment names one. `no_proxy` alone is none. */
const PROXY =
  / (?:-x|--proxy|--preproxy|--socks[45]a?(?:-hostname)?)[ =]|^\* Uses proxy env variable (?!no_proxy)|[^_]\bhttps?_proxy=/;

/** What echo services answer: one address, alone or with a name before it, after its command or without; and refusals. */
export function readHttpEcho(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const observations: Observation[] = [...refusalsIn(lines, file, hint)];
  let asked: Asked = nothingAsked();
  for (const line of lines) {
    const command = COMMAND.exec(line.text)?.[1];
    if (command !== undefined || /^--\d{4}-/.test(line.text))
      asked = { ...nothingAsked(), command: command ?? line.text, host: hostIn(command ?? line.text) };
    if (PROXY.test(line.text)) asked.proxied = true;
    const [, curl, curlNew, wget] = CONNECTED.exec(line.text) ?? [];
    asked.connectedTo = addressIn(curl ?? curlNew ?? wget) ?? asked.connectedTo;
    if (/^< date:/i.test(line.text)) asked.at = mailDateIn(line.text);
    const answer = addressIn(ANSWER.exec(line.text)?.[1] ?? line.text.trim());
    if (answer !== null)
      observations.push(answered({ line: line.number, quote: quoteOf(line) }, answer, asked, file, hint));
  }
  return evidenceOf(file, "http-echo", observations);
}

const nothingAsked = (): Asked => ({ command: null, connectedTo: null, host: null, proxied: false, at: null });

/** The last word that is a host, with or without `http://` before it and a path behind it. */
function hostIn(command: string): string | null {
  const words = command.split(/\s+/).slice(1);
  const hosts = words.flatMap(
    (word) =>
      /^(?:https?:\/\/)?([A-Za-z0-9][\w.-]{1,253}\.[A-Za-z]{2,24})(?::\d{1,5})?(?:\/\S*)?$/.exec(word)?.[1] ?? [],
  );
  return hosts.at(-1)?.toLowerCase() ?? null;
}

/** `{"ip":"A"}` and `{"origin":"A, B"}`, of which only the last was seen by the service itself. */
export function readHttpEchoJson(text: string, file: string, hint: VantageHint | null): Evidence {
  const refusals = refusalsIn(linesOf(text), file, hint);
  if (refusals.length > 0) return evidenceOf(file, "http-echo", refusals);
  const { value, problems } = readJsonDocuments(text, file);
  const observations = value.flatMap(({ value: answer, origin }) => {
    const written = ["ip", "origin", "ip_addr", "query"]
      .map((name) => textAt(answer, name))
      .find((one) => one !== null);
    const last = addressIn(written?.split(",").at(-1)?.trim());
    // A resource of some export may have a member of that name; an echo is a flat object of few members.
    if (last === null || !isFlat(answer)) return [];
    const quote = quoteOfEntry({ answer: written });
    return [answered({ line: origin.line ?? 1, quote }, last, nothingAsked(), file)];
  });
  return evidenceOf(file, "http-echo", observations, { problems });
}

function isFlat(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null) return false;
  return Object.keys(answer).length <= 40 && member(answer, "id") === undefined && member(answer, "kind") === undefined;
}

function answered(
  at: { readonly line: number; readonly quote: string },
  source: ObservedAddress,
  asked: Asked,
  file: string,
  hint: VantageHint | null = null,
): Observation {
  if (hint === "destination" && asked.command === null && asked.connectedTo === null)
    return observe(
      file,
      "http-echo",
      quoted(at.line, at.quote, { source }),
      { en: `An address alone: ${source.text}.`, zh: `单独一个地址：${source.text}。` },
      atServer(source, hint, BY_WORD),
    );
  const seen = {
    source,
    destination: asked.connectedTo,
    destinationName: asked.host,
    protocol: "tcp" as const,
    at: asked.at,
  };
  return observe(
    file,
    "http-echo",
    quoted(at.line, at.quote, seen),
    {
      en: `An echo service answered ${source.text}${asked.connectedTo === null ? "" : ` over a connection to ${asked.connectedTo.text}`}.`,
      zh: `回显服务${asked.connectedTo === null ? "" : `（连接到 ${asked.connectedTo.text}）`}返回 ${source.text}。`,
    },
    judge(source, asked),
  );
}

function judge(source: ObservedAddress, { command, connectedTo, proxied }: Asked): Judgement {
  const none = (proves: Text): Judgement => ({ strength: "none", vantage: "third-party", proves });
  // `curl cip.cc/A` looks A up, and prints what it prints for the caller.
  if (
    command !== null &&
    /(?:cip\.cc|ipinfo\.io|ip-api\.com\/\S{0,20}|ip\.sb\/\S{0,10})\/[0-9A-Fa-f.:]{3,45}\b/.test(command)
  )
    return none(LOOKED_UP);
  if (connectedTo !== null && connectedTo.text === source.text) return none(OWN_BALANCER);
  if (source.masked && maskedDigits(source.text) === 0) return none(HIDDEN);
  return { strength: "third-party-observed", vantage: "third-party", proves: proxied ? BY_PROXY : PROVES };
}

const BY_WORD: Text = {
  en: "By your word the destination printed it: then it is the source it sees. The text itself does not say so.",
  zh: "据您所说由目的端打印：那么这就是它看到的源地址。文本本身并不能说明。",
};

const PROVES: Text = {
  en: "This is the source the echo service saw, over another connection to another destination: it is the one your destination sees only if routing and translation are the same for both. A bare address without its command could come from anywhere.",
  zh: "这是回显服务通过另一条连接、作为另一个目的端所见的源地址：只有两者的路由和转换完全相同时，目的端看到的才是它。没有命令行的单独地址，来历无从核实。",
};

const BY_PROXY: Text = {
  en: "The request went through a proxy: this is the proxy's way out, and says nothing of traffic that does not take the same proxy.",
  zh: "请求经过了代理：这是代理的出口地址，不适用于不经同一代理的流量。",
};

const LOOKED_UP: Text = {
  en: "The command looks this address up; it does not show the caller.",
  zh: "该命令查询的是指定地址，并不显示调用者的地址。",
};

const OWN_BALANCER: Text = {
  en: "The answer is the very address that was connected to: a load balancer of the site opened a second connection, and the service shows that.",
  zh: "返回的正是所连接的地址：站点的负载均衡另行发起了连接，服务显示的是它。",
};

const HIDDEN: Text = { en: "No digit of the address is shown.", zh: "地址的每一位都被隐去。" };
