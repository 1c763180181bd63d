import { AwsError } from "../aws/aws-error";

const namespace = "com.amazonaws.sqs#";
/** What SQS's codes in the query protocol begin with, where they have such a beginning. */
const prefix = "AWS.SimpleQueueService.";

/** Returns SQS's error for a queue that is not there. */
export function noQueue(): AwsError {
  const message = "The specified queue does not exist.";
  return new AwsError(`${namespace}QueueDoesNotExist`, message, 400, `${prefix}NonExistentQueue`);
}

/** Returns an error whose code is the name of its class, with or without the prefix. */
export function sqsError(name: string, message: string, { prefixed = false, status = 400 } = {}): AwsError {
  return new AwsError(`${namespace}${name}`, message, status, prefixed ? `${prefix}${name}` : name);
}

/** Returns the error for a value that a parameter cannot have. */
export function invalidValue(message: string): AwsError {
  const name = "com.amazon.coral.service#InvalidParameterValueException";
  return new AwsError(name, message, 400, "InvalidParameterValue");
}

/** Returns the error for a value out of range, in the words that SQS has for most parameters. */
export function invalidParameter(parameter: string, value: unknown, reason: string): AwsError {
  return invalidValue(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

/** Returns the error for a parameter that must be there. */
export function missingParameter(parameter: string): AwsError {
  const name = "com.amazon.coral.service#MissingRequiredParameterException";
  return new AwsError(name, `The request must contain the parameter ${parameter}.`, 400, "MissingParameter");
}

/** Returns the error for what a queue's type cannot have. */
export function notOfThisQueueType(parameter: string, value: unknown): AwsError {
  return invalidParameter(parameter, value, "The request include parameter that is not valid for this queue type.");
}

/** Returns the error for a queue that exists with another value of an attribute. */
export function queueExists(attribute: string): AwsError {
  const message = `A queue already exists with the same name and a different value for attribute ${attribute}`;
  return new AwsError(`${namespace}QueueNameExists`, message, 400, "QueueAlreadyExists");
}

/** Returns the error for an ARN that is no queue, of a call that names ARNs. */
export function noResource(parameter: string): AwsError {
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
  return sqsError("ResourceNotFoundException", message, { status: 404 });
}
