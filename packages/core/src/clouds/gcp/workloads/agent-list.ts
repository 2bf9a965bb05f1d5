/** `absent`: the file has no such key. `unreadable`: it is written in a way that is not read here. */
export type WrittenList = readonly string[] | "absent" | "unreadable";

/** Far more than any list takes: the agent reads 64 ranges at most. */
const LONGEST = 1 << 16;

/**
 * `nonMasqueradeCIDRs` of the agent's file, in JSON or in the plain YAML it is written in everywhere: a block of `- …`
 * lines or a list in brackets. Anything else is unreadable, never taken for absent.
 *
 * @see https://github.com/kubernetes-sigs/ip-masq-agent/blob/master/README.md
 */
export function nonMasqueradeList(text: string): WrittenList {
  if (text.length > LONGEST) return "unreadable";
  if (text.trim() === "") return "absent";
  return text.trimStart().startsWith("{") ? fromJson(text) : fromYaml(text.split(/\r?\n/));
}

function fromJson(text: string): WrittenList {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("nonMasqueradeCIDRs" in value)) return "absent";
    const list = value.nonMasqueradeCIDRs;
    if (list === null) return "absent";
    return Array.isArray(list) && list.every((one) => typeof one === "string") ? list : "unreadable";
  } catch {
    return "unreadable";
  }
}

const withoutComment = (line: string): string => line.replace(/(?:^|\s)#.*$/, "").trimEnd();

function fromYaml(written: readonly string[]): WrittenList {
  const lines = written.map(withoutComment).filter((line) => line !== "" && line !== "---");
  const start = lines.findIndex((line) => line.startsWith("nonMasqueradeCIDRs:"));
  const others = lines.filter((line) => /^[^\s-]/.test(line));
  if (others.some((line) => !/^[A-Za-z]\w*:/.test(line) && line !== "]")) return "unreadable";
  if (start < 0) return others.length > 0 ? "absent" : "unreadable";
  const rest = (lines[start] ?? "").slice("nonMasqueradeCIDRs:".length).trim();
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => /^[A-Za-z]/.test(line));
  const block = end < 0 ? after : after.slice(0, end);
  if (rest === "") return block.length === 0 ? "absent" : ofBlock(block);
  return ofBrackets([rest, ...block].join(" "));
}

function ofBlock(lines: readonly string[]): WrittenList {
  const values = lines.map((line) => /^\s*-\s+(.+)$/.exec(line)?.[1]);
  return values.every((value) => value !== undefined) ? values.map(bare) : "unreadable";
}

function ofBrackets(text: string): WrittenList {
  const inside = /^\[([^[\]]*)\]$/.exec(text)?.[1];
  if (inside === undefined) return "unreadable";
  return inside.split(",").flatMap((value) => (value.trim() === "" ? [] : [bare(value)]));
}

const bare = (value: string): string => value.trim().replace(/^(["'])(.*)\1$/, "$2");
