import { checkServerIdentity, type PeerCertificate, type TLSSocket } from "node:tls";
import { errnoOf } from "../files/list.ts";

export interface Certificate {
  readonly subject: string;
  readonly names: string;
  readonly until: string;
  /** null: nothing is wrong with it. */
  readonly wrong: string | null;
}

/** What the server showed; nobody relies on it here. Null: none. @param name that was asked for */
export function certificateOf(secure: TLSSocket, name: string | null): Certificate | null {
  const shown: PeerCertificate = secure.getPeerCertificate();
  if (Object.keys(shown).length === 0) return null;
  const names = shown.subjectaltname ?? "";
  return {
    subject: String(shown.subject?.CN ?? ""),
    names: names.slice(0, 500),
    until: shown.valid_to,
    wrong: wrongIn(secure, shown, name),
  };
}

/** The mark is nobody's name: the certificate is held against the name that was asked for. */
function wrongIn(secure: TLSSocket, shown: PeerCertificate, name: string | null): string | null {
  const identity = name === null ? undefined : checkServerIdentity(name, shown);
  const reason: unknown = secure.authorizationError;
  const chain =
    reason === null || reason === undefined ? null : reason instanceof Error ? errnoOf(reason) : String(reason);
  // With the mark as server name that one never fits.
  const ofChain = chain === "ERR_TLS_CERT_ALTNAME_INVALID" ? null : chain;
  return identity === undefined ? ofChain : `${identity.message.slice(0, 200)}`;
}
