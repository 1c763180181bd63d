import assert from "node:assert/strict";
import { mockStatus } from "../../../../local/apigateway/rest/integrations/mock";

/** From github.com/localstack/localstack, tests/unit/services/apigateway/test_mock_integration.py. */
const taken: readonly [string, number][] = [
  ['{"statusCode": 200}', 200],
  ['{"statusCode": -1000}', -1000],
  ["{ statusCode: 200 }", 200],
  ["{statusCode: 200,super{ f}oo: [ba r]}", 200],
  ["{statusCode: 200, \"value\": 'text'}", 200],
  ["{statusCode: 200, foo'}: [ba r]}", 200],
  ["{statusCode: 200, }foo: ''}", 200],
  ["{'statusCode': 200, '': ''}", 200],
  ['{"statusCode": 200 ,, }', 200],
  ['{"statusCode": 200 , null: null }', 200],
];
const refused = [
  '{"statusCode": "200"}',
  '{"statusCode": 200',
  "{\"statusCode': 200 }",
  "{'statusCode\": 200 }",
  "{'statusCode: 200 }",
  "statusCode: 200",
  "{statusCode: 200, {foo: [ba r]}",
  "",
  "{}",
];

describe("REST gateway: the status of a mock", () => {
  for (const [body, status] of taken) it(`is ${status} in ${body}`, () => assert.equal(mockStatus(body), status));
  for (const body of refused) {
    it(`is missing in ${body || "an empty body"}`, () => assert.throws(() => mockStatus(body), { status: 500 }));
  }
});
