import { describeCases } from "./describe-cases";
import { readIamCases } from "./iam-cases";
import { observeIam } from "./iam-observe";

describeCases({
  title: "the local evaluator of IAM policies",
  areas: readIamCases(),
  counts: { recorded: 1, documented: 110 },
  observe: observeIam,
});
