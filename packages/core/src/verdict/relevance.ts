import { cidrContains } from "../address/cidr.ts";
import type { Ip } from "../address/ip.ts";
import { maskedDigits, maskedMatches } from "../evidence/masked.ts";
import type { EvidenceKind, Observation, ObservedAddress, Strength } from "../evidence/observation.ts";
import { instantOf } from "../evidence/time.ts";
import type { Text } from "../problem.ts";
import type { Question } from "./verdict.ts";

/** Whether an observation speaks of the flow in question; if not, why not. */
export type Relevance = { readonly kind: "this-flow" } | { readonly kind: "other"; readonly because: Text };

const THIS_FLOW: Relevance = { kind: "this-flow" };
const other = (en: string, zh: string): Relevance => ({ kind: "other", because: { en, zh } });

export function relevanceOf(observation: Observation, question: Question): Relevance {
  const { seen, before } = observation;
  const { flow } = question;
  const { to } = flow;
  if (seen.source === null) return other("it shows no source address", "其中没有源地址");
  if (observation.strength === "none" && observation.vantage === "unknown")
    return other("where it was taken is not known", "不知道它是在哪里采集的");
  if (seen.destination !== null && to.address !== null && !mayBe(seen.destination, to.address))
    return other(
      `it is about another destination, ${seen.destination.text}; routing and translation may differ there`,
      `它针对的是另一个目的地址 ${seen.destination.text}；那里的路由和转换可能不同`,
    );
  if (seen.destination === null && seen.destinationName === null && ELSEWHERE.has(observation.strength))
    return other(
      "it does not name the destination of its connection; another one may leave with another source",
      "它没有给出其连接的目的地；去往其他目的地时源地址可能不同",
    );
  if (isOtherService(observation, to.port))
    return other(
      `it is the record of another service than the one on port ${to.port}`,
      `它是另一种服务的记录，而不是端口 ${to.port} 上的服务`,
    );
  if (!mayBeNamed(observation, question))
    return other(
      `it names its destination ${seen.destinationName}, and nothing given says that this is ${to.address ?? to.name}; give the name with --to, or evidence with addresses (tcpdump -nn)`,
      `它的目的地名为 ${seen.destinationName}，没有任何信息表明那就是 ${to.address ?? to.name}；请用 --to 给出该名称，或提供带地址的证据（tcpdump -nn）`,
    );
  if (seen.destinationPort !== null && to.port !== null && seen.destinationPort !== to.port)
    return other(
      `it is about port ${seen.destinationPort}, not ${to.port}; rules by port may differ`,
      `它针对的是端口 ${seen.destinationPort}，而不是 ${to.port}；按端口的规则可能不同`,
    );
  if (seen.protocol !== null && seen.protocol !== to.protocol)
    return other(
      `it is about ${seen.protocol}, not ${to.protocol}`,
      `它针对的是 ${seen.protocol}，而不是 ${to.protocol}`,
    );
  if (isOfOtherSource(observation, question))
    return other(
      `the probe chose to send from ${before?.text}, and this flow leaves from ${question.flow.from.address}`,
      `该探测指定从 ${before?.text} 发出，而本流量从 ${question.flow.from.address} 发出`,
    );
  if (isBesideOwnChoice(observation, question))
    return other(
      `the probe chose to send from ${before?.text}; what the system chooses by itself was seen too`,
      `该探测指定从 ${before?.text} 发出；系统自行选择的来源也已被看到`,
    );
  if (before !== null && !isOwn(before, question)) return anotherSender(before.text);
  const { ranOn, sender } = observation;
  // The same address in another network is another host's; what a host sends for its pods has theirs.
  const isSameAddress = before?.ip != null && before.ip === flow.from.address;
  if (sender !== undefined && isSameAddress && flow.from.host !== null && !isNamed(sender, flow.from.host))
    return anotherSender(sender);
  if (ranOn !== undefined && flow.from.host !== null && !isNamed(ranOn, flow.from.host))
    return other(
      `it was run on ${ranOn}, where a shell was opened before, and not on ${flow.from.host}`,
      `它是在 ${ranOn} 上运行的（之前打开了该主机的 shell），而不是 ${flow.from.host}`,
    );
  if (isBefore(seen.at, question.senderMadeAt))
    return other(
      `it was recorded at ${seen.at}, before the sender was made (${question.senderMadeAt}): it is another's`,
      `它记录于 ${seen.at}，早于发送方的创建时间（${question.senderMadeAt}）：属于别的主机`,
    );
  return THIS_FLOW;
}

const anotherSender = (name: string): Relevance =>
  other(`it is about another sender, ${name}`, `它针对的是另一个发送方 ${name}`);

/** `vm1`, `vm1.example` and `user@vm1` are all called so. */
function isNamed(written: string, host: string): boolean {
  const [name, own] = [withoutDot(written), withoutDot(host)];
  return name === own || name.startsWith(`${own}.`) || own.startsWith(`${name}.`);
}

const isBefore = (at: string | null, made: string | null): boolean => {
  const [seen, then] = [at, made].map((text) => (text === null ? null : instantOf(text)));
  return seen != null && then != null && seen < then;
};

/** Seen on the way or by others, or configured there: without its destination nothing says that it is this flow. */
const ELSEWHERE: ReadonlySet<Strength> = new Set(["third-party-observed", "translator-logged", "config-predicted"]);

/** Where the servers that write these records listen unless somebody moved them. */
const PORTS_OF: readonly { readonly kinds: readonly EvidenceKind[]; readonly ports: readonly number[] }[] = [
  {
    kinds: ["postfix-log", "exim-log", "sendmail-log", "exchange-log", "mail-log", "mail-headers"],
    ports: [25, 465, 587, 2525],
  },
  { kinds: ["sshd-log"], ports: [22] },
  { kinds: ["database"], ports: [1433, 1521, 3306, 5432, 6379, 27_017] },
  { kinds: ["web-log"], ports: [80, 443] },
];

/** A server's record that names no port is of its own service; a proxy that writes its client's port serves any. */
function isOtherService({ kind, seen, ports, usualPorts }: Observation, port: number | null): boolean {
  if (port === null || seen.destinationPort !== null) return false;
  if (ports !== undefined) return !ports.includes(port);
  const own = usualPorts ?? PORTS_OF.find(({ kinds }) => kinds.includes(kind))?.ports;
  if (own === undefined || own.includes(port) || (kind === "web-log" && seen.sourcePort !== null)) return false;
  return PORTS_OF.some(({ ports }) => ports.includes(port));
}

/** Whoever binds to a source shows what becomes of that one, not which one others get. */
const isOfOtherSource = ({ own, before }: Observation, { flow }: Question): boolean =>
  own === "bound" && before?.ip != null && flow.from.address !== null && before.ip !== flow.from.address;

/** Nobody said who sends: then it is whoever a program is that chooses nothing. */
const isBesideOwnChoice = ({ own }: Observation, { flow, observations }: Question): boolean =>
  own === "bound" && flow.from.address === null && observations.some((one) => one.own === "free");

/** Where evidence shows a name alone, it must be the name that was asked for, or one shown to have that address. */
function mayBeNamed(
  { seen: { destination, destinationName } }: Observation,
  { flow: { to }, names }: Question,
): boolean {
  if (destinationName === null || (destination !== null && (destination.ip !== null || destination.masked)))
    return true;
  const said = withoutDot(destinationName);
  if (to.name !== null && withoutDot(to.name) === said) return true;
  const known = names.filter(({ name }) => withoutDot(name) === said);
  return known.some(({ address }) => address === to.address) || (to.address === null && to.name === null);
}

const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** A name, or masked digits, may be that address; other digits may not. */
export function mayBe(observed: ObservedAddress, ip: Ip): boolean {
  if (observed.ip !== null) return observed.ip === ip;
  return !observed.masked || maskedMatches(observed.text, ip);
}

/** True only when it is that address as far as the digits go, and there are digits. */
export function isSeen(observed: ObservedAddress, ip: Ip): boolean {
  if (observed.ip !== null) return observed.ip === ip;
  return observed.masked && maskedDigits(observed.text) > 0 && maskedMatches(observed.text, ip);
}

function isOwn(observed: ObservedAddress, question: Question): boolean {
  if (question.ownAddresses.length === 0 && question.flow.from.address === null) return true;
  return observed.ip === null || isOwnAddress(observed.ip, question);
}

/** An address of the sending host itself, so one that nobody translated. */
export const isOwnAddress = (ip: Ip, { flow, ownAddresses }: Question): boolean =>
  ip === flow.from.address || ownAddresses.some((cidr) => cidrContains(cidr, ip));
