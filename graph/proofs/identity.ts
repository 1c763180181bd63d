import type { Proof, ProofContext, Shown } from "./proof";
import { showSignIn } from "./sign-in";
import { minutesOf, named } from "./tokens";

/** Time that an HTTP API keeps the keys of an issuer, in minutes; AWS sets it, and it cannot be configured. */
export const keyMinutes = 120;

/** Statements about users and their tokens. */
export const identityProofs: readonly Proof[] = [
  {
    statement: 7,
    claim: "an issuer that cannot be reached opens no route, and closes none for longer than its tokens are valid",
    rules: ["sign-in-off-path", "authorizer-limits", "route-authorised"],
    show: showKeys,
  },
  {
    statement: 21,
    claim: "what sign-up, sign-in, refresh and administration lose with their region is known",
    rules: ["sign-in-region"],
    show: showSignIn,
  },
];

function showKeys(plan: ProofContext): Shown | undefined {
  const authorizers = plan.of("aws:apigatewayv2/authorizer:Authorizer");
  if (authorizers.length === 0) return undefined;
  const broken: string[] = [];
  const known = new Set(authorizers.map(({ outputs }) => outputs["id"]));
  const keeping = functionsWithKeys(plan);
  for (const { name, inputs } of authorizers) {
    if (inputs["authorizerType"] !== "JWT" && !keeping.some((arn) => String(inputs["authorizerUri"]).includes(arn)))
      broken.push(`${name} asks a function for each token, which may ask the issuer`);
  }
  let signedIn = 0;
  for (const { name, inputs } of plan.of("aws:apigatewayv2/route:Route")) {
    const scopes = (inputs["authorizationScopes"] ?? []) as unknown[];
    const type = inputs["authorizationType"] ?? "NONE";
    if (scopes.length > 0 && type === "NONE") broken.push(`${name} names scopes and verifies no token`);
    if (type === "NONE") continue;
    signedIn++;
    if (type !== "AWS_IAM" && !known.has(inputs["authorizerId"]))
      broken.push(`${name} has an authorizer that the plan does not have`);
  }
  const minutes = plan
    .of("aws:cognito/userPoolClient:UserPoolClient")
    .map((client) => ({ client, valid: minutesOf(client.inputs) }));
  for (const { client, valid } of minutes) {
    if (valid > keyMinutes)
      broken.push(`tokens of ${client.name} are valid for ${valid} minutes, and keys are kept for ${keyMinutes}`);
  }
  return {
    evidence: [
      `${signedIn} routes verify the signature of a token with keys that the gateway has; without keys it refuses`,
      `the same pool issues tokens and publishes their keys: ${Math.max(0, ...minutes.map(({ valid }) => valid))} minutes after it stopped, no token is valid any more, and keys are kept for ${keyMinutes} minutes`,
      "the REST API's authorizer goes on with the keys that it has while a fetch fails",
    ],
    broken,
    open: [
      "how old the gateway's keys are when the issuer stops: AWS neither says nor lets one set when it fetches them again",
    ],
  };
}

/** ARNs of the platform's authorizers, which go on with the keys that they have while a fetch fails. */
function functionsWithKeys(plan: ProofContext): readonly string[] {
  return plan
    .of("aws:lambda/function:Function")
    .filter(({ inputs }) => named(inputs).ISSUERS !== undefined || named(inputs).JWKS_URL !== undefined)
    .map(({ outputs }) => `${outputs["arn"]}:`);
}
