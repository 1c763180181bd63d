import { callerName } from "../iam/denial";
import { AwsError } from "./aws-error";
import type { ServiceApi, ServiceCall } from "./service-call";

/** GetCallerIdentity of STS, which needs no permission. */
export const stsApi: ServiceApi = { asks: () => [], answer: callerIdentity };

function callerIdentity({ operation, caller }: ServiceCall): string {
  if (operation !== "GetCallerIdentity") {
    throw new AwsError("InvalidAction", `the local AWS endpoint has no ${operation} of STS`);
  }
  const account = "account" in caller ? caller.account : "";
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>${callerName(caller)}</Arn><UserId>LOCAL</UserId><Account>${account}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;
}
