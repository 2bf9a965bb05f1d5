/** One line of evidence. Numbers count from 1 in the whole file, also when only a part of it is read. */
export interface Line {
  readonly number: number;
  /** Without line end, trailing blanks, terminal colours and whatever else tells a terminal what to do. */
  readonly text: string;
  /** How many lines of a long log it stands for; absent: itself. */
  readonly stands?: number;
}

/** No line of a tool that is read here is nearly as long; what follows is left unread so that nothing hangs. */
const LONGEST_LINE = 65_536;

/** A quotation in a report is one line of a screen or two. */
const LONGEST_QUOTE = 400;

const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/**
 * Control sequences (colours), operating system commands (titles), character sets.
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/
 */
const CONTROLS = new RegExp(
  `${ESCAPE}(?:\\[[0-9;?]{0,16} ?[A-Za-z]|\\][^${BELL}${ESCAPE}]{0,400}(?:${BELL}|${ESCAPE}\\\\)|[()][AB0])`,
  "g",
);

/** Cuts a text into lines: LF, CR LF, doubled CR, or CR alone (very old systems). */
export function linesOf(text: string): readonly Line[] {
  const end = !text.includes("\n") && text.includes("\r") ? "\r" : "\n";
  return text.split(end).map((line, index) => ({ number: index + 1, text: cleanLine(line) }));
}

/** A line as `Line` wants it. */
export function cleanLine(line: string): string {
  const short = line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line;
  const plain = short.includes(ESCAPE) ? short.replace(CONTROLS, "") : short;
  const text = plain.startsWith("\ufeff") ? plain.slice(1) : plain;
  return text.trimEnd();
}

/** The line as a report quotes it. */
export function quoteOf(line: Line): string {
  const text = line.text.trim().replaceAll(ESCAPE, "\ufffd");
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
