import { type Ip, parseIp } from "../address/ip.ts";
import { type Mark, parseMark } from "./mark.ts";

export const LISTENER_KINDS = ["tcp", "smtp", "http", "tls", "udp", "stun"] as const;
export type ListenerKind = (typeof LISTENER_KINDS)[number];

export interface End {
  readonly address: Ip;
  readonly port: number;
}

/** One caller, as a witness saw it. */
export interface Sighting {
  /** Counts from 1 within one log. */
  readonly number: number;
  /** RFC 3339 with milliseconds, UTC, by the witness's clock. */
  readonly at: string;
  readonly listener: ListenerKind;
  readonly protocol: "tcp" | "udp";
  readonly source: End;
  /** The proxy that named the source; null: the source is the peer of the socket itself. */
  readonly via: Ip | null;
  readonly local: End;
  /** null: the hello carried none. */
  readonly mark: Mark | null;
}

export interface Receipt extends Sighting {
  /** The witness's public key, Ed25519, 32 bytes as base64url: its identity. */
  readonly key: string;
  /** From the sighting's hash up to what was signed: hashes of neighbours, and on which side they stand. */
  readonly path: readonly { readonly side: "left" | "right"; readonly hash: string }[];
  /** Ed25519 over `signedText(root)`, base64url. */
  readonly signature: string;
  /** The part that the first hash covers. */
  readonly body: string;
}

const HEAD = "seenas-receipt-1";
const END = String.raw`(?:\[([0-9a-f:.]{2,45})\]|(\d{1,3}(?:\.\d{1,3}){3})):(\d{1,5})`;
const BODY = new RegExp(
  String.raw`^${HEAD} n=(\d{1,15}) at=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) as=([a-z]{3,5}) seen=${END}(?: via=([0-9a-f:.]{2,45}))? on=${END}/(tcp|udp) mark=([0-9a-f]{24}|-) key=([\w-]{43})$`,
);
/** The last letter has bits to spare, which are zero: nothing else may stand for the same bytes. */
const HASH = String.raw`[\w-]{42}[AEIMQUYcgkosw048]`;
const TAIL = new RegExp(String.raw` path=(-|(?:[LR]${HASH}){1,16}) sig=([\w-]{85}[AQgw])$`);
const ANYWHERE = /seenas-receipt-1 n=\d[\x20-\x7e]{80,900}? sig=[\w-]{86}(?![\w-])/g;

/**
 * How many share a signature. A reply of SMTP is a line of at most 512 octets (RFC 5321, section 4.5.3.1.5), which leaves
 * room for three hashes. A datagram is never answered with more than came. Elsewhere a few more hashes do no harm.
 */
export function mostInATree(listeners: readonly ListenerKind[]): number {
  if (listeners.includes("smtp")) return 8;
  return listeners.includes("udp") || listeners.includes("stun") ? 16 : 64;
}

export const endText = ({ address, port }: End): string =>
  address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;

/** The words of a receipt that are hashed and signed. */
export const receiptBody = (seen: Sighting, key: string): string =>
  `${HEAD} n=${seen.number} at=${seen.at} as=${seen.listener} seen=${endText(seen.source)}${
    seen.via === null ? "" : ` via=${seen.via}`
  } on=${endText(seen.local)}/${seen.protocol} mark=${seen.mark ?? "-"} key=${key}`;

export const receiptLine = (body: string, path: string, signature: string): string =>
  `${body} path=${path === "" ? "-" : path} sig=${signature}`;

/** Every receipt that stands in a text, whatever surrounds it; lines that are cut or not in its form are none. */
export function receiptsIn(text: string): readonly Receipt[] {
  return text.includes(HEAD) ? [...text.matchAll(ANYWHERE)].flatMap(([line]) => parseReceipt(line) ?? []) : [];
}

/** One line. Null: not in this form. Whether it is true is for `checkReceipt` to say. */
export function parseReceipt(line: string): Receipt | null {
  const tail = TAIL.exec(line);
  const body = tail === null ? "" : line.slice(0, tail.index);
  const found = BODY.exec(body);
  if (tail === null || found === null) return null;
  const [, n, at = "", as = "", six, four, port, via, six2, four2, port2, protocol, mark = "", key = ""] = found;
  const source = end(six ?? four, port);
  const local = end(six2 ?? four2, port2);
  const proxy = via === undefined ? null : parseIp(via);
  const listener = LISTENER_KINDS.find((kind) => kind === as);
  if (source === null || local === null || proxy === undefined || listener === undefined) return null;
  const transport = protocol === "udp" ? "udp" : "tcp";
  return {
    ...{ number: Number(n), at, listener, protocol: transport, source, via: proxy, local },
    ...{ mark: parseMark(mark), key, body, signature: tail[2] ?? "", path: pathOf(tail[1] ?? "-") },
  };
}

function end(text: string | undefined, port: string | undefined): End | null {
  const address = parseIp(text ?? "");
  const number = Number(port);
  return address === undefined || number > 65_535 ? null : { address, port: number };
}

const pathOf = (text: string): Receipt["path"] =>
  [...text.matchAll(/([LR])([\w-]{43})/g)].map(([, side, hash = ""]) => ({
    side: side === "L" ? "left" : "right",
    hash,
  }));

/** What core has none of: hashes and signatures. Texts are base64url. */
export interface Crypto {
  /** SHA-256; of a text, of its bytes in UTF-8. */
  readonly hash: (bytes: Uint8Array | string) => string;
  readonly bytesOf: (base64url: string) => Uint8Array;
  readonly verify: (text: string, signature: string, key: string) => boolean;
}

type Hashing = Pick<Crypto, "hash" | "bytesOf">;
type NodeHash = (left: string, right: string) => string;

/** What a witness signs: the root of a tree of hashes (RFC 9162, section 2.1), one for all who called at once. */
export const signedText = (root: string): string => `seenas-receipt-1 root ${root}`;

const HASH_BYTES = 32;

/** A leaf begins with a byte 0, a node with a byte 1, so that neither can stand for the other. */
export const leafHash = (body: string, { hash }: Pick<Crypto, "hash">): string => hash(`\0${body}`);

/** For all nodes of one tree: room for each of them would cost as much as its hash. */
function nodeHasher({ hash, bytesOf }: Hashing): NodeHash {
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
  bytes[0] = 1;
  return (left, right) => {
    bytes.set(bytesOf(left), 1);
    bytes.set(bytesOf(right), 1 + HASH_BYTES);
    return hash(bytes);
  };
}

/** @returns the root, and each leaf's way up to it as a receipt writes it */
export function treeOf(leaves: readonly string[], crypto: Hashing): Tree {
  return treeBy(nodeHasher(crypto), leaves);
}

interface Tree {
  readonly root: string;
  readonly paths: readonly string[];
}

function treeBy(nodeHash: NodeHash, leaves: readonly string[]): Tree {
  if (leaves.length < 2) return { root: leaves[0] ?? "", paths: leaves.map(() => "") };
  const above = treeBy(nodeHash, levelAbove(leaves, nodeHash));
  // The way of two neighbours is the same but for its first step.
  const paths = leaves.map((_, at) => `${stepFrom(at, leaves)}${above.paths[at >> 1] ?? ""}`);
  return { root: above.root, paths };
}

/** Two and two; the last of an odd number goes up as it is. */
function levelAbove(level: readonly string[], nodeHash: NodeHash): readonly string[] {
  const above: string[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left = "", right] = [level[at], level[at + 1]];
    above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}

function stepFrom(at: number, level: readonly string[]): string {
  const neighbour = level[at ^ 1];
  if (neighbour === undefined) return "";
  return at % 2 === 0 ? `R${neighbour}` : `L${neighbour}`;
}

/** True: whoever has the key's secret half wrote every word of it. It does not say that it was written for this caller. */
export function isGenuine(receipt: Receipt, crypto: Crypto): boolean {
  const nodeHash = nodeHasher(crypto);
  let root = leafHash(receipt.body, crypto);
  for (const { side, hash } of receipt.path) root = side === "left" ? nodeHash(hash, root) : nodeHash(root, hash);
  return crypto.verify(signedText(root), receipt.signature, receipt.key);
}
