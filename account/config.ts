import { z } from "zod";
import { distinct, regionName } from "../stacks/config/formats";
import { type ConfigProblem, formatValue, shapeProblems } from "../stacks/config/problems";
import { configError, namespaceProblems, rawConfig } from "../stacks/config/raw";
import { publicHostProblem, urlParts } from "../stacks/config/urls";

/** URL of an OIDC issuer as the `iss` of its tokens; IAM takes no port and no query, and reads its keys over the internet. */
const issuer = z
  .string()
  .max(255)
  .regex(/^https:\/\/[a-z0-9.-]+(\/[\w.~-]+)*$/, "must be an https URL without port, query and slash at its end")
  .superRefine((input, context) => {
    const parts = urlParts(input);
    const message = parts && publicHostProblem(parts);
    if (message !== undefined) context.addIssue({ code: "custom", message, input });
  });

/**
 * Subject of tokens, `sub`. A wildcard early in it would let in other projects of the issuer, on a public issuer every
 * customer; $ begins IAM's policy variables.
 */
const subject = z
  .string()
  .max(255)
  .regex(
    /^[^\s*?$]+$|^[^\s*?$:/]+[:/][^\s*?$:/]+[:/][^\s$]*$/,
    "must be exact, or have * or ? only after its first two parts, and no $, such as project:example:*",
  );

const principal = z
  .string()
  .regex(
    /^arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
    "must be the ARN of one role or user, such as arn:aws:iam::123456789012:role/example",
  );

/** Schema of the configuration of the account: every key below `platform-account:`, and no other. */
export const accountSchema = z.strictObject({
  regions: z.array(regionName).min(1).max(4),
  state: z.strictObject({ retentionDays: z.int().min(1).max(365) }),
  deploy: z.strictObject({
    oidc: z
      .strictObject({
        issuer,
        audience: z.string().min(1).max(255).default("sts.amazonaws.com"),
        subjects: distinct(subject, 1, 10),
      })
      .optional(),
    principals: distinct(principal, 0, 10).default([]),
    sessionMinutes: z.int().min(60).max(720).default(60),
  }),
});

/** Configuration of the account, as `accountSchema` accepts it. */
export type AccountConfig = z.infer<typeof accountSchema>;

/**
 * Reads the configuration of a stack of the account.
 * @throws {RunError} with every problem at once, before any resource exists
 */
export function readConfig(stack: string): AccountConfig {
  return parseConfig(rawConfig(), stack, namespaceProblems());
}

/**
 * Checks the configuration of the account.
 * @param raw  values of the keys below `platform-account:`, as objects
 * @param others  problems of keys in other namespaces @default none
 * @throws {RunError} with every problem at once
 */
export function parseConfig(raw: unknown, stack: string, others: readonly ConfigProblem[] = []): AccountConfig {
  const shape = accountSchema.safeParse(raw, { reportInput: true });
  const own = shape.success ? [...ruleProblems(shape.data)] : shapeProblems(shape.error.issues);
  const problems = [...others, ...own];
  if (shape.success && problems.length === 0) return shape.data;
  throw configError(problems, `Pulumi.${stack}.yaml`, "platform-account");
}

/** Finds the problems that no single value shows. */
function* ruleProblems({ regions, deploy }: AccountConfig): Iterable<ConfigProblem> {
  for (const [i, region] of regions.entries()) {
    if (regions.indexOf(region) < i) {
      yield { path: `regions[${i}]`, text: `is named twice, got ${formatValue(region)}; remove it` };
    }
  }
  if (deploy.oidc === undefined && deploy.principals.length === 0) {
    yield { path: "deploy", text: "must name who may deploy, got neither; set oidc, principals or both" };
  }
}
