/**
 * Runtimes that AWS has deprecated by 26 November 2026. A runtime that is not listed counts as supported, so that a new
 * one is no finding.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export const deprecatedRuntimes: readonly string[] = [
  "dotnet5.0",
  "dotnet6",
  "dotnet7",
  "dotnet8",
  "dotnetcore1.0",
  "dotnetcore2.0",
  "dotnetcore2.1",
  "dotnetcore3.1",
  "go1.x",
  "java8",
  "nodejs",
  "nodejs10.x",
  "nodejs12.x",
  "nodejs14.x",
  "nodejs16.x",
  "nodejs18.x",
  "nodejs20.x",
  "nodejs4.3",
  "nodejs4.3-edge",
  "nodejs6.10",
  "nodejs8.10",
  "provided",
  "provided.al2",
  "python2.7",
  "python3.10",
  "python3.6",
  "python3.7",
  "python3.8",
  "python3.9",
  "ruby2.5",
  "ruby2.7",
  "ruby3.2",
];

/** The runtimes to go to, by the start of a runtime's name. */
const successors: readonly (readonly [start: string, runtime: string])[] = [
  ["dotnet", "dotnet10"],
  ["go", "provided.al2023"],
  ["java", "java21"],
  ["nodejs", "nodejs22.x"],
  ["provided", "provided.al2023"],
  ["python", "python3.13"],
  ["ruby", "ruby3.4"],
];

/** Returns the runtime to go to from a deprecated one. */
export function successorOf(runtime: string): string {
  return successors.find(([start]) => runtime.startsWith(start))?.[1] ?? "one that is not deprecated";
}

/** What AWS services invoke functions for, by the start of their principal. */
const sources: readonly (readonly [start: string, source: string])[] = [
  ["apigateway", "the API, with stage, method and path behind it"],
  ["cognito-idp", "the user pool"],
  ["elasticloadbalancing", "the target group"],
  ["events", "the rule"],
  ["iot", "the topic rule"],
  ["logs", "the log group"],
  ["s3", "the bucket, with sourceAccount as it has no account in it"],
  ["scheduler", "the schedule"],
  ["secretsmanager", "the secret"],
  ["sns", "the topic"],
];

/** Names what an AWS service invokes a function for. */
export function sourceOfService(principal: string): string {
  return sources.find(([start]) => principal.startsWith(start))?.[1] ?? "what it invokes the function for";
}
