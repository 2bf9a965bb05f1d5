import type { Line } from "../../lines.ts";
import type { Evidence, Observation } from "../../observation.ts";
import { evidenceOf, type Judgement, observe, sighting } from "../observe.ts";
import { addressIn } from "../words.ts";

/** Names whose authoritative servers answer with the address that asked them. */
const WHOAMI = /\b(o-o\.myaddr\.l\.google\.com|whoami\.[\w.-]{3,60}|myip\.opendns\.com)\b/;
/** Servers that are known to answer by themselves, not for a resolver. https://developers.google.com/speed/public-dns */
const AUTHORITATIVE =
  /@(?:ns[1-4]\.google\.com|resolver[1-4]\.opendns\.com|208\.67\.22[02]\.22[02]|216\.239\.3[2468]\.10|ns\d-\d{1,3}\.akamaitech\.net)\b/;

/** `dig` and `nslookup` of a whoami name. */
export function readDnsEcho(lines: readonly Line[], file: string): Evidence {
  const observations: Observation[] = [];
  let direct = false;
  let recursive = false;
  let server: string | null = null;
  for (const line of lines) {
    if (line.text.includes("DiG ") || /(?:^|[$#>%] ?)dig /.test(line.text)) direct = AUTHORITATIVE.test(line.text);
    if (line.text.startsWith(";; flags:")) recursive = /flags:[^;]{0,60}\bra\b/.test(line.text);
    server = /^Address:\s{0,8}([0-9A-Fa-f.:]{2,45})#53/.exec(line.text)?.[1] ?? server;
    const answer = answerIn(line.text);
    if (answer === null) continue;
    const resolver = addressIn(server);
    observations.push(
      observe(
        file,
        "dns-echo",
        sighting(line, { source: answer, destination: resolver, protocol: "udp", destinationPort: 53 }),
        {
          en: `The name server says that it was asked by ${answer.text}.`,
          zh: `域名服务器称查询来自 ${answer.text}。`,
        },
        direct && !recursive ? DIRECT : BY_RESOLVER,
      ),
    );
  }
  return evidenceOf(file, "dns-echo", observations);
}

/** `NAME 60 IN TXT "A"`, `NAME text = "A"`, and A records the same. EDNS client subnet strings name a prefix, no address. */
function answerIn(text: string) {
  if (!WHOAMI.test(text) || text.startsWith(";")) return null;
  const found = /\sIN\s{1,8}(?:TXT|A|AAAA)\s{1,8}"?([0-9A-Fa-fxX*.:]{2,45})"?$|text = "([0-9A-Fa-fxX*.:]{2,45})"$/.exec(
    text,
  );
  return addressIn(found?.[1] ?? found?.[2]);
}

const DIRECT: Judgement = {
  strength: "third-party-observed",
  vantage: "third-party",
  proves: {
    en: "An authoritative server was asked directly and answers with the address that asked: the source of DNS over UDP port 53 to that server, which firewalls and translators often treat apart.",
    zh: "直接查询了权威服务器，其回答即提问者的地址：这是经 UDP 53 端口去往该服务器的 DNS 流量的源地址，防火墙和转换设备常对其特殊处理。",
  },
};

const BY_RESOLVER: Judgement = {
  strength: "none",
  vantage: "third-party",
  proves: {
    en: "Such a name answers with the address that asked its own server: behind a resolver that is the resolver's. Unless the server asked is known to be the authoritative one (dig @ns1.google.com …), it says nothing of this host.",
    zh: "此类域名返回向其权威服务器提问者的地址：经由解析器时即解析器的地址。除非确知所查询的就是权威服务器（dig @ns1.google.com …），否则不能说明本机。",
  },
};
