import assert from "node:assert/strict";
import { evaluate } from "../../../graph/policy/evaluate";
import { apigatewayAccessRules } from "../../../policy/rules/services/apigateway-access";
import { apigatewayAnswersRules } from "../../../policy/rules/services/apigateway-answers";
import { apigatewayCallersRules } from "../../../policy/rules/services/apigateway-callers";
import { apigatewayKeysRules } from "../../../policy/rules/services/apigateway-keys";
import { replanned } from "../../conformance/plans";
import { policyConfig } from "../../policy/config";

const rules = [...apigatewayAccessRules, ...apigatewayAnswersRules, ...apigatewayCallersRules, ...apigatewayKeysRules];

describe("policy rules of API Gateway", () => {
  for (const tenants of [true, false]) {
    it(`find nothing in a REST API with a cache ${tenants ? "and tenants" : "without tenants"}`, async () => {
      const { graph } = await replanned("dev", (config) => {
        config.gateways.rest = {
          services: Object.keys(config.services),
          domain: "rest.api.dev.example.com",
          cache: { gigabytes: 0.5, seconds: 60 },
        };
        if (!tenants) return;
        const routes = { "shipping/put-shipment": { rate: 1, burst: 1 } };
        config.tenants = { tiers: { free: { rate: 1, burst: 3, routes } } };
      });
      const found = await evaluate(graph, { rules, configOf: policyConfig("dev") });
      assert.deepEqual(
        found.map(({ message }) => message),
        [],
      );
    });
  }
});
