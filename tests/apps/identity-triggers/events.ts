/** A user as the events of triggers have it. */
export const sub = "0b1f2a33-4455-4667-8899-aabbccddeeff";

/** Returns an event of a trigger. @param request  fields of its request; `email` stands for the user's address */
export function triggerEvent(triggerSource: string, { email = "ann@example.com", ...request }: any = {}): any {
  return {
    version: "1",
    triggerSource,
    region: "eu-west-1",
    userPoolId: "eu-west-1_AbCdEf123",
    userName: sub,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "1example98765432" },
    request: { userAttributes: { sub, email_verified: "true", ...(email === null ? {} : { email }) }, ...request },
    response: {},
  };
}
