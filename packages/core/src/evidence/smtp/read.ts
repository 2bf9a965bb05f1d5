import { cidrs, inAny, LINK_LOCAL, LOOPBACK } from "../../address/cidr.ts";
import { familyOf } from "../../address/ip.ts";
import { type Line, quoteOf } from "../lines.ts";
import { isAddress, maskedDigits, parseObserved } from "../masked.ts";
import type { Evidence, Observation, ObservedAddress } from "../observation.ts";
import { mailDateIn } from "../time.ts";
import { type EchoReading, sameAsHelo } from "./echo.ts";
import * as judge from "./says.ts";
import { BANNER_WITH_PEER, REJECTIONS_WITH_PEER } from "./servers.ts";
import { parseSmtp, type SmtpSession } from "./session.ts";

/** Reads transcripts of curl, telnet, nc, swaks, openssl s_client, Python's smtplib, Exim -v, or typed by hand. */
export function readSmtp(lines: readonly Line[], file: string): Evidence {
  const sessions = parseSmtp(lines);
  return {
    file,
    kind: "smtp-transcript",
    observations: sessions.flatMap((session) => observationsOf(session, file)),
    paths: [],
    names: sessions.flatMap(namesOf),
    problems: [],
  };
}

interface Witness {
  readonly line: Line;
  readonly source: ObservedAddress | null;
  readonly helo: string | null;
  readonly judged: judge.Judged;
}

function observationsOf(session: SmtpSession, file: string): readonly Observation[] {
  const witnesses = [...inBanner(session), ...inEchoes(session), ...inRefusals(session)];
  const line = session.banner?.line ?? session.firstReply;
  if (witnesses.length === 0 && line !== null)
    witnesses.push({ line, source: null, helo: session.heloArgument, judged: judge.noGreeting });
  return witnesses.map((witness) => observationOf(witness, session, file));
}

function inBanner(session: SmtpSession): readonly Witness[] {
  const written = BANNER_WITH_PEER.exec(session.banner?.text ?? "")?.[1];
  if (session.banner === null || written === undefined) return [];
  const source = parseObserved(written);
  const judged = weighed(source, session, judge.shownInBanner(source));
  return isAddress(source) ? [{ line: session.banner.line, source, helo: null, judged }] : [];
}

/** A second reply that tells the same (EHLO again after STARTTLS) is not said again. */
function inEchoes(session: SmtpSession): readonly Witness[] {
  const told = new Set<string>();
  return session.echoes.flatMap(({ line, helo, reading }) => {
    const key = `${reading.style} ${reading.peer?.text ?? reading.candidate?.text ?? ""}`;
    if (told.has(key)) return [];
    told.add(key);
    return [{ line, source: reading.peer, helo, judged: judgeEcho(session, reading, helo) }];
  });
}

function judgeEcho(session: SmtpSession, reading: EchoReading, helo: string | null): judge.Judged {
  const { peer, candidate, peerName, ground } = reading;
  if (candidate !== null) return judge.ambiguous(session, candidate, helo);
  if (peer !== null) {
    const judged = ground === "server" ? judge.printsPeer(session, peer, helo) : judge.differsFromHelo(peer, helo);
    return weighed(peer, session, judged);
  }
  return peerName === null ? judge.hostOnly(session) : judge.nameOnly(peerName);
}

function inRefusals(session: SmtpSession): readonly Witness[] {
  const helo = session.heloArgument;
  return session.refusals.flatMap(({ line, text }) => {
    const written = REJECTIONS_WITH_PEER.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
    if (written === undefined) return [];
    const source = parseObserved(written);
    if (!isAddress(source) || (helo !== null && sameAsHelo(source, helo))) return [];
    return [{ line, source, helo, judged: weighed(source, session, judge.repeatedInRefusal(source)) }];
  });
}

/** What takes the weight off an address that the server did print. */
function weighed(peer: ObservedAddress, session: SmtpSession, judged: judge.Judged): judge.Judged {
  const to = session.connectedTo?.address ?? null;
  // What listens on this host itself is a tunnel: ssh -L, stunnel.
  const tunnel = session.connectedTo?.name === "localhost" || (to !== null && inAny(LOOPBACK, to));
  if (session.throughProxy || tunnel) return judge.sentByAnother(peer);
  if (peer.ip === null) return maskedDigits(peer.text) === 0 ? judge.allHidden(peer) : judged;
  if (inAny(LOOPBACK, peer.ip)) return judge.loopbackPeer(peer);
  if (inAny(NO_SOURCE, peer.ip)) return judge.noSource(peer);
  if (to !== null && familyOf(to) !== familyOf(peer.ip)) return judge.otherFamily(peer, to);
  return peer.ip === to ? judge.secondConnection(peer) : judged;
}

/**
 * Of no packet that came over a router: unspecified (RFC 1122 3.2.1.3, RFC 4291 2.5.2), link-local (RFC 3927 7, RFC 4291
 * 2.5.6), multicast and reserved (RFC 1112 4, RFC 4291 2.7).
 */
const NO_SOURCE = [...LINK_LOCAL, ...cidrs("0.0.0.0/8", "224.0.0.0/3", "::/128", "ff00::/8")];

function observationOf(witness: Witness, session: SmtpSession, file: string): Observation {
  const { line, source, helo, judged } = witness;
  // Through a proxy the address connected to is the proxy's.
  const to = session.throughProxy ? null : session.connectedTo;
  return {
    file,
    line: line.number,
    kind: "smtp-transcript",
    quote: quoteOf(line),
    says: judged.says,
    proves: judged.proves,
    strength: judged.strength,
    seen: {
      source,
      sourcePort: null,
      destination: to === null || to.address === null ? null : parseObserved(to.address),
      destinationName: to?.name ?? null,
      destinationPort: to?.port ?? null,
      protocol: "tcp",
      at: session.banner === null ? null : mailDateIn(session.banner.text),
    },
    before: source === null || session.boundTo === null ? null : parseObserved(session.boundTo),
    claimed: helo ?? session.heloArgument,
    ...(session.ranOn === null ? {} : { ranOn: session.ranOn }),
    vantage: judged.vantage ?? (judged.strength === "none" && source === null ? "unknown" : "destination"),
  };
}

function namesOf(session: SmtpSession) {
  const { name = null, address = null } = session.throughProxy ? {} : (session.connectedTo ?? {});
  return name === null || address === null ? [] : [{ name, address }];
}
