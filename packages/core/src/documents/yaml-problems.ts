import type { Problem, Text } from "../problem.ts";

const EXPORT_AS_JSON: Text = {
  en: "export it with --format=json (gcloud) or -o json (az) instead",
  zh: "请改用 --format=json（gcloud）或 -o json（az）导出",
};

const problem = (level: Problem["level"], code: string, file: string, line: number | null, text: Text): Problem => ({
  level,
  code,
  file,
  line,
  text,
  fix: EXPORT_AS_JSON,
});

/** One document or element, where nothing smaller can be told apart. */
export const partTooLarge = (file: string, line: number): Problem =>
  problem("error", "yaml/too-large", file, line, {
    en: "one YAML document of more than 2 MB begins here; it was not read",
    zh: "此处开始的单个 YAML 文档超过 2 MB，未读取",
  });

export const tooLarge = (file: string, characters: number): Problem => {
  const size = Math.ceil(characters / 1024 / 1024);
  return problem("error", "yaml/too-large", file, null, {
    en: `YAML of ${size} MB is not read, 16 MB at most; JSON of that size is`,
    zh: `不读取 ${size} MB 的 YAML，上限为 16 MB；同样大小的 JSON 可以读取`,
  });
};

export const tooDeep = (file: string, line: number | null): Problem =>
  problem("error", "yaml/too-deep", file, line, {
    en: "this nests deeper than any export does",
    zh: "嵌套层数超过任何导出文件",
  });

export const malformed = (file: string, line: number | null, reason: string): Problem =>
  problem("error", "yaml/malformed", file, line, {
    en: `expected YAML: ${shortened(reason)}`,
    zh: `应为 YAML，解析器的说明：${shortened(reason)}`,
  });

const shortened = (words: string): string => (words.length > 200 ? `${words.slice(0, 200)}…` : words);

export const duplicateKey = (file: string, line: number, key: string): Problem =>
  problem("error", "yaml/duplicate-key", file, line, {
    en: `the key ${JSON.stringify(shortened(key))} stands here a second time; what holds it was not read`,
    zh: `键 ${JSON.stringify(shortened(key))} 在此重复出现；包含它的内容未读取`,
  });

export const aliases = (file: string, line: number | null): Problem =>
  problem("error", "yaml/aliases", file, line, {
    en: "an alias names nothing, or aliases repeat each other too often",
    zh: "别名没有指向任何内容，或别名相互重复过多",
  });

export const warned = (file: string, line: number | null, reason: string): Problem =>
  problem("warning", "yaml/warning", file, line, {
    en: `read, with a doubt: ${shortened(reason)}`,
    zh: `已读取，但有疑点：${shortened(reason)}`,
  });

export const maybeTruncated = (file: string, line: number): Problem =>
  problem("warning", "yaml/maybe-truncated", file, line, {
    en: "the last line has no end: the file may have been cut short, which YAML cannot show otherwise",
    zh: "最后一行没有换行符：文件可能被截断，而 YAML 没有其他方式可以看出",
  });

export const tooManyErrors = (file: string, limit: number): Problem =>
  problem("error", "yaml/too-many-errors", file, null, {
    en: `more than ${limit} errors; the rest was not read`,
    zh: `错误超过 ${limit} 处；其余部分未读取`,
  });

export const notYaml = (file: string, line: number): Problem =>
  problem("error", "yaml/not-yaml", file, line, {
    en: "expected keys and values, or a list of them; found plain text, or nothing",
    zh: "应为键和值或其列表，实为普通文本或空内容",
  });
