import { z } from "zod";
import { count } from "./count";

/**
 * Returns the schema of a web application firewall.
 * @param subject  what it is, as the beginning of a sentence
 */
export function wafSchema(subject: string) {
  return z
    .strictObject({
      requestsPerFiveMinutes: count(10, 2_000_000_000, "Requests from one address in five minutes, at most."),
    })
    .optional()
    .describe(`${subject}. It costs by month and request. Without it there is none.`);
}
