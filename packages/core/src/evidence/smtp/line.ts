import type { Line } from "../lines.ts";

/** One line of a transcript, without what the client program put before it. */
export type SmtpLine =
  | {
      readonly kind: "reply";
      readonly line: Line;
      readonly code: number;
      readonly more: boolean;
      readonly text: string;
    }
  | { readonly kind: "command"; readonly line: Line; readonly verb: string; readonly argument: string }
  | { readonly kind: "other"; readonly line: Line };

/** `250-TEXT` goes on, `250 TEXT` is the last line; chat tools turn the hyphen into a dash. */
const REPLY = /^([2-5]\d\d)([ \-–—])\s{0,8}(.*)$/;
const LAST_REPLY = /^([2-5]\d\d)$/;
const COMMAND =
  /^(EHLO|HELO|LHLO|MAIL FROM|RCPT TO|DATA|RSET|NOOP|VRFY|EXPN|HELP|AUTH|STARTTLS|BDAT|QUIT)\b:?\s{0,8}(.*)$/i;

/** `<` and `>` as curl, swaks and hand-made notes print them, and what editors and chat tools make of them. */
const FROM_SERVER = /^\s{0,16}(?:&lt;|[<‹«＜〈])(?:\*\*|[-~])?\s{0,4}/;
const FROM_CLIENT = /^\s{0,16}[-~*]{0,2}(?:&gt;|[>›»＞〉])\s{0,4}/;
const NAMED_SERVER = /^\s{0,16}(?:S: ?|SMTP<< ?|server: ?)/i;
const NAMED_CLIENT = /^\s{0,16}(?:C: ?|SMTP>> ?|client: ?)/i;
/** Python's smtplib with set_debuglevel(1): https://docs.python.org/3/library/smtplib.html */
const PYTHON_SEND = /^send: b?'(.*?)(?:\\r\\n)?'$/;
const PYTHON_REPLY = /^reply: b?'(.*?)(?:\\r\\n)?'$/;
const PYTHON_CONNECT = /^connect: (?:\((\d{3}), )?b?'(.*?)'\)?$/;

export function smtpLine(line: Line): SmtpLine {
  const { text } = line;
  const python = pythonLine(line);
  if (python !== null) return python;
  if (FROM_SERVER.test(text)) return reply(line, text.replace(FROM_SERVER, ""));
  if (FROM_CLIENT.test(text)) return command(line, text.replace(FROM_CLIENT, ""));
  if (NAMED_SERVER.test(text)) return reply(line, text.replace(NAMED_SERVER, ""));
  if (NAMED_CLIENT.test(text)) return command(line, text.replace(NAMED_CLIENT, ""));
  const bare = text.trimStart();
  const asReply = reply(line, bare);
  return asReply.kind === "reply" ? asReply : command(line, bare);
}

/** True when the client program marked the line, so that it is no chance likeness. */
export const isMarked = (text: string): boolean =>
  FROM_SERVER.test(text) || FROM_CLIENT.test(text) || NAMED_SERVER.test(text) || NAMED_CLIENT.test(text);

function pythonLine(line: Line): SmtpLine | null {
  const { text } = line;
  const sent = PYTHON_SEND.exec(text)?.[1];
  if (sent !== undefined) return command(line, sent);
  const replied = PYTHON_REPLY.exec(text)?.[1];
  if (replied !== undefined) return reply(line, replied);
  const connected = PYTHON_CONNECT.exec(text);
  if (connected === null) return null;
  return { kind: "reply", line, code: Number(connected[1] ?? 220), more: false, text: connected[2] ?? "" };
}

function reply(line: Line, text: string): SmtpLine {
  const found = REPLY.exec(text) ?? LAST_REPLY.exec(text);
  if (found === null) return { kind: "other", line };
  const [, code = "", separator = " ", rest = ""] = found;
  return { kind: "reply", line, code: Number(code), more: separator !== " ", text: rest.trim() };
}

function command(line: Line, text: string): SmtpLine {
  const found = COMMAND.exec(text);
  if (found === null) return { kind: "other", line };
  return { kind: "command", line, verb: (found[1] ?? "").toUpperCase(), argument: (found[2] ?? "").trim() };
}
