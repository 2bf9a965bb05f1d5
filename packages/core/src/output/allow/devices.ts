import { addressOf, type Cidr, isHost, lengthOf } from "../../address/cidr.ts";
import {
  type AllowWriter,
  asciiComment,
  byFamily,
  chunksOf,
  cut,
  headOf,
  identifier,
  speak,
  wordsOf,
} from "./writing.ts";

const english = speak("en");

/** `255.255.255.254` */
export function maskOf(cidr: Cidr): string {
  const bits = lengthOf(cidr);
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(Math.max(bits - start, 0), 8))).join(".");
}

/**
 * Cisco ASA: one object group of both families. A line that begins with `!` is a comment.
 * https://www.cisco.com/c/en/us/td/docs/security/asa/asa-cli-reference/I-R/asa-command-ref-I-R/o-commands.html (object-group network, network-object)
 */
export const asa: AllowWriter = function* (list, { name }) {
  for (const line of headOf(list, english)) yield `! ${asciiComment(line)}`;
  for (const entry of list.entries) yield `! ${entry.cidr}: ${asciiComment(wordsOf(entry, english))}`;
  yield "! adds to a group that is there already: clear configure object-group network NAME empties it, once no rule uses it";
  yield `object-group network ${identifier(name, 64)}`;
  // 200 characters.
  yield ` description ${cut(asciiComment(headOf(list, english).join(" - ")), 200)}`;
  for (const { cidr } of list.entries) yield ` network-object ${asaObject(cidr)}`;
};

const asaObject = (cidr: Cidr): string =>
  isHost(cidr) ? `host ${addressOf(cidr)}` : cidr.includes(":") ? cidr : `${addressOf(cidr)} ${maskOf(cidr)}`;

/**
 * FortiOS: an address object a prefix and a group of them for each family; `set member` replaces what the group held.
 * https://docs.fortinet.com/document/fortigate/6.0.0/cli-reference/969597/firewall-address-address6
 * https://docs.fortinet.com/document/fortigate/6.0.0/cli-reference/843701/firewall-addrgrp-addgrp6
 */
export const fortigate: AllowWriter = function* (list, { name }) {
  const base = identifier(name, 40);
  for (const line of headOf(list, english)) yield `# ${asciiComment(line)}`;
  for (const { family, entries } of byFamily(list)) {
    const suffix = family === 6 ? "6" : "";
    const named = entries.map((entry) => ({ entry, object: `${base}_${entry.cidr.replaceAll("/", "-")}` }));
    yield `config firewall address${suffix}`;
    for (const { entry, object } of named) {
      yield `    edit "${object}"`;
      yield family === 4
        ? `        set subnet ${addressOf(entry.cidr)} ${maskOf(entry.cidr)}`
        : `        set ip6 ${entry.cidr}`;
      yield `        set comment "${cut(asciiComment(wordsOf(entry, english)), COMMENT)}"`;
      yield "    next";
    }
    yield "end";
    yield `config firewall addrgrp${suffix}`;
    yield `    edit "${base}${suffix === "" ? "" : "_v6"}"`;
    yield `        set comment "${cut(asciiComment(headOf(list, english).join(" - ")), COMMENT)}"`;
    // A line of a script is not endless.
    for (const [index, part] of [...chunksOf(named, 50)].entries())
      yield `        ${index === 0 ? "set" : "append"} member ${part.map(({ object }) => `"${object}"`).join(" ")}`;
    yield "    next";
    yield "end";
  }
};

/** `comment {string} size[255]` */
const COMMENT = 255;

/**
 * Junos: a prefix list of both families, for `load replace FILE`, which puts it in the place of one of that name. Comments
 * stay in the configuration.
 * https://www.juniper.net/documentation/us/en/software/junos/cli-reference/topics/ref/statement/prefix-list-edit-policy-options.html
 * https://www.juniper.net/documentation/us/en/software/junos/cli/topics/topic-map/junos-config-files-loading.html
 */
export const junos: AllowWriter = function* (list, { name }) {
  yield "policy-options {";
  for (const line of headOf(list, english)) yield `    /* ${asciiComment(line)} */`;
  yield `    replace: prefix-list ${identifier(name, 64)} {`;
  for (const entry of list.entries) {
    yield `        /* ${asciiComment(wordsOf(entry, english))} */`;
    yield `        ${entry.cidr};`;
  }
  yield "    }";
  yield "}";
};

/**
 * Network definitions for Aerleon, `def/NAME.yaml`.
 * https://aerleon.readthedocs.io/en/latest/yaml_reference/
 */
export const aerleon: AllowWriter = function* (list, { name }) {
  for (const line of headOf(list, english)) yield `# ${asciiComment(line)}`;
  yield "networks:";
  yield `  ${identifier(name, 64).toUpperCase().replaceAll("-", "_")}:`;
  yield "    values:";
  for (const entry of list.entries) {
    yield `      - address: ${entry.cidr}`;
    yield `        comment: "${asciiComment(wordsOf(entry, english))}"`;
  }
};
