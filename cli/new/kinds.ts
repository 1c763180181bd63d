/** What the command `new` makes. */
export const newKinds = ["service", "pattern"] as const;
/** One of `newKinds`. */
export type NewKind = (typeof newKinds)[number];
