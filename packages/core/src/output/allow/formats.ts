import { aws, azure, gcp, terraform } from "./clouds.ts";
import { aerleon, asa, fortigate, junos } from "./devices.ts";
import { ipset, iptables, nftables } from "./linux.ts";
import { markdown } from "./markdown.ts";
import { csv, edl, json, text } from "./plain.ts";
import { exchange, exim, networkpolicy, pgHba, postfix, spf } from "./services.ts";
import type { AllowWriter } from "./writing.ts";

/** What `allow --format` takes, in the order of the contract. */
export const ALLOW_FORMATS = {
  text,
  json,
  csv,
  edl,
  nftables,
  iptables,
  ipset,
  asa,
  fortigate,
  junos,
  gcp,
  aws,
  azure,
  terraform,
  networkpolicy,
  postfix,
  exim,
  exchange,
  spf,
  "pg-hba": pgHba,
  aerleon,
  markdown,
} as const satisfies Readonly<Record<string, AllowWriter>>;

export type AllowFormat = keyof typeof ALLOW_FORMATS;

export const isAllowFormat = (word: string): word is AllowFormat => Object.hasOwn(ALLOW_FORMATS, word);
