import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { hasTriggers } from "../../../stacks/platform-apps";
import { configOf, replanned, withSignIn } from "../../conformance/plans";

const POOL = "aws:cognito/userPool:UserPool";

const own = ["logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"];

describe("triggers of the user pool", function () {
  this.timeout(60_000);
  let plan: GraphIndex;
  let pool: PlannedResource;
  before(async () => {
    plan = await replanned("dev", withSignIn);
    pool = plan.one(POOL, {});
  });

  /** The function of a trigger, what its role may do but log and trace, and its variables. */
  function trigger(name: string) {
    const { preTokenGenerationConfig, ...others } = pool.inputs["lambdaConfig"];
    const arn = name === "preTokenGeneration" ? preTokenGenerationConfig.lambdaArn : others[name];
    const alias = plan.one("aws:lambda/alias:Alias", { arn });
    const [{ inputs }] = plan.where("aws:lambda/function:Function", { name: alias.inputs["functionName"] }) as any;
    const role = plan.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === inputs["role"])!;
    const statements = plan
      .where("aws:iam/rolePolicy:RolePolicy", { role: role.outputs["name"] })
      .flatMap((policy) => JSON.parse(policy.inputs["policy"]).Statement)
      .filter(({ Action }) => !Action.every((action: string) => own.includes(action)));
    return { inputs, statements, variables: inputs.environment.variables, alias };
  }

  const names = [
    ...["preSignUp", "preAuthentication", "postAuthentication", "customMessage", "postConfirmation"],
    ...["defineAuthChallenge", "createAuthChallenge", "verifyAuthChallengeResponse", "preTokenGeneration"],
  ];

  it("are each a function of its own, which ends before Cognito asks again", () => {
    const keys = Object.keys(pool.inputs["lambdaConfig"]).map((key) => key.replace("Config", ""));
    assert.deepEqual([...keys].sort(), [...names].sort());
    const functions = new Set(names.map((name) => trigger(name).alias.outputs["arn"]));
    assert.equal(functions.size, names.length);
    for (const name of names) {
      const { inputs } = trigger(name);
      assert.equal(inputs.handler, `handler.${name}`);
      assert.ok(inputs.timeout < 5, name);
      assert.equal(inputs.vpcConfig, undefined, name);
    }
  });

  it("may each be invoked by this pool only, by one permission on the alias", () => {
    for (const name of names) {
      const { alias } = trigger(name);
      const permissions = plan
        .ofType("aws:lambda/permission:Permission")
        .filter(({ inputs }) => inputs["function"] && alias.outputs["arn"].startsWith(`${inputs["function"]}:`));
      assert.equal(permissions.length, 1, name);
      const { principal, sourceArn, qualifier, action } = permissions[0]!.inputs;
      assert.deepEqual(
        [principal, sourceArn, qualifier, action],
        ["cognito-idp.amazonaws.com", pool.outputs["arn"], "live", "lambda:InvokeFunction"],
      );
    }
  });

  it("have the variables that they read and no others", () => {
    const members = plan.ofType("aws:dynamodb/table:Table").find(({ name }) => name.endsWith("-members"))!;
    const MEMBERS_TABLE = members.outputs["name"];
    const DOMAINS = '["example.com","partner.example.com"]';
    const expected: Record<string, object> = {
      preSignUp: { DOMAINS, DISPOSABLE: "refused" },
      preAuthentication: { DOMAINS },
      postAuthentication: { RECORD_SIGN_INS: "true" },
      customMessage: { PRODUCT: "Pet shop" },
      postConfirmation: { NEW_PEOPLE: "newcomers", MEMBERS_TABLE, TENANTS: '{"partner.example.com":"acme"}' },
      defineAuthChallenge: {},
      createAuthChallenge: { FROM_ADDRESS: "no-reply@dev.example.com", PRODUCT: "Pet shop" },
      verifyAuthChallengeResponse: {},
      preTokenGeneration: { GRANTS: '{"editors":["food-store/write"],"newcomers":[]}', MEMBERS_TABLE },
    };
    for (const name of names) assert.deepEqual(trigger(name).variables, expected[name], name);
  });

  it("may do what they need: read and make members, put a person into a group of this pool, send from one address", () => {
    const members = plan.ofType("aws:dynamodb/table:Table").find(({ name }) => name.endsWith("-members"))!;
    const table = members.outputs["arn"];
    const identity = plan.one("aws:sesv2/emailIdentity:EmailIdentity", {});
    const allow = (Action: string[], Resource: string, more = {}) => ({ Effect: "Allow", Action, Resource, ...more });
    const expected: Record<string, object[]> = {
      preTokenGeneration: [allow(["dynamodb:GetItem"], table)],
      postConfirmation: [
        allow(["dynamodb:GetItem", "dynamodb:PutItem"], table),
        allow(["cognito-idp:AdminAddUserToGroup"], pool.outputs["arn"]),
      ],
      createAuthChallenge: [
        allow(["ses:SendEmail"], identity.outputs["arn"], {
          Condition: { StringEquals: { "ses:FromAddress": "no-reply@dev.example.com" } },
        }),
      ],
    };
    const byAction = ({ Action: [a] }: any, { Action: [b] }: any) => (a < b ? 1 : -1);
    for (const name of names) assert.deepEqual(trigger(name).statements.sort(byAction), expected[name] ?? [], name);
  });

  it("raise an alarm with somewhere to go when they log an error", () => {
    for (const name of names) {
      const end = `identity-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-errors`;
      const alarms = plan.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").filter((alarm) => alarm.name.endsWith(end));
      assert.equal(alarms.length, 1, end);
      const topics = plan.ofType("aws:sns/topic:Topic").map(({ outputs }) => outputs["arn"]);
      assert.ok(topics.includes(alarms[0]!.inputs["alarmActions"][0]), end);
    }
  });

  it("let the web client use the code by mail, with time for the mail to arrive", () => {
    const web = plan.ofType("aws:cognito/userPoolClient:UserPoolClient").find(({ name }) => name.endsWith("-web"))!;
    assert.deepEqual(web.inputs["explicitAuthFlows"], ["ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]);
    assert.equal(web.inputs["authSessionValidity"], 15);
  });

  it("are built where a setting needs one, and planned by each setting alone", async () => {
    const settings: Record<string, (signIn: any, config: any) => void> = {
      preSignUp: ({ signUp }) => {
        signUp.disposable = "refused";
      },
      "preAuthentication, preSignUp": ({ signUp }) => {
        signUp.domains = ["example.com"];
      },
      postAuthentication: (signIn) => {
        signIn.recordSignIns = true;
      },
      preTokenGenerationConfig: (signIn) => {
        signIn.groups = {};
      },
      customMessage: (signIn) => {
        Object.assign(signIn, { product: "Pet shop", mail: { from: "a@dev.example.com", sender: "ses" } });
      },
      "postConfirmation, preTokenGenerationConfig": (signIn) => {
        Object.assign(signIn, { groups: { new: { scopes: [] } } });
        signIn.signUp.group = "new";
      },
    };
    const without = () => {
      const config = configOf("dev");
      delete config.signIn.groups;
      return config;
    };
    for (const [keys, change] of Object.entries(settings)) {
      const config = without();
      change(config.signIn, config);
      assert.ok(hasTriggers(config), keys);
      const { inputs } = (
        await replanned("dev", (other) => {
          delete other.signIn.groups;
          change(other.signIn, other);
        })
      ).one(POOL, {});
      assert.equal(Object.keys(inputs["lambdaConfig"]).sort().join(", "), keys);
    }
    assert.ok(!hasTriggers(without()));
  });
});
