import assert from "node:assert/strict";
import { AccessMatrix } from "../../../graph/access/matrix";
import type { Subject } from "../../../graph/access/subjects";
import type { GraphIndex } from "../../../graph/model";
import { evaluate } from "../../../graph/policy/evaluate";
import { replanned } from "../../conformance/plans";

const API = "aws:apigateway/restApi:RestApi";
const role = "arn:aws:iam::444455556666:role/billing";
const endpointId = "vpce-0123456789abcdef0";

describe("a caller from another account", () => {
  let plan: GraphIndex;
  let policy: any;
  before(async () => {
    plan = await replanned("dev", (config) => {
      config.gateways.private.callers = {
        billing: {
          role,
          endpoints: { "eu-west-1": endpointId },
          routes: { shipping: ["get-shipment"], "food-store": ["get-food"] },
        },
      };
    });
    policy = JSON.parse(plan.ofType(API).find(({ name }) => name === "eu-west-1-private-api")!.inputs["body"]);
  });

  it("has its routes on the private API, with those of the services", () => {
    assert.deepEqual(Object.keys(policy.paths).sort(), [
      "/food-store/foods/{id}",
      "/pet-store/pets/{id}",
      "/shipping/shipments/{id}",
    ]);
  });

  it("is allowed its own routes, and denied what does not come through its endpoint", () => {
    const { Statement: statements } = policy["x-amazon-apigateway-policy"];
    const own = statements.filter((each: any) => JSON.stringify(each).includes(role));
    assert.deepEqual(own[0], {
      Effect: "Allow",
      Principal: { AWS: role },
      Action: "execute-api:Invoke",
      Resource: ["execute-api:/live/GET/shipping/shipments/*", "execute-api:/live/GET/food-store/foods/*"],
    });
    assert.deepEqual(own.at(-1).Condition, {
      StringEquals: { "aws:PrincipalArn": role },
      StringNotEquals: { "aws:SourceVpce": endpointId },
    });
  });

  it("may use the name through its endpoint", () => {
    const domain = plan.ofType("aws:apigateway/domainName:DomainName").find(({ name }) => name.includes("private"))!;
    const [, deny] = JSON.parse(domain.inputs["policy"]).Statement;
    assert.equal(deny.Condition.StringNotEquals["aws:SourceVpce"][1], endpointId);
  });

  it("is in the table of access: admitted to its routes, through its endpoint alone", () => {
    const matrix = new AccessMatrix(plan.graph);
    const caller = matrix.subjects.find((each) => each.kind === "role" && each.arn === role && each.state === "valid")!;
    const admitted = (subject: Subject) =>
      matrix.routes
        .filter((route) => route.gateway === "private" && matrix.decide(route, subject).result === "admitted")
        .map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(admitted(caller), ["GET /food-store/foods/{id}", "GET /shipping/shipments/{id}"]);
    assert.deepEqual(admitted({ ...caller, endpointId: "vpce-0fedcba9876543210" } as Subject), []);
    const { endpointId: _, ...throughOurs } = caller as Subject & { endpointId: string };
    assert.deepEqual(admitted(throughOurs as Subject), []);
    assert.deepEqual(admitted({ ...caller, arn: "arn:aws:iam::444455556666:role/other" } as Subject), []);
  });

  it("breaks no rule of the pack", async () => {
    const found = await evaluate(plan.graph);
    assert.deepEqual(
      found.filter(({ policy: rule }) => rule.startsWith("private-")),
      [],
    );
  });
});
