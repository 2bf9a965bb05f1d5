/**
 * What a mail server prints about its client in the first line of the EHLO reply. RFC 5321 leaves that text free
 * (https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1).
 *
 * `peer`: the address its TCP connection came from, at most after the reverse name · `helo-then-peer`: what the client
 * said of itself, then the peer · `name-or-helo-then-peer`: the reverse name or, without one, what the client said,
 * then the peer · `name-only`: the reverse name when there is one · `nothing`.
 */
export type Echo = "peer" | "helo-then-peer" | "name-or-helo-then-peer" | "name-only" | "nothing";

export interface MailServer {
  readonly id: string;
  /** As a user knows it. */
  readonly name: string;
  /** In the text after `220 `. */
  readonly banner: RegExp | null;
  /** In the text after `250-`; only where it is unmistakable. */
  readonly reply: RegExp | null;
  readonly echo: Echo;
  /** `measured`: run with named and unnamed peers and four HELO arguments · `seen`: in public transcripts · `read`: in its source. */
  readonly backing: "measured" | "seen" | "read";
  readonly source: string;
}

/** Two transcripts spell it "ESMP": typed by hand, or a greeting that somebody changed. */
const MICROSOFT = /Microsoft ESMT?P MAIL Service(?!, Version)/i;

/** First match wins. */
export const MAIL_SERVERS: readonly MailServer[] = [
  {
    id: "exchange-online",
    name: "Exchange Online",
    banner: /\.protection\.outlook\.com .{0,200}Microsoft ESMT?P MAIL Service/i,
    reply: null,
    echo: "peer",
    backing: "seen",
    source: "https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging",
  },
  {
    id: "exchange",
    name: "Exchange",
    banner: MICROSOFT,
    reply: null,
    echo: "peer",
    backing: "seen",
    source: "https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging",
  },
  {
    id: "gmail",
    name: "Gmail",
    banner: /^mx\.google\.com ESMTP|- gsmtp$/,
    reply: /^(?:mx|smtp)\.(?:google|gmail)\.com at your service, \[/,
    echo: "peer",
    backing: "seen",
    source: "https://support.google.com/mail/answer/7126229",
  },
  {
    id: "haraka",
    name: "Haraka",
    banner: /ESMTP Haraka/,
    reply: /, Haraka is at your service/,
    echo: "peer",
    backing: "measured",
    source: "https://github.com/haraka/Haraka/blob/master/connection.js",
  },
  {
    id: "exim",
    name: "Exim",
    banner: /ESMTP Exim/,
    reply: null,
    echo: "name-or-helo-then-peer",
    backing: "measured",
    source: "https://www.exim.org/exim-html-current/doc/html/spec_html/ch-the_default_configuration_file.html",
  },
  {
    id: "opensmtpd",
    name: "OpenSMTPD",
    banner: /ESMTP OpenSMTPD/,
    reply: null,
    echo: "helo-then-peer",
    backing: "measured",
    source: "https://man.openbsd.org/smtpd.conf",
  },
  {
    id: "sendmail",
    name: "sendmail",
    banner: /ESMTP Sendmail/i,
    reply: null,
    echo: "peer",
    backing: "measured",
    source: "https://www.proofpoint.com/us/products/email-protection/open-source-email-solution",
  },
  {
    id: "james",
    name: "Apache James",
    banner: /SMTP Server \(JAMES|Apache JAMES/i,
    reply: null,
    echo: "helo-then-peer",
    backing: "read",
    source:
      "https://github.com/apache/james-project/blob/master/protocols/smtp/src/main/java/org/apache/james/protocols/smtp/core/esmtp/EhloCmdHandler.java",
  },
  {
    id: "nodemailer",
    name: "nodemailer smtp-server",
    banner: null,
    reply: / Nice to meet you, /,
    echo: "name-only",
    backing: "measured",
    source: "https://github.com/nodemailer/smtp-server",
  },
  {
    id: "postfix",
    name: "Postfix",
    banner: /ESMTP Postfix/,
    reply: null,
    echo: "nothing",
    backing: "measured",
    source: "https://www.postfix.org/postconf.5.html#smtpd_banner",
  },
  {
    id: "courier",
    name: "Courier",
    banner: /Courier/,
    reply: /^\S+ Ok\.$/,
    echo: "nothing",
    backing: "measured",
    source: "https://www.courier-mta.org/courieresmtpd.html",
  },
  {
    id: "dovecot",
    name: "Dovecot submission",
    banner: /Dovecot/,
    reply: null,
    echo: "nothing",
    backing: "measured",
    source: "https://doc.dovecot.org/",
  },
  {
    id: "aiosmtpd",
    name: "aiosmtpd",
    banner: /Python SMTP/,
    reply: null,
    echo: "nothing",
    backing: "measured",
    source: "https://aiosmtpd.aio-libs.org/",
  },
];

/** @param banner text after `220 `, @param reply text after the first `250-`; null where the transcript has none. */
export const serverOf = (banner: string | null, reply: string | null): MailServer | null =>
  MAIL_SERVERS.find(
    (server) =>
      (banner !== null && server.banner?.test(banner) === true) ||
      (reply !== null && server.reply?.test(reply) === true),
  ) ?? null;

/** A reply to a refused command that names the peer. The address stands in the first group. */
export const REJECTIONS_WITH_PEER: readonly RegExp[] = [
  // Exchange Online: https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/fix-error-code-5-7-511-in-exchange-online
  /banned sending IP \[([^\][\s]{1,60})\]/i,
  // Postfix reject_rbl_client: https://www.postfix.org/postconf.5.html#default_rbl_reply
  /Client host \[([^\][\s]{1,60})\] (?:blocked|rejected)/i,
  // Exchange Online throttling and block lists name it so.
  /\b(?:sending|your|client) (?:IP|IP address|host):? \[([^\][\s]{1,60})\]/i,
];

/** sendmail on Debian tells every caller its address in the greeting. */
export const BANNER_WITH_PEER = /logging access from: \S{0,400} \[([^\][\s]{1,60})\]/;
