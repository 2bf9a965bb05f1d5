import type { Estate } from "../model/estate.ts";
import type { Problem, Read } from "../problem.ts";
import { type ConfigDocument, oncePerForm, unlikeIn } from "./document.ts";
import { loadProvider, type ProviderId, providerOf } from "./recognise.ts";
import { terraformKind } from "./terraform/recognise.ts";

/** Reads an estate from any mix of documents of any clouds. Never throws; what it cannot place becomes a problem. */
export async function readEstate(
  documents: readonly ConfigDocument[],
  damagedFiles: ReadonlySet<string> = new Set(),
): Promise<Read<Estate>> {
  const unlike = unlikeIn(documents);
  if (unlike.some(isTerraform)) return await withTerraform(documents, damagedFiles);
  return await readExports(documents, unlike, damagedFiles);
}

const isTerraform = ({ value }: ConfigDocument): boolean => terraformKind(value) !== undefined;

/** States and plans become exports of their clouds first. What else is in a file with an error is read all the same. */
async function withTerraform(
  documents: readonly ConfigDocument[],
  damagedFiles: ReadonlySet<string>,
): Promise<Read<Estate>> {
  const { translateTerraform } = await import("./terraform/index.ts");
  const shown = documents.filter(oncePerForm(isTerraform));
  const isShown = new Set(shown);
  const others = documents.filter((document) => !isShown.has(document));
  const { value, problems } = translateTerraform(shown, others);
  const exported = [...others, ...value.documents];
  const read = await readExports(exported, unlikeIn(exported), damagedFiles);
  return { value: value.complete(read.value), problems: [...problems, ...read.problems] };
}

async function readExports(
  documents: readonly ConfigDocument[],
  unlike: readonly ConfigDocument[],
  damagedFiles: ReadonlySet<string>,
): Promise<Read<Estate>> {
  const { byProvider, strangers } = sorted(documents, new Set(unlike.map(providerOf)));
  const reads = await Promise.all(
    [...byProvider].map(async ([id, own]) =>
      (await loadProvider(id, own === documents ? unlike : unlikeIn(own))).compile(own, damagedFiles),
    ),
  );
  return {
    value: {
      hosts: reads.flatMap(({ value }) => value.hosts),
      groups: reads.flatMap(({ value }) => value.groups),
    },
    problems: [...reads.flatMap(({ problems }) => problems), ...strangersOf(strangers)],
  };
}

interface Sorted {
  readonly byProvider: ReadonlyMap<ProviderId, readonly ConfigDocument[]>;
  readonly strangers: readonly ConfigDocument[];
}

/** @param ids whose exports there are; undefined: nobody's */
function sorted(documents: readonly ConfigDocument[], ids: ReadonlySet<ProviderId | undefined>): Sorted {
  const [only, ...others] = ids;
  if (only !== undefined && others.length === 0) return { byProvider: new Map([[only, documents]]), strangers: [] };
  const byProvider = new Map<ProviderId, ConfigDocument[]>();
  const strangers: ConfigDocument[] = [];
  const idOf = oncePerForm(providerOf);
  for (const document of documents) {
    const id = idOf(document);
    const own = id === undefined ? strangers : byProvider.get(id);
    if (own !== undefined) own.push(document);
    else if (id !== undefined) byProvider.set(id, [document]);
  }
  return { byProvider, strangers };
}

/** One problem a file, not one an element. */
function strangersOf(documents: readonly ConfigDocument[]): readonly Problem[] {
  const first = new Map<string, ConfigDocument>();
  for (const document of documents) if (!first.has(document.origin.file)) first.set(document.origin.file, document);
  return [...first.values()].map(({ origin, value }) => ({
    level: "warning",
    code: "config/not-recognised",
    file: origin.file,
    line: origin.line,
    text: {
      en: `expected an export of a cloud's network configuration, found ${kindOf(value)}; it was not used`,
      zh: `应为云网络配置的导出，实为${kindOf(value)}；未使用`,
    },
    fix: {
      en: "leave it out, or export again with --format=json (gcloud), -o json (az) or --output json (aws)",
      zh: "请去掉该文件，或用 --format=json（gcloud）、-o json（az）、--output json（aws）重新导出",
    },
  }));
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? " [] " : ` [${value.length}] `;
  if (value === null || typeof value !== "object") return ` ${JSON.stringify(value)?.slice(0, 60) ?? typeof value} `;
  return ` { ${Object.keys(value).slice(0, 5).join(", ")} } `;
}
