import type { Rule } from "../../../model/rule.ts";
import { keepRules } from "./keep.ts";
import { mailRules } from "./mail.ts";
import { natRules } from "./nat.ts";
import { routingRules } from "./routing.ts";
import { vmRules } from "./vm.ts";

/** Every behaviour of Google Cloud that predictions rest on. */
export const gcpRules: readonly Rule[] = [...vmRules, ...routingRules, ...natRules, ...mailRules, ...keepRules];
