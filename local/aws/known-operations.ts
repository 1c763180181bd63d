import { AwsError } from "./aws-error";
import { operations } from "./operations";

/** A method and a path whose `{parameters}` are single segments. */
const routes = new Map<string, readonly { readonly name: string; readonly method: string; readonly path: RegExp }[]>(
  Object.entries(operations).map(([service, own]) => [
    service,
    Object.entries(own).map(([name, at]) => {
      const [method = "", path = ""] = at.split(" ");
      return { name, method, path: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`) };
    }),
  ]),
);

/** Tells whether the code of the project uses an operation of an AWS service. @param service  its name in signatures */
export function isKnownOperation(service: string, operation: string): boolean {
  const own = operations[service];
  return own !== undefined && Object.hasOwn(own, operation);
}

/** Finds the operation that a method and a path stand for; undefined for one that the project does not use. */
export function restOperation(service: string, method: string, path: string): string | undefined {
  return routes.get(service)?.find((each) => each.method === method && each.path.test(path))?.name;
}

/** Returns AWS's error for an operation that a service does not have, which depends on the service's protocol. */
export function unknownOperation(service: string, operation: string): AwsError {
  switch (service) {
    case "sts":
      return new AwsError("InvalidAction", `Could not find operation ${operation} for version 2011-06-15`);
    case "apigateway":
    case "ses":
      return new AwsError("UnknownOperationException", "", 404);
    default:
      return new AwsError("UnknownOperationException", "");
  }
}
