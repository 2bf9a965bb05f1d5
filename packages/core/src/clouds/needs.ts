import * as v from "valibot";

/**
 * A member that stands in every resource of its kind, in one of several forms. Without it the resource was cut down by a
 * query, and would be misread as having none.
 *
 * @param member as a problem names it
 */
export function needs<T extends object>(has: (value: T) => boolean, member: string) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    if (dataset.typed && !has(dataset.value)) addIssue({ message: member, expected: member, received: "nothing" });
  });
}

/** Exports write a member without a value as null, as an empty text, or not at all. */
export const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** Set, and no empty list. */
export const holds = (value: unknown): boolean => isSet(value) && !(Array.isArray(value) && value.length === 0);
