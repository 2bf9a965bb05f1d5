import type { End, Ip, Mark } from "@seenas/core";
import type { Certificate } from "./certificate.ts";
import type { Hello } from "./hello.ts";

/** How one hello ended. */
export type Result =
  | "answered"
  /** Connected, and the other side hung up without a word. */
  | "closed"
  /** Connected, or sent, and nothing came in time. */
  | "silent"
  /** Something came, and time was over before it was whole. */
  | "slow"
  /** More came than is read. */
  | "too-long"
  | "refused"
  | "unreachable"
  | "no-connection"
  | "no-such-source"
  | "reset"
  /** No handshake of TLS. */
  | "no-tls";

export interface Attempt {
  readonly result: Result;
  readonly local: End | null;
  readonly remote: End;
  readonly tookMs: number;
  /** Bytes that came, as far as they were read. */
  readonly heardBytes: number;
  /** Both sides, as `curl -v` prints them. */
  readonly transcript: string;
  /** Everything that came, as Latin-1. */
  readonly heard: string;
  readonly mapped: End | null;
  readonly certificate: Certificate | null;
}

export interface Wanted {
  readonly hello: Hello;
  readonly mark: Mark;
  readonly to: End;
  readonly name: string | null;
  /** null: as the system chooses. */
  readonly source: Ip | null;
  readonly timeoutMs: number;
}

/** A greeting has no more; what sends on and on is hung up on. */
export const MOST_BYTES = 65_536;
