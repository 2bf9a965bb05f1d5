import { shortCidr } from "./plain.ts";
import {
  type AllowWriter,
  ascii,
  asciiComment,
  byFamily,
  comment,
  headOf,
  identifier,
  label,
  speak,
  wordsOf,
} from "./writing.ts";

/**
 * Kubernetes: a NetworkPolicy for Pods with a label.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export const networkpolicy: AllowWriter = function* (list, { name, language }) {
  const say = speak(language);
  const base = label(name, 63);
  for (const line of headOf(list, say)) yield `# ${comment(line)}`;
  yield `# ${comment(say({ en: "a policy sees the source only where nothing before it translates (externalTrafficPolicy: Local)", zh: "仅当前面没有转换时，策略才能看到源地址（externalTrafficPolicy: Local）" }))}`;
  if (list.services === null)
    yield `# ${comment(say({ en: "admits every port: a destination with a port narrows it", zh: "允许所有端口：目的地带上端口可缩小范围" }))}`;
  yield "apiVersion: networking.k8s.io/v1";
  yield "kind: NetworkPolicy";
  yield "metadata:";
  yield `  name: ${base}`;
  yield "spec:";
  yield "  podSelector:";
  yield "    matchLabels:";
  yield `      app: ${base} # ${comment(say({ en: "the label of your Pods", zh: "您的 Pod 的标签" }))}`;
  yield "  policyTypes:";
  yield "    - Ingress";
  yield "  ingress:";
  yield "    - from:";
  for (const entry of list.entries) {
    yield `        # ${comment(wordsOf(entry, say))}`;
    yield "        - ipBlock:";
    yield `            cidr: "${entry.cidr}"`;
  }
  // A policy speaks of TCP, UDP and SCTP alone.
  const ports = (list.services ?? []).filter(({ port }) => port !== null);
  if (ports.length > 0) yield "      ports:";
  for (const { protocol, port } of ports) {
    yield `        - protocol: ${protocol.toUpperCase()}`;
    yield `          port: ${port}`;
  }
};

/**
 * Postfix: a table for `check_client_access cidr:FILE`. A line that begins with a blank continues the one before it.
 * https://www.postfix.org/cidr_table.5.html https://www.postfix.org/access.5.html
 */
export const postfix: AllowWriter = function* (list, { name, language }) {
  const say = speak(language);
  for (const line of headOf(list, say)) yield `# ${comment(line)}`;
  yield `# ${comment(say({ en: `smtpd_client_restrictions = check_client_access cidr:/etc/postfix/${identifier(name, 64)}, reject`, zh: `smtpd_client_restrictions = check_client_access cidr:/etc/postfix/${identifier(name, 64)}, reject` }))}`;
  yield `# ${comment(say({ en: "in smtpd_recipient_restrictions put it behind reject_unauth_destination, else these clients may relay anywhere", zh: "若放在 smtpd_recipient_restrictions 中，须在 reject_unauth_destination 之后，否则这些客户端可任意中继" }))}`;
  for (const entry of list.entries) {
    yield `# ${comment(wordsOf(entry, say))}`;
    yield `${entry.cidr} OK`;
  }
};

/**
 * Exim: a file that a host list names, an item a line; colons of IPv6 need no care there.
 * https://www.exim.org/exim-html-current/doc/html/spec_html/ch-domain_host_address_and_local_part_lists.html
 */
export const exim: AllowWriter = function* (list, { name, language }) {
  const say = speak(language);
  const file = identifier(name, 64);
  for (const line of headOf(list, say)) yield `# ${comment(line)}`;
  yield `# ${comment(say({ en: `hostlist ${file.replaceAll("-", "_")} = /etc/exim4/${file}, then in an ACL: hosts = +${file.replaceAll("-", "_")}`, zh: `hostlist ${file.replaceAll("-", "_")} = /etc/exim4/${file}，然后在 ACL 中：hosts = +${file.replaceAll("-", "_")}` }))}`;
  for (const entry of list.entries) {
    yield `# ${comment(wordsOf(entry, say))}`;
    yield shortCidr(entry.cidr);
  }
};

/**
 * Exchange: `-RemoteIPRanges` replaces the list of the connector, and that is said.
 * https://learn.microsoft.com/powershell/module/exchange/set-receiveconnector
 * https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */
export const exchange: AllowWriter = function* (list, { name }) {
  const say = speak("en");
  // PowerShell closes a string at typographic quotes, too.
  const quoted = `'${ascii(name).replaceAll("'", "''")}'`;
  for (const line of headOf(list, say)) yield `# ${asciiComment(line)}`;
  yield "# -RemoteIPRanges REPLACES the list of the connector: whoever is not below is refused by it afterwards.";
  yield `# What it holds now: (Get-ReceiveConnector -Identity ${quoted}).RemoteIPRanges`;
  for (const entry of list.entries) yield `# ${entry.cidr}: ${asciiComment(wordsOf(entry, say))}`;
  const ranges = list.entries.map(({ cidr }) => `'${shortCidr(cidr)}'`);
  yield `Set-ReceiveConnector -Identity ${quoted} -RemoteIPRanges @(`;
  for (const [index, range] of ranges.entries()) yield `  ${range}${index === ranges.length - 1 ? "" : ","}`;
  yield ")";
};

/** A character-string of DNS holds 255 octets: https://www.rfc-editor.org/rfc/rfc1035#section-3.3 */
const STRING = 255;
/** What a record should stay under: https://www.rfc-editor.org/rfc/rfc7208#section-3.4 */
const RECORD = 450;

/**
 * SPF mechanisms of the sender's own domain, as strings of a TXT record in a zone file.
 * https://www.rfc-editor.org/rfc/rfc7208#section-5.6 (ip4, ip6), https://www.rfc-editor.org/rfc/rfc1035#section-5.1 (zone file)
 */
export const spf: AllowWriter = function* (list, { language }) {
  const say = speak(language);
  for (const line of headOf(list, say)) yield `; ${comment(line)}`;
  yield `; ${comment(say({ en: "belongs into the SPF record of the sending domain, between v=spf1 and the all mechanism", zh: "写入发送方域名的 SPF 记录，位于 v=spf1 与 all 机制之间" }))}`;
  for (const entry of list.entries) yield `; ${entry.cidr}: ${comment(wordsOf(entry, say))}`;
  const mechanisms = list.entries.map(({ cidr }) => `${cidr.includes(":") ? "ip6" : "ip4"}:${shortCidr(cidr)} `);
  const size = mechanisms.reduce((sum, one) => sum + one.length, 0);
  if (size > RECORD)
    yield `; ${comment(say({ en: `${size} octets: more than the ${RECORD} that RFC 7208 recommends; spread them over included records`, zh: `${size} 字节：超过 RFC 7208 建议的 ${RECORD}，请分散到多个 include 记录` }))}`;
  let text = "";
  for (const mechanism of mechanisms) {
    if (text.length + mechanism.length > STRING) {
      yield `"${text}"`;
      text = "";
    }
    text += mechanism;
  }
  yield `"${text}"`;
};

/**
 * PostgreSQL: records of pg_hba.conf. The quoted names are no keywords, so that they admit nobody until they are
 * replaced. A backslash at the end of a line would join the next.
 * https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
 */
export const pgHba: AllowWriter = function* (list, { language }) {
  const say = speak(language);
  for (const line of headOf(list, say)) yield `# ${comment(line)}`;
  yield `# ${comment(say({ en: "replace DATABASE and USER; the first record that fits a connection decides", zh: "请替换 DATABASE 和 USER；第一条匹配连接的记录起决定作用" }))}`;
  for (const { entries } of byFamily(list))
    for (const entry of entries) {
      yield `# ${comment(wordsOf(entry, say))}`;
      yield `hostssl "DATABASE" "USER" ${entry.cidr} scram-sha-256`;
    }
};
