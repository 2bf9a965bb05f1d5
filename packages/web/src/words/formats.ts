import type { AllowFormat } from "@seenas/core";

/** In the order of the command's own list; the writers themselves are the worker's. A format that is missing does not compile. */
const ALL: Readonly<Record<AllowFormat, true>> = {
  text: true,
  json: true,
  csv: true,
  edl: true,
  nftables: true,
  iptables: true,
  ipset: true,
  asa: true,
  fortigate: true,
  junos: true,
  gcp: true,
  aws: true,
  azure: true,
  terraform: true,
  networkpolicy: true,
  postfix: true,
  exim: true,
  exchange: true,
  spf: true,
  "pg-hba": true,
  aerleon: true,
  markdown: true,
};

export const FORMATS = Object.keys(ALL) as readonly AllowFormat[];
