import { z } from "zod";

/** A host, or a service and the place that answers it, as the ledger writes it. */
const keyPattern = /^([a-z0-9-]+(\.[a-z0-9-]+)+|[A-Za-z0-9 ]{2,60} in [a-z0-9 .-]{2,80})$/;

const reason = z
  .string()
  .regex(
    /^[^\n]{10,300}$/,
    "must be one line of 10 to 300 characters that says why a region works without it, or may fail",
  );

/**
 * Schema of the reasons for what an environment needs outside its regions to serve or to fail over. A key is a host, or a
 * service and the place that answers it, as `npm run plan -- <stack> --ledger` writes it.
 */
export const outsideSchema = z
  .record(z.string(), reason)
  .superRefine((reasons, context) => {
    for (const key of Object.keys(reasons).filter((each) => !keyPattern.test(each))) {
      const message = 'must have hosts such as legacy.example.com, or "Amazon SQS in us-east-1", as its keys';
      context.addIssue({ code: "custom", message, input: key, params: { fix: "correct or remove the key" } });
    }
  })
  .describe(
    "Why something outside a region may be needed to serve or to fail over: the reason by host, or by service and place. `npm run plan -- <stack> --ledger --gate` refuses what is not here.",
  );
