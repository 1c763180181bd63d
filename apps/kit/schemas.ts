import * as z from "zod";

// Control characters can forge log lines and break terminals; bidirectional overrides change how text is displayed.
// They are listed as plain ranges because the expression also goes into REST API models, whose validator has no \p{...}.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression exists to refuse them
const printable = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/;
// Matches in one way only; an ambiguous expression would take quadratic time on a long id made to be slow.
const idExpression = /^\.*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Schema of an item's id: 1-128 of A-Z a-z 0-9 . _ - and not only dots. The text is normalised to NFC first, so that
 * the NFC and NFD forms of a text are the same id.
 */
export const itemId = z
  .string()
  .max(128, "must be at most 128 characters")
  .normalize("NFC")
  .regex(idExpression, "must be letters, digits, dots, underscores or hyphens");

/**
 * Returns the schema of free text on one line, normalised to NFC.
 * @param maximum  largest number of characters; the smallest is 1
 * @example name: text(120)
 */
export function text(maximum: number) {
  return z
    .string()
    .min(1)
    .max(maximum)
    .normalize("NFC")
    .regex(printable, "must contain no control characters")
    .refine((value) => !loneSurrogate.test(value), "must be well-formed Unicode");
}

/** Schema of a lower-case word that groups items. @example "dry-food" */
export const slug = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case letters, digits and single hyphens");

/** Schema of a country: ISO 3166-1 alpha-2, upper case. @example "DE" */
export const country = z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code");

/** Schema of a currency: ISO 4217, upper case. @example "EUR" */
export const currency = z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code");

/**
 * Schema of an amount of money in minor units (cents); the currency is a field next to it.
 * @example { amount: 1250 }
 */
export const amount = z.strictObject({ amount: z.int().min(0).max(1_000_000_000) });

/**
 * Schemas of the query parameters of a list route: `limit` is 1-100 and defaults to 50, `after` is the `next` of the
 * page before.
 * @example query: z.strictObject({ category: slug, ...pageParameters })
 */
export const pageParameters = {
  limit: z
    .string()
    .regex(/^([1-9][0-9]?|100)$/, "must be 1-100")
    .optional(),
  after: itemId.optional(),
};

/** Returns the schema of one page of a list: its items, and `next` when there is another page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next: itemId.optional() });
}

/** Schema of the health route's response. */
export const healthAnswer = z.strictObject({ status: z.literal("ok"), service: z.string() });
