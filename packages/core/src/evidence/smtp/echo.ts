import { isAddress, maskedAgree, parseObserved } from "../masked.ts";
import type { ObservedAddress } from "../observation.ts";
import type { MailServer } from "./servers.ts";

export type EchoStyle =
  | "peer-address"
  | "name-and-peer"
  | "helo-and-peer"
  | "name-only"
  | "host-only"
  | "ambiguous-bracket";

/** What the first line of an EHLO or HELO reply tells about the client. */
export interface EchoReading {
  readonly style: EchoStyle;
  /** The address the server's connection came from; null when the line does not tell it surely. */
  readonly peer: ObservedAddress | null;
  /** An address that may be the peer or the client's own word. */
  readonly candidate: ObservedAddress | null;
  /** The reverse name the server printed; a lead, no address. */
  readonly peerName: string | null;
  /** What the client said, as the server printed it back. */
  readonly heloEcho: string | null;
  /** Why the bracket is the peer. */
  readonly ground: "server" | "differs-from-helo" | null;
}

const NOTHING: EchoReading = {
  style: "host-only",
  peer: null,
  candidate: null,
  peerName: null,
  heloEcho: null,
  ground: null,
};

const BRACKET = /\[([^\][]{1,80})\]/g;
/** Words of courtesy, and the ident user Exim puts before the name (`Hello user at NAME [PEER]`). */
const COURTESY = /^(?:Hello,?|Nice to meet you,|at your service,)\s{0,4}(?:\S{1,64} at (?=\S))?/i;

/**
 * Takes the last bracketed address. It is the peer if the server is known to print the peer, or if it differs from what
 * the client said of itself. Otherwise it may be the client's own word come back, and nothing is claimed.
 *
 * @param text after `250-`, @param helo what the client said; null when the transcript does not show it
 */
export function readEcho(text: string, server: MailServer | null, helo: string | null): EchoReading {
  const about = afterHost(text);
  const last = bracketsIn(about).at(-1);
  if (last === undefined) return withoutAddress(about, server);
  const name = about.slice(0, last.index).replace(COURTESY, "").trim();
  const ground = groundFor(last.address, name, server, helo);
  if (ground === null) return { ...NOTHING, style: "ambiguous-bracket", candidate: last.address };
  return { ...NOTHING, ...styleOf(name, server, helo), peer: last.address, ground };
}

/**
 * True if the server may have the address from what the client said: it stands there anywhere, however it is written, or
 * what stands there has digits hidden and fits.
 */
export function sameAsHelo(address: ObservedAddress, helo: string): boolean {
  const said = plain(helo);
  if (said.includes(plain(address.text))) return true;
  return said.split(BETWEEN_WORDS).some((word) => {
    const bare = word.replace(/^ipv6:/, "").replace(/^\.+|\.+$/g, "");
    return [bare, bare.replace(/:\d{1,5}$/, "")].some((form) => maskedAgree(form, address.text));
  });
}

const BETWEEN_WORDS = /[\s"'`<>()[\]{},;=/%]+/;

/** Full-width letters and dots, capitals and leading zeros are no other address (https://www.unicode.org/reports/tr15/). */
const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\u3002/g, ".")
    .toLowerCase()
    .replace(/(?<![\da-f:])0{1,2}(?=\d{1,2}(?![\da-f:]))/g, "");

/** The first word is the server's own name, even if that is an address literal. */
const afterHost = (text: string): string => (/^hello\b/i.test(text) ? text : text.replace(/^\S+\s{0,8}/, ""));

function bracketsIn(text: string): readonly { readonly index: number; readonly address: ObservedAddress }[] {
  return [...text.matchAll(BRACKET)]
    .map((found) => ({ index: found.index, address: parseObserved(found[1] ?? "") }))
    .filter(({ address }) => isAddress(address));
}

function withoutAddress(about: string, server: MailServer | null): EchoReading {
  if (server?.echo !== "name-only") return NOTHING;
  const name = about.replace(COURTESY, "").trim();
  return name === "" ? NOTHING : { ...NOTHING, style: "name-only", peerName: name };
}

function groundFor(
  address: ObservedAddress,
  name: string,
  server: MailServer | null,
  helo: string | null,
): EchoReading["ground"] {
  if (server?.echo === "peer") return "server";
  const namesFirst = server?.echo === "helo-then-peer" || server?.echo === "name-or-helo-then-peer";
  // Such a server prints a name before the peer. Without it the line was cut, and the bracket may be that name.
  if (namesFirst && name !== "") return "server";
  return helo !== null && !sameAsHelo(address, helo) ? "differs-from-helo" : null;
}

function styleOf(name: string, server: MailServer | null, helo: string | null): Partial<EchoReading> {
  if (name === "") return { style: "peer-address" };
  const isClientsWord =
    server?.echo === "helo-then-peer" ||
    (server?.echo !== "peer" && (isAddress(parseObserved(name)) || name.toLowerCase() === helo?.toLowerCase()));
  return isClientsWord ? { style: "helo-and-peer", heloEcho: name } : { style: "name-and-peer", peerName: name };
}
