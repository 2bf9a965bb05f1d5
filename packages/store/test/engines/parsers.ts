import { createRequire } from "node:module";

// Real grammars of dialects that cannot be run here. Both packages are scripts of another time, without usable types.

const require = createRequire(import.meta.url);

interface SqlParser {
  astify(text: string, options: { readonly database: string }): unknown;
}

/** Null: it is a statement of the dialect; else why not. */
export function parseSql(dialect: "bigquery" | "log-analytics" | "athena", text: string): string | null {
  const database = dialect === "athena" ? "athena" : "bigquery";
  const { Parser }: { readonly Parser: new () => SqlParser } = require(`node-sql-parser/build/${database}.js`);
  // The parser's list of types ends before this one: https://docs.aws.amazon.com/athena/latest/ug/data-types.html
  const known = dialect === "athena" ? text.replaceAll("AS IPADDRESS", "AS varchar") : text;
  try {
    new Parser().astify(known, { database });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Diagnostics {
  readonly Count: number;
  getItem(index: number): { readonly Message: string };
}

interface KustoCode {
  Parse(text: string): { GetDiagnostics(): Diagnostics };
}

/** What the language service of Kusto has to say of the grammar; it knows no tables. */
export function parseKusto(text: string): readonly string[] {
  require("@kusto/language-service-next/bridge.js");
  require("@kusto/language-service-next/Kusto.Language.Bridge.js");
  const { Kusto } = globalThis as unknown as {
    readonly Kusto: { readonly Language: { readonly KustoCode: KustoCode } };
  };
  const found = Kusto.Language.KustoCode.Parse(text).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
}
