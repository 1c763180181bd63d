import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../../contract/assert-never";
import type { DataOutputs, TableOutputs } from "../../contract/layer-outputs";
import type { GatewayRouteSpec, ServiceSpec } from "../../contract/service";
import { accountIdOf, allow, createRole, tableKeyActions, throughDynamoDb } from "../../security/iam";
import { timeouts } from "../../traffic/timeouts";
import { echoOrigin } from "./cors";
import type { RestIntegration } from "./integration";
import { pathParameters } from "./path-parameters";

/** What a REST API reads items of one service with. */
export interface ItemReader {
  readonly region: string;
  readonly table: TableOutputs;
  /** Key attribute of the table. */
  readonly hashKey: string;
  /** Role that API Gateway reads as. */
  readonly roleArn: Input<string>;
}

const json = "application/json";

/**
 * Returns the integration of a route that a REST API answers itself.
 * @param reader  @default none, where no route reads an item
 * @param corsOrigins  origins whose pages may read the answer
 * @throws {Error} when the route reads an item and there is no reader
 */
export function gatewayIntegration(
  { id, path, answer }: GatewayRouteSpec,
  reader: ItemReader | undefined,
  corsOrigins: readonly string[],
): RestIntegration {
  const withOrigin = (template: string) =>
    corsOrigins.length === 0 ? template : `${echoOrigin(corsOrigins)}\n${template}`;
  switch (answer.kind) {
    case "fixed":
      return fixedIntegration(withOrigin(JSON.stringify(answer.body)));
    case "item": {
      if (reader === undefined) throw new Error(`route ${id} needs a role that reads the table`);
      return itemIntegration(reader, pathParameters(path)[0]!, answer, withOrigin);
    }
    default:
      return assertNever(answer);
  }
}

/** Returns the statuses of the answers of a gateway's own route; each must be declared for an integration to use it. */
export function gatewayResponsesOf({ answer }: GatewayRouteSpec) {
  const headers = { "Access-Control-Allow-Origin": { schema: { type: "string" } } };
  const described = (description: string) => ({ description, headers });
  return answer.kind === "fixed"
    ? { 200: described("The fixed answer") }
    : { 200: described("The item"), 404: described("There is no item"), 503: described("The table did not answer") };
}

function fixedIntegration(template: string): RestIntegration {
  return {
    type: "mock",
    passthroughBehavior: "when_no_templates",
    requestTemplates: { [json]: '{"statusCode": 200}' },
    responses: { default: { statusCode: "200", responseTemplates: { [json]: template } } },
  };
}

/**
 * Returns the integration with DynamoDB's GetItem.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
function itemIntegration(
  { region, table, hashKey, roleArn }: ItemReader,
  parameter: string,
  { attributes, template }: Extract<GatewayRouteSpec["answer"], { kind: "item" }>,
  withOrigin: (template: string) => string,
): RestIntegration {
  // `escapeJavaScript` also escapes the apostrophe, which JSON does not allow.
  const id = `$util.escapeJavaScript($input.params().path.get("${parameter}")).replaceAll("\\\\'", "'")`;
  const request = pulumi.jsonStringify({
    TableName: table.name,
    Key: { [hashKey]: { S: "$id" } },
    AttributesToGet: attributes,
    ConsistentRead: true,
  });
  const refusal = (code: string, message: string) => JSON.stringify({ code, message });
  return {
    type: "aws",
    httpMethod: "POST",
    uri: `arn:aws:apigateway:${region}:dynamodb:action/GetItem`,
    credentials: roleArn,
    passthroughBehavior: "when_no_templates",
    timeoutInMillis: timeouts.integrationMilliseconds,
    requestTemplates: { [json]: pulumi.interpolate`#set($id = ${id})\n${request}` },
    responses: {
      "2\\d\\d": {
        statusCode: "200",
        responseTemplates: {
          [json]: withOrigin(
            [
              "#set($item = $input.path('$.Item'))",
              `#if($item && $item != "")${template}#else`,
              `#set($context.responseOverride.status = 404)${refusal("not_found", "There is no item with this id")}#end`,
            ].join("\n"),
          ),
        },
      },
      default: {
        statusCode: "503",
        responseTemplates: {
          [json]: withOrigin(refusal("storage_unavailable", "The storage did not answer; try again")),
        },
      },
    },
  };
}

/**
 * Makes the roles that API Gateway reads items as, of the services with such a route: each may read its own table's items.
 * API Gateway sends no source account when it assumes them, so that a condition on it would refuse every request.
 * @returns the readers by service name
 */
export function createItemReaders(
  name: string,
  args: { readonly region: string; readonly services: readonly ServiceSpec[]; readonly tables: DataOutputs },
  opts: pulumi.CustomResourceOptions,
): Readonly<Record<string, ItemReader>> {
  const reading = args.services.filter(({ gatewayRoutes }) =>
    gatewayRoutes.some(({ answer }) => answer.kind === "item"),
  );
  return Object.fromEntries(
    reading.map((service) => {
      const table = args.tables[service.name]!;
      const { role, policy } = createRole(
        `${name}-${service.name}-reader`,
        {
          awsService: "apigateway.amazonaws.com",
          account: accountIdOf(table.arn),
          description: `Reads items of ${service.name} for the REST API`,
          statements: [
            allow(["dynamodb:GetItem"], table.arn),
            ...(table.keyArn === undefined ? [] : [allow(tableKeyActions, table.keyArn, throughDynamoDb)]),
          ],
        },
        opts,
      );
      // An ARN that is known when the policy is there, so that no request comes before it.
      const roleArn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
      return [service.name, { region: args.region, table, hashKey: service.table!.hashKey, roleArn }];
    }),
  );
}
