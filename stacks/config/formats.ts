import { z } from "zod";
import { isOtherPartition, isRegion, REGIONS_DATE } from "./aws-regions";
import { domainNameProblem, hostNameProblem, zoneProblem } from "./host-names";
import { issuerUrlProblem, legacyUrlProblem, originProblem, signInUrlProblem } from "./urls";

/** The rule that a text breaks, as the rest of a sentence, and what to do. @default "change it" */
type BrokenRule = string | readonly [rule: string, fix: string];

/**
 * Returns the schema of a text that a function checks.
 * @param problemOf  returns the rule that a text breaks; undefined when it is valid
 */
function checkedText(problemOf: (text: string) => BrokenRule | undefined) {
  return z.string().superRefine((input, context) => {
    const broken = problemOf(input);
    if (broken === undefined) return;
    const [message, fix = "change it"] = typeof broken === "string" ? [broken] : broken;
    context.addIssue({ code: "custom", message, input, params: { fix } });
  });
}

/**
 * Returns the schema of a list without two entries that are the same.
 * @param sameAs  returns what two entries are compared by @default the entry
 */
export function distinct<Entry extends z.ZodString | z.ZodEmail | z.ZodEnum>(
  entry: Entry,
  min: number,
  max: number,
  sameAs = (text: string) => text,
) {
  return z
    .array(entry)
    .min(min)
    .max(max)
    .superRefine((entries, context) => {
      const compared = entries.map((each) => sameAs(String(each)));
      for (const [i, input] of entries.entries()) {
        if (compared.indexOf(compared[i]!) === i) continue;
        context.addIssue({
          code: "custom",
          path: [i],
          message: "is listed twice",
          input,
          params: { fix: "remove it" },
        });
      }
    });
}

/** Schema of a lower-case domain name. @example "api.example.com" */
export const domainName = checkedText(domainNameProblem);
/** Schema of a domain name that can be registered, or lies below one. @example "dev.example.com" */
export const zoneDomainName = checkedText((name) => domainNameProblem(name) ?? zoneProblem(name));

/** Schema of the name of an AWS region. @example "eu-west-1" */
export const regionName = checkedText((name) => {
  if (isRegion(name)) return undefined;
  const rule = "must be an AWS region such as eu-west-1";
  if (isOtherPartition(name)) return `${rule}, in the partition aws, for which the program writes ARNs`;
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(name)) return rule;
  return [`${rule} that existed on ${REGIONS_DATE}`, "change it, or add a newer one to stacks/config/aws-regions.ts"];
});

/** Schema of the name of an Availability Zone. @example "eu-west-1a" */
export const zoneName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "must be a zone such as eu-west-1a");

/**
 * Schema of an origin that browsers may send requests from; plain HTTP for localhost only.
 * @example "https://app.example.com"
 */
export const origin = checkedText(originProblem);

/**
 * Schema of a URL that the sign-in page returns to; plain HTTP for localhost only.
 * @example "https://app.example.com/signed-in"
 */
export const signInUrl = checkedText(signInUrlProblem);

/**
 * Schema of the URL of an endpoint outside the platform: HTTPS, without a query.
 * @example "https://legacy.example.com/rates"
 */
export const httpsUrl = checkedText(legacyUrlProblem);

/** Schema of the URL of a token issuer, or of its keys. @example "https://login.example.com/" */
export const issuerUrl = checkedText(issuerUrlProblem);

/**
 * Schema of the ARN of a policy that can be a permissions boundary: one of the account, or one that AWS manages.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
 */
export const policyArn = z
  .string()
  .max(700)
  .regex(
    /^arn:aws:iam::(\d{12}|aws):policy\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/,
    "must be the ARN of a policy such as arn:aws:iam::123456789012:policy/platform-boundary",
  );

/** Schema of the id of a machine image: `ami-` and 8 or 17 hex digits. */
export const imageId = z
  .string()
  .regex(
    /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/,
    "must be an image of the region such as ami-0123456789abcdef0, with 8 or 17 hex digits",
  );

/** Schema of an e-mail address: 64 characters before the @ and a host name after it, at most. */
export const emailAddress = z
  .email("must be an e-mail address")
  .max(254)
  .superRefine((input, context) => {
    const [local = "", domain = ""] = input.split("@");
    const message =
      local.length > 64 ? "must have at most 64 characters before @" : hostNameProblem(domain.toLowerCase());
    if (message !== undefined) context.addIssue({ code: "custom", message, input });
  });

/** Schema of a list of e-mail addresses. Amazon SNS sends two messages to an address that is written in two ways. */
export const emails = distinct(emailAddress, 0, 10, (text) => text.toLowerCase());

/**
 * Days of log retention that CloudWatch accepts.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Schema of the days that CloudWatch keeps logs. */
export const logRetention = z
  .int()
  .refine((days) => retentionDays.includes(days), `must be one of ${retentionDays.join(", ")}`)
  .meta({ enum: retentionDays });
