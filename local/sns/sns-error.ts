import { AwsError } from "../aws/aws-error";

/** Returns SNS's error for a parameter that it does not take. @param reason  the parameter, and what is wrong with it */
export function invalidParameter(reason: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${reason}`);
}

/** Returns SNS's error for a topic, or another thing, that is not there. */
export function notFound(what = "Topic"): AwsError {
  return new AwsError("NotFound", `${what} does not exist`, 404);
}
