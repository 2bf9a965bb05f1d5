import { addressOf, isHost } from "../../address/cidr.ts";
import { field } from "../map-json.ts";
import { clean } from "../text.ts";
import { type AllowWriter, comment, headOf, speak, wordsOf } from "./writing.ts";

/** One prefix a line, comments after `#`. */
export const text: AllowWriter = function* (list, { language }) {
  const say = speak(language);
  for (const line of headOf(list, say)) yield `# ${comment(line)}`;
  const width = Math.max(...list.entries.map(({ cidr }) => cidr.length));
  for (const entry of list.entries) yield `${entry.cidr.padEnd(width)}  # ${comment(wordsOf(entry, say))}`;
};

/**
 * An external dynamic list of PAN-OS. A comment may only stand behind an address on the same line, after a blank, so
 * that the head stands behind the first.
 * https://docs.paloaltonetworks.com/network-security/security-policy/administration/objects/external-dynamic-lists/formatting-guidelines-for-an-external-dynamic-list
 */
export const edl: AllowWriter = function* (list, { language }) {
  const say = speak(language);
  const head = headOf(list, say).map(comment).join(" | ");
  for (const [index, entry] of list.entries.entries())
    yield `${entry.cidr} # ${comment(wordsOf(entry, say))}${index === 0 ? ` | ${head}` : ""}`;
};

/**
 * In the style of https://ip-ranges.amazonaws.com/ip-ranges.json: `prefixes` with `ip_prefix`, `ipv6_prefixes` with
 * `ipv6_prefix`, each with why.
 * https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html
 */
export const json: AllowWriter = function* (list, { name, language }) {
  const say = speak(language);
  const whyOf = ({
    use,
    stability,
    certainty,
    isPrivate,
    resources,
    rules,
    senders,
  }: (typeof list.entries)[number]) => ({
    use,
    stability,
    certainty,
    private: isPrivate,
    resources,
    rules,
    senders,
  });
  const isWide = (cidr: string): boolean => cidr.includes(":");
  const value = {
    schema: "seenas/allow@1",
    name,
    asOf: list.asOf,
    towards: list.towards,
    certain: list.doubts.length === 0,
    doubts: list.doubts.map(({ kind, stability, addresses, senders, resource, open }) => ({
      kind,
      stability,
      addresses,
      senders,
      resource,
      open: open.map(say),
    })),
    senders: list.senders,
    blocked: list.blocked,
    prefixes: list.entries
      .filter(({ cidr }) => !isWide(cidr))
      .map((entry) => ({ ip_prefix: entry.cidr, ...whyOf(entry) })),
    ipv6_prefixes: list.entries
      .filter(({ cidr }) => isWide(cidr))
      .map((entry) => ({ ipv6_prefix: entry.cidr, ...whyOf(entry) })),
  };
  yield JSON.stringify(value, null, 2);
};

/** As RFC 4180 has it; lists are parted by blanks. */
export const csv: AllowWriter = function* (list) {
  yield "cidr,family,use,stability,certainty,private,certain,as_of,resources,rules,senders";
  const isCertain = list.doubts.length === 0;
  for (const { cidr, use, stability, certainty, isPrivate, resources, rules, senders } of list.entries)
    yield [
      cidr,
      cidr.includes(":") ? 6 : 4,
      use,
      stability,
      certainty,
      isPrivate,
      isCertain,
      list.asOf,
      clean(resources.join(" ")),
      clean(rules.join(" ")),
      clean(senders.join(" ")),
    ]
      .map(field)
      .join();
};

/** A host without its length, for formats that print it so. */
export const shortCidr = (cidr: Parameters<typeof addressOf>[0]): string => (isHost(cidr) ? addressOf(cidr) : cidr);
