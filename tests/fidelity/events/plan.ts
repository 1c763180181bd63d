import type { Graph, PlannedResource } from "../../../graph/model";

/** Where a case is planned, and its pipes. */
interface Planned {
  readonly account: string;
  readonly region: string;
  /** Properties of pipes, apart from their role. */
  readonly pipes: readonly object[];
}

/** Returns the plan of a case: a function `f` that SNS may invoke, a table `things` with a stream, and pipes. */
export function planOf({ account, region, pipes }: Planned): Graph {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
  const roleArn = `arn:aws:iam::${account}:role/any`;
  const trust = { Effect: "Allow", Principal: { Service: "pipes.amazonaws.com" }, Action: "sts:AssumeRole" };
  const table = arn("dynamodb", "table/things");
  const resource = (type: string, name: string, outputs: object) =>
    ({ ...{ urn: `${type}::${name}`, type, name, region, inputs: outputs, outputs } }) as unknown as PlannedResource;
  return {
    ...{ project: "p", stack: "s", outputs: {} },
    resources: [
      resource("aws:iam/role:Role", "any", {
        arn: roleArn,
        assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: trust }),
      }),
      resource("aws:lambda/function:Function", "f", { arn: arn("lambda", "function:f"), name: "f", role: roleArn }),
      resource("aws:lambda/permission:Permission", "f", {
        ...{ function: "f", action: "lambda:InvokeFunction", principal: "sns.amazonaws.com" },
      }),
      resource("aws:dynamodb/table:Table", "things", {
        ...{ name: "things", arn: table, streamArn: `${table}/stream/planned`, billingMode: "PAY_PER_REQUEST" },
        ...{ hashKey: "id", attributes: [{ name: "id", type: "S" }] },
      }),
      resource("aws:sqs/queue:Queue", "planned", { name: "planned", arn: arn("sqs", "planned") }),
      ...pipes.map((pipe, at) =>
        resource("aws:pipes/pipe:Pipe", `pipe-${at}`, {
          ...{ name: `pipe-${at}`, arn: arn("pipes", `pipe/pipe-${at}`), roleArn },
          ...pipe,
        }),
      ),
    ],
  };
}
