import type { Line } from "../../lines.ts";
import type { Evidence } from "../../observation.ts";
import { evidenceOf, type Judgement, observe, sighting } from "../observe.ts";
import { endpointIn } from "../words.ts";

/** turnutils_stunclient, stunclient, stun, and dumps of the attribute. https://www.rfc-editor.org/rfc/rfc8489#section-14.2 */
const ANSWER = /(?:reflexive addr|MappedAddress|Mapped address|XOR-MAPPED-ADDRESS)\s{0,4}[:=]\s{0,4}(\S{2,60})/i;
/** The server's other addresses are printed as well. */
const OTHER = /(?:Changed|Source|Response|Other)\s?-?Address/i;

export function readStun(lines: readonly Line[], file: string): Evidence {
  const observations = lines.flatMap((line) => {
    const end = OTHER.test(line.text) ? null : endpointIn(ANSWER.exec(line.text)?.[1]?.replace(/[,;]$/, ""));
    if (end === null) return [];
    const seen = { source: end.address, sourcePort: end.port, protocol: "udp" as const };
    const says = {
      en: `A STUN server answered that it sees ${end.address.text}.`,
      zh: `STUN 服务器返回其所见地址 ${end.address.text}。`,
    };
    return [observe(file, "stun", sighting(line, seen), says, PROVES)];
  });
  return evidenceOf(file, "stun", observations);
}

const PROVES: Judgement = {
  strength: "third-party-observed",
  vantage: "third-party",
  proves: {
    en: "The source of UDP to this STUN server. A translator may map by destination and protocol (RFC 4787), so TCP, or another destination, may get another address.",
    zh: "这是去往该 STUN 服务器的 UDP 流量的源地址。转换设备可能按目的地址和协议分别映射（RFC 4787），TCP 或其他目的地址可能得到不同的地址。",
  },
};
