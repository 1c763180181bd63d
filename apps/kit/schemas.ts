import * as z from "zod";

// Controls would forge log lines and break terminals; bidirectional overrides make text read as something else. Written
// as plain ranges because the pattern also goes into REST API models, whose engine knows no property escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is what it is for
const printable = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/;
// One way to match only: an ambiguous pattern would take quadratic time on a long hostile id.
const idPattern = /^\.*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Id of an item: 1-128 of A-Z a-z 0-9 . _ - and not only dots. Normalised to NFC first, so that NFC and NFD are one id.
 */
export const itemId = z
  .string()
  .max(128, "must be at most 128 characters")
  .normalize("NFC")
  .regex(idPattern, "must be letters, digits, dots, underscores or hyphens");

/** Free text on one line, 1 to `maximum` characters, normalised to NFC. */
export function text(maximum: number) {
  return z
    .string()
    .min(1)
    .max(maximum)
    .normalize("NFC")
    .regex(printable, "must hold no control characters")
    .refine((value) => !loneSurrogate.test(value), "must be well-formed Unicode");
}

/** Lower-case word for grouping: `dry-food`. */
export const slug = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case letters, digits and single hyphens");

/** ISO 3166-1 alpha-2, upper case. */
export const country = z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code");

/** ISO 4217, upper case. */
export const currency = z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code");

/** Money in minor units (cents) of a currency named beside it. */
export const amount = z.strictObject({ amount: z.int().min(0).max(1_000_000_000) });

/** Query parameters of a list; `after` is the `next` of the page before, `limit` defaults to 50. */
export const page = {
  limit: z
    .string()
    .regex(/^([1-9][0-9]?|100)$/, "must be 1-100")
    .optional(),
  after: itemId.optional(),
};

/** Answer of a list: one page, and where the next begins if there is one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next: itemId.optional() });
}

export const health = z.strictObject({ status: z.literal("ok"), service: z.string() });
