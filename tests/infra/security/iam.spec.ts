import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../graph/capture/capture";
import {
  accountIdOf,
  allow,
  createRole,
  logStatements,
  type Statement,
  type TrustedAwsService,
  tableStatements,
  trustPolicy,
} from "../../../infra/security/iam";

const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/food-store";

/** The role and its policy, as the plan has them. */
async function plannedRole(awsService: TrustedAwsService, statements: readonly Statement[] = [], sourceArn?: string) {
  const graph = await capture(() => {
    const parent = new pulumi.ComponentResource("test:Parent", "parent");
    const args = { awsService, account: accountIdOf(table), description: "A test", statements };
    createRole("food-store-role", { ...args, ...(sourceArn ? { sourceArn } : {}) }, { parent });
  });
  const inputs = (type: string) => graph.resources.find((resource) => resource.type === type)?.inputs ?? {};
  return {
    trust: JSON.parse(inputs("aws:iam/role:Role")["assumeRolePolicy"]).Statement,
    policy: JSON.parse(inputs("aws:iam/rolePolicy:RolePolicy")["policy"]),
  };
}

describe("createRole", () => {
  it("trusts a service only on behalf of the account of the ARN it was given", async () => {
    const { trust } = await plannedRole("lambda.amazonaws.com");
    assert.deepEqual(trust, [
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  it("adds the source where the service sends one", async () => {
    const source = "arn:aws:ecs:eu-west-1:123456789012:*";
    const { trust } = await plannedRole("ecs-tasks.amazonaws.com", [], source);
    assert.deepEqual(trust[0].Condition, {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": source },
    });
  });

  it("puts no condition on instances, as EC2 sends none of these keys", async () => {
    const { trust } = await plannedRole("ec2.amazonaws.com");
    assert.equal("Condition" in trust[0], false);
  });

  it("asks Beanstalk for its external id, and for no source, which Beanstalk does not document", async () => {
    const { trust } = await plannedRole("elasticbeanstalk.amazonaws.com");
    assert.deepEqual(trust[0].Condition, { StringEquals: { "sts:ExternalId": "elasticbeanstalk" } });
  });

  it("writes its statements as one inline policy", async () => {
    const statements = [
      ...tableStatements({ arn: table }, { indexes: ["by-kind"] }),
      ...logStatements("arn:aws:logs:eu-west-1:123456789012:log-group:food"),
      allow(["s3:GetObject"], "arn:aws:s3:::b/food/*", { Bool: { "aws:SecureTransport": "true" } }),
    ];
    const { policy } = await plannedRole("lambda.amazonaws.com", statements);
    assert.deepEqual(policy, {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:PutItem"], Resource: table },
        { Effect: "Allow", Action: ["dynamodb:Query"], Resource: `${table}/index/*` },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: "arn:aws:logs:eu-west-1:123456789012:log-group:food:*",
        },
        {
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: "arn:aws:s3:::b/food/*",
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        },
      ],
    });
  });
});

describe("tableStatements", () => {
  it("let a table without indexes be queried by no role", () => {
    const statements = tableStatements({ arn: table }, { indexes: [] });
    assert.deepEqual(statements, [allow(["dynamodb:GetItem", "dynamodb:PutItem"], table)]);
  });
});

// A service nobody decided a trust for must not compile.
// @ts-expect-error
const _unknownService = () => trustPolicy({ awsService: "sns.amazonaws.com", account: "123456789012" });
