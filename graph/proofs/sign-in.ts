import type { PlannedResource } from "../model";
import type { ProofContext, Shown } from "./proof";
import { minutesOf, named } from "./tokens";

/** What people and software do, and what is left of it when the region of the primary pool is lost. */
type Losses = readonly (readonly [what: string, left: string])[];

/** Says what is left of signing in when the primary region is lost, with one user pool or one in each region. */
export function showSignIn(plan: ProofContext): Shown | undefined {
  const pools = plan.of("aws:cognito/userPool:UserPool");
  const jwts = plan
    .of("aws:apigatewayv2/authorizer:Authorizer")
    .filter(({ inputs }) => inputs["authorizerType"] === "JWT")
    .map(({ name, inputs }) => ({ name, issuer: String(inputs["jwtConfiguration"]?.issuer) }));
  const functions = plan
    .of("aws:lambda/function:Function")
    .filter(({ inputs }) => named(inputs)["ISSUER"] !== undefined)
    .flatMap(({ name, inputs }) => issuersOf(inputs).map((issuer) => ({ name, issuer })));
  const issuers = [...jwts, ...functions];
  if (pools.length === 0 && issuers.length === 0) return undefined;
  const broken = [
    ...unknownIssuers(pools, issuers),
    ...unnamedPools(plan, pools),
    ...(pools.length > 1 ? unequalPools(plan, pools, functions) : []),
  ];
  const minutes = Math.max(
    0,
    ...plan.of("aws:cognito/userPoolClient:UserPoolClient").map(({ inputs }) => minutesOf(inputs)),
  );
  const own = pools.find(({ region }) => region === plan.regions[0]) ?? pools[0];
  const other = pools.find((pool) => pool !== own);
  const region = own?.region ?? "another stack";
  const losses = other === undefined ? withOnePool(minutes) : withPools(minutes, other.region ?? "the other region");
  const evidence = losses.map(([what, left]) => `${what} is answered by ${region}; when it is lost: ${left}`);
  return { evidence, broken, open: other === undefined ? [] : [unknownKeys] };
}

/** What no plan can show of two pools. */
const unknownKeys =
  "how many environments of the other region's authorizers have the lost pool's keys: one that starts afterwards has none, and refuses its tokens";

function withOnePool(minutes: number): Losses {
  return [
    ["sign-up", "not possible until the region is back"],
    ["sign-in", "not possible until the region is back"],
    ["refresh", "not possible; a session ends when its access token expires"],
    [
      "writing",
      `possible in the other region with tokens that are valid: ${minutes / 2} minutes on average, ${minutes} at most`,
    ],
    ["administration of users", "not possible until the region is back; what was changed before remains"],
  ];
}

function withPools(minutes: number, other: string): Losses {
  return [
    ["sign-up", `possible in ${other}; the person is copied when the region is back, by the next token`],
    [
      "sign-in of who was copied",
      `possible in ${other}, after a recovery of the password by mail, or by a code by mail`,
    ],
    ["sign-in by an external provider", `possible in ${other}, as before`],
    [
      "sign-in of who was never copied",
      "not possible: who has had no token since there are two pools, or whose copy failed",
    ],
    ["sign-in of software", `possible in ${other}, with that pool's client and secret`],
    ["refresh", `not possible; a session ends when its access token expires, and a sign-in in ${other} begins another`],
    [
      "writing",
      `possible without end after a sign-in in ${other}; before it with tokens that are valid, for ${minutes} minutes at most, where the authorizer has the lost pool's keys`,
    ],
    ["administration of users", `possible in ${other}, for that pool; what was changed before remains`],
  ];
}

/** Issuers that a function of the platform admits as user pools. */
function issuersOf(inputs: PlannedResource["inputs"]): string[] {
  const { ISSUER, OTHER_ISSUER } = named(inputs);
  return [ISSUER, OTHER_ISSUER].filter((each): each is string => typeof each === "string");
}

function* unknownIssuers(
  pools: readonly PlannedResource[],
  issuers: readonly { readonly name: string; readonly issuer: string }[],
): Iterable<string> {
  for (const { name, issuer } of issuers) {
    const own = pools.filter(({ outputs }) => issuer.endsWith(`/${outputs["id"]}`));
    if (pools.length > 0 && own.length !== 1)
      yield `${name} admits tokens of ${issuer}, of which nothing here says what is lost`;
    for (const { region } of own)
      if (!issuer.includes(`.${region}.`)) yield `${name} looks for the pool of ${region} at ${issuer}`;
  }
}

function* unnamedPools(plan: ProofContext, pools: readonly PlannedResource[]): Iterable<string> {
  const entries = plan.ledger.entries.filter(({ purpose }) => purpose === "sign in");
  for (const { name, region } of pools) {
    if (!entries.some(({ service, answeredBy }) => service === "Amazon Cognito" && answeredBy.name === region))
      yield `the ledger does not name ${name}`;
  }
}

/** Checks that a person is in both pools, is the same in both, and is admitted by every gateway with tokens of either. */
function* unequalPools(
  plan: ProofContext,
  pools: readonly PlannedResource[],
  admitted: readonly { readonly name: string; readonly issuer: string }[],
): Iterable<string> {
  const regions = new Set(pools.map(({ region }) => region));
  const [spare] = pools.slice(regions.size);
  if (spare !== undefined)
    yield `${spare.name} is a second pool of its region: which of them a user is in decides what is lost`;
  for (const pool of pools) {
    const others = pools.filter(({ region }) => region !== pool.region).map(({ region }) => region);
    const trigger = (arn: unknown) => variablesOf(plan, arn);
    const { postConfirmation, postAuthentication, preTokenGenerationConfig } = pool.inputs["lambdaConfig"] ?? {};
    for (const arn of [postConfirmation, postAuthentication]) {
      if (others.includes(String(trigger(arn)["COPY_REGION"]))) continue;
      yield `people of ${pool.name} are not copied: which pool a user is in decides what is lost`;
      break;
    }
    if (trigger(preTokenGenerationConfig?.lambdaArn)["SUBJECTS"] === undefined)
      yield `${pool.name} does not say who a person is in the other pool`;
  }
  for (const name of new Set(admitted.map((each) => each.name))) {
    const of = admitted.filter((each) => each.name === name);
    if (of.length < pools.length) yield `${name} admits tokens of ${of.length} of ${pools.length} pools`;
  }
}

/** Variables of the function that an alias of it leads to. */
function variablesOf(plan: ProofContext, aliasArn: unknown): Readonly<Record<string, unknown>> {
  const lambda = plan
    .of("aws:lambda/function:Function")
    .find(({ outputs }) => typeof aliasArn === "string" && aliasArn.startsWith(`${outputs["arn"]}:`));
  return lambda === undefined ? {} : named(lambda.inputs);
}
