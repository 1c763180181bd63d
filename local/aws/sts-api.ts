import { AwsError } from "./aws-error";
import type { ServiceApi } from "./service-call";

/** GetCallerIdentity of STS: every caller is the one user of this machine, as no signature is verified. */
export const stsApi: ServiceApi = ({ operation }) => {
  if (operation !== "GetCallerIdentity") {
    throw new AwsError("InvalidAction", `the local AWS endpoint has no ${operation} of STS`);
  }
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/local</Arn><UserId>LOCAL</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;
};
