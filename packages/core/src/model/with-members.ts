/**
 * A copy with other members. Readers make what estates hold by the hundred thousand, or members of it, only when it is
 * asked for: what is spread into a literal would be without those.
 */
export function withMembers<T extends object>(one: T, more: Partial<T>): T {
  const own = { ...Object.getOwnPropertyDescriptors(one), ...Object.getOwnPropertyDescriptors(more) };
  return Object.create(Object.getPrototypeOf(one), own);
}
