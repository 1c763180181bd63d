import { createHash } from "node:crypto";

/** Answers a call of a provider's function as the provider of a region would. */
export type LookupAnswer = (args: any, region: string) => Record<string, any>;

/**
 * Stand-ins for what only AWS knows, by the token of the provider's function that a program may call. A plan has no
 * account: these values have the right form and depend on the arguments and the region alone, but no such image exists.
 * A function that is not listed is refused.
 */
export const lookupAnswers: Readonly<Record<string, LookupAnswer>> = {
  "aws:ec2/getAmi:getAmi": ({ filters }, region) => {
    const name: string = filters?.find((filter: { name: string }) => filter.name === "name")?.values[0] ?? "image";
    return { id: `ami-${createHash("sha256").update(`${region} ${name}`).digest("hex").slice(0, 17)}`, name };
  },
};
