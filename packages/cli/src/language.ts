import type { Language } from "@seenas/core";

/** `--lang`, else the locale: POSIX variables first, as everywhere. */
export function languageOf(argv: readonly string[]): Language {
  const index = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const word = argv[index];
  const asked = index < 0 ? undefined : word === "--lang" ? argv[index + 1] : word?.slice("--lang=".length);
  if (asked === "en" || asked === "zh") return asked;
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || "") ? "zh" : "en";
}
