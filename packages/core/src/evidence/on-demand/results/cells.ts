import { readJsonDocuments } from "../../../documents/json.ts";
import type { Problem } from "../../../problem.ts";
import { member } from "../../logs/entry.ts";

/** A row of a result by the names of its columns; null: the engine has nothing there. */
export interface Cells {
  readonly line: number | null;
  readonly values: ReadonlyMap<string, string | null>;
}

export interface Table {
  readonly rows: readonly Cells[];
  readonly problems: readonly Problem[];
}

/**
 * The rows of a result as engines export it: CSV and TSV with a heading; JSON as a list, line by line, as ClickHouse
 * (`data`), Log Analytics (`tables`) and Athena (`ResultSet`) wrap it.
 */
export function tableIn(text: string, file: string): Table {
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  return /^\s*[[{]/.test(plain) ? tableOfJson(plain, file) : tableOfCsv(plain);
}

function tableOfJson(text: string, file: string): Table {
  const { value, problems } = readJsonDocuments(text, file);
  const rows = value.flatMap(({ value: found, origin }) =>
    rowsIn(found).map((values): Cells => ({ line: origin.line, values })),
  );
  return { rows, problems };
}

type Values = ReadonlyMap<string, string | null>;

function rowsIn(value: unknown): readonly Values[] {
  const tables = member(value, "tables");
  if (Array.isArray(tables)) return tables.flatMap(rowsOfTable);
  const answered = member(value, "ResultSet", "Rows");
  if (Array.isArray(answered)) return headed(answered.map((row: unknown) => list(member(row, "Data")).map(ofAthena)));
  const data = member(value, "data");
  if (Array.isArray(data)) return data.flatMap(rowsIn);
  return member(value, "seenas") === undefined ? [] : [valuesOf(value)];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const ofAthena = (cell: unknown): string | null => textOf(member(cell, "VarCharValue"));

function rowsOfTable(table: unknown): readonly Values[] {
  const names = list(member(table, "columns")).map((column) => textOf(member(column, "name")) ?? "");
  return list(member(table, "rows")).map(
    (row) => new Map(list(row).map((cell, index) => [names[index] ?? "", textOf(cell)])),
  );
}

const valuesOf = (value: unknown): Values =>
  new Map(
    typeof value === "object" && value !== null
      ? Object.entries(value).map(([name, cell]) => [name, textOf(cell)])
      : [],
  );

const textOf = (value: unknown): string | null =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : null;

function headed(rows: readonly (readonly (string | null)[])[]): readonly Values[] {
  const [names = [], ...rest] = rows;
  return rest.map((row) => new Map(row.map((cell, index) => [names[index] ?? "", cell])));
}

/** RFC 4180, and its form with tabs. An empty field is nothing. */
function tableOfCsv(text: string): Table {
  const separator = (text.split("\n", 1)[0] ?? "").includes("\t") ? "\t" : ",";
  const [head, ...records] = recordsIn(text, separator);
  const names = head?.fields ?? [];
  return {
    rows: records.map(({ line, fields }) => ({
      line,
      values: new Map(fields.map((field, index) => [names[index] ?? "", isNothing(field) ? null : field])),
    })),
    problems: [],
  };
}

/** As ClickHouse (`\N`), BigQuery and the others write it. */
const isNothing = (field: string): boolean => field === "" || field === "\\N" || field === "NULL" || field === "null";

interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

function recordsIn(text: string, separator: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let field = "";
  let isQuoted = false;
  let line = 1;
  let begun = 1;
  const close = (): void => {
    fields.push(field);
    if (fields.length > 1 || field !== "") records.push({ line: begun, fields });
    fields = [];
    field = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === "\n") line += 1;
    if (isQuoted && sign === '"' && text.charAt(at + 1) === '"') {
      field += sign;
      at += 1;
    } else if (sign === '"' && (isQuoted || field === "")) isQuoted = !isQuoted;
    else if (!isQuoted && sign === separator) {
      fields.push(field);
      field = "";
    } else if (!isQuoted && sign === "\n") {
      close();
      begun = line;
    } else if (isQuoted || sign !== "\r") field += sign;
  }
  close();
  return records;
}
