import { KEPT_METADATA, LABEL_MEMBERS, METADATA_MEMBERS, REMOVED, SECRET_MEMBERS, SECRET_TEXTS } from "./secrets.ts";

/** What `cleanerOf` does, for a script: the same lists, in the language of jq 1.6. */
export function jqCleaner(dropTags: boolean): string {
  const texts = SECRET_TEXTS.map((pattern) => `gsub(${JSON.stringify(pattern)}; "\\(.keep)${REMOVED}"; "gi")`);
  const tags = `def is_tags: (.key | ascii_downcase | IN("tags", "tagset"))
  and (.value | if type == "array" then any(.[]; type == "object")
       elif type == "object" then (.items | type) != "array" else false end);`;
  return `def blank: if type == "string" then "${REMOVED}" elif type == "number" then 0
  elif type == "array" then map(blank)
  elif type == "object" then has("value") as $pair | with_entries(
    if (.key == "name" or (.key == "key" and $pair)) and (.value | type) == "string" then . else .value |= blank end)
  else . end;
def item: if type == "object" and (.key | IN(${listed(KEPT_METADATA)})) then . else blank end;
def scrub: ${texts.join("\n  | ")};
${tags}
def clean: if type == "string" then scrub elif type == "array" then map(clean)
  elif type == "object" then with_entries(${dropTags ? "select(is_tags | not) | " : ""}(.key | ascii_downcase) as $name
    | if $name | IN(${listed(SECRET_MEMBERS)}) then .value |= blank
      elif ($name | IN(${listed(METADATA_MEMBERS)})) and (.value | type == "object" and (.items | type) == "array")
        then .value.items |= map(item)${dropTags ? labels() : ""}
      else .value |= clean end)
  else . end;
clean`;
}

const listed = (words: readonly string[]): string => words.map((word) => JSON.stringify(word)).join(", ");

const labels = (): string => `
      elif ($name | IN(${listed(LABEL_MEMBERS)})) and (.value | type) == "object"
        then .value |= with_entries(select(.key | contains("googleapis.com/")))`;
