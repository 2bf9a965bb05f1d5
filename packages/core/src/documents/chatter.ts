const ESCAPE = String.fromCharCode(27);

/** Colours and cursor movements (ECMA-48): `jq -C`, `az -o jsonc`. A raw escape is legal nowhere in JSON or YAML. */
const ANSI = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]`, "g");

/** What command lines print around their output when standard error lands in the same file. */
const CHATTER = [
  /^(?:warning|warn|error|note|info|notice)\b/i,
  /^[-|/\\] (?:Running|Finished|Starting)\b/,
  /^Listed \d+ items?/,
  /^Updates are available/,
  /^To take a quick anonymous survey/,
  /^Your active configuration is:/,
  /^(?:The behavior of this )?[Cc]ommand (?:group )?'?.{0,200}(?:preview|experimental|altered)/,
  /^The (?:installed )?extension /,
  /^(?:\S+@\S+[:~ ]\S*)?\s?(?:[$#>%❯]|PS [^>]*>) ?(?:sudo )?(?:gcloud|az|aws|terraform|tofu|cat|curl|jq)\b/,
  /^\s*\$ gcloud /,
];

const VALUE_START = /^[[{]\s*["{}[\]]/;

/** Without colours and without a byte order mark. */
export function withoutAnsi(text: string): string {
  const start = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return start.includes(ESCAPE) ? start.replace(ANSI, "") : start;
}

/** Where the first line stands that is neither blank nor chatter of a command line. */
export function afterChatter(text: string): number {
  // Nearly always there is none.
  if (VALUE_START.test(text)) return 0;
  let at = 0;
  while (at < text.length) {
    const end = lineEnd(text, at);
    // No chatter is longer, and a file may be one line of any length.
    const line = text.slice(at, Math.min(end, at + 400));
    if (line.trim() !== "" && !CHATTER.some((pattern) => pattern.test(line.trimStart()))) return at;
    at = end + 1;
  }
  return text.length;
}

/** Spinners end their lines with a bare carriage return. */
function lineEnd(text: string, at: number): number {
  for (let end = at; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13) return end;
  }
  return text.length;
}
