import { inSpan } from "./trace";

/** What a client of the AWS SDK has, as far as it is used here. */
interface SdkClient {
  readonly middlewareStack: {
    add(middleware: (next: Next, context: { readonly commandName?: string }) => Next, options: object): void;
  };
}

type Next = (args: { readonly input: object }) => Promise<{ readonly output: object }>;

/**
 * Makes each call of a client a span of the request that is served, with its attempts.
 * @param attributes  what the client calls, by OpenTelemetry's names
 * @param place  names the attribute that says where, and the input that has it
 */
export function traced<Client>(
  client: Client,
  attributes: Readonly<Record<string, string>>,
  [placeAttribute, placeInput]: readonly [attribute: string, input: string],
): Client {
  const middleware =
    (next: Next, { commandName = "" }: { readonly commandName?: string }): Next =>
    (args) => {
      const operation = commandName.replace(/Command$/, "");
      const place = (args.input as Readonly<Record<string, unknown>>)[placeInput];
      const where = typeof place === "string" ? { [placeAttribute]: place } : {};
      return inSpan(operation, { ...attributes, "rpc.method": operation, ...where }, () => next(args));
    };
  (client as SdkClient).middlewareStack.add(middleware, { step: "initialize", priority: "high", name: "span" });
  return client;
}

/** Makes each call of a client of DynamoDB a span. */
export function tracedStore<Client>(client: Client): Client {
  return traced(client, { "db.system.name": "aws.dynamodb" }, ["db.collection.name", "TableName"]);
}
