import type { Provider } from "../provider.ts";
import { compileGcp } from "./compile.ts";
import { gcpRules } from "./rules/index.ts";

export const gcp: Provider = { id: "gcp", compile: compileGcp, rules: gcpRules };
