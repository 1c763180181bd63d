import { createRequire } from "node:module";
import { join } from "node:path";
import { format } from "node:util";
import { projectRoot } from "../../graph/project-root";
import { sourcesOf } from "../conformance/sources";

const load = createRequire(join(projectRoot, "package.json"));

/** The operations of one AWS service that the code of the project uses. */
interface UsedService {
  /** Name of the protocol, as the SDK has it. */
  readonly protocol: string;
  /** Name of an operation -> its method and path where the protocol has such, else the header or form that names it. */
  readonly operations: Map<string, string>;
}

const imported = /\{([^{}]*)\}\s*(?:from\s*|=\s*await\s+import\(\s*)"(@aws-sdk\/(?:client-[a-z0-9-]+|lib-dynamodb))"/g;
/** Calls without the SDK, by which the platform makes its tables. */
const ownCalls = /(?:callAsOperator\([^,]+,[^,]+,|(?<!\.)\bcall\()\s*"([A-Z]\w+)"/g;

/** Folders with code that runs on this machine. */
const folders = ["apps", "cli", "local"] as const;

/** Finds the operations in the commands that sources import. */
function usedServices(): Map<string, UsedService> {
  const services = new Map<string, UsedService>();
  for (const { text } of folders.flatMap((folder) => sourcesOf(folder))) {
    for (const [, names = "", library = ""] of text.matchAll(imported)) {
      const commands = names.split(",").map((name) => name.trim());
      for (const name of commands) if (/^[A-Z]\w*Command$/.test(name)) addCommand(services, library, name);
    }
    for (const [, name = ""] of text.matchAll(ownCalls)) {
      addCommand(services, "@aws-sdk/client-dynamodb", `${name}Command`);
    }
  }
  return services;
}

function addCommand(services: Map<string, UsedService>, library: string, name: string): void {
  const input = { Key: {}, Item: {}, Keys: [], RequestItems: {}, TransactItems: [] };
  const command = new (load(library)[name])(input);
  // A command of documents has the one of items.
  const { schema } = command.clientCommand ?? command;
  const [, , operation, traits] = schema as [number, string, string, { http?: readonly string[] }];
  const client = library === "@aws-sdk/lib-dynamodb" ? "@aws-sdk/client-dynamodb" : library;
  const { service, protocol } = clientOf(client);
  const known = services.get(service) ?? { protocol, operations: new Map<string, string>() };
  const rest = /Rest/.test(protocol);
  known.operations.set(operation, rest ? `${traits.http![0]} ${traits.http![1]}` : "");
  services.set(service, known);
}

/** Returns the name that signatures have for a service, and its protocol. */
function clientOf(library: string): { readonly service: string; readonly protocol: string } {
  const all = load(library);
  const name = Object.keys(all).find((each) => /^[A-Z]\w*Client$/.test(each))!;
  const { config } = new all[name]({ region: "eu-west-1" });
  return { service: config.defaultSigningName, protocol: config.protocol.name ?? config.protocol.constructor.name };
}

/** Returns the text of local/aws/operations.ts. */
export function operationsSource(): string {
  const services = [...usedServices()].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = services.map(([service, { operations }]) => {
    const sorted = [...operations].sort(([a], [b]) => (a < b ? -1 : 1));
    return [`  ${quoted(service)}: {`, ...sorted.map(([name, at]) => `    ${name}: ${format("%j", at)},`), "  },"];
  });
  return `${[
    "/**",
    " * The operations of AWS services that the code of the project uses, by the service's name in signatures: each with its",
    " * method and path where the protocol has such. Made by `npm run generate` from the commands of the AWS SDK that the",
    " * sources import.",
    " */",
    "export const operations: Readonly<Record<string, Readonly<Record<string, string>>>> = {",
    ...lines.flat(),
    "};",
  ].join("\n")}\n`;
}

function quoted(name: string): string {
  return /^\w+$/.test(name) ? name : `"${name}"`;
}
