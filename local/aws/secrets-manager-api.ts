import { randomUUID } from "node:crypto";
import type { GraphIndex } from "../../graph/model";
import { AwsError } from "./aws-error";
import type { ServiceApi, ServiceCall } from "./service-call";

interface Secret {
  readonly arn: string;
  readonly name: string;
  value?: { readonly text: string; readonly versionId: string };
}

const maxBytes = 65_536;

/**
 * GetSecretValue and PutSecretValue of Secrets Manager on the planned secrets. Values are in memory only: they end with the
 * platform, as the rows of its tables do.
 */
export function secretsManagerApi(index: GraphIndex): ServiceApi {
  const secrets = index
    .ofType("aws:secretsmanager/secret:Secret")
    .map(({ region, outputs }) => ({ region, secret: { arn: outputs["arn"], name: outputs["name"] } as Secret }));
  const known = (region: string, id: unknown): Secret | undefined =>
    secrets.find(({ region: of, secret }) => of === region && (secret.arn === id || secret.name === id))?.secret;
  const find = (region: string, id: unknown): Secret => {
    const found = known(region, id);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  };
  const answer = ({ region, operation, body }: ServiceCall) => {
    const { SecretId: id, SecretString: text } = body;
    switch (operation) {
      case "GetSecretValue": {
        const { arn, name, value } = find(region, id);
        if (value === undefined) {
          const label = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
          throw new AwsError("ResourceNotFoundException", label);
        }
        return { ARN: arn, Name: name, ...versionOf(value), SecretString: value.text };
      }
      case "PutSecretValue": {
        const secret = find(region, id);
        if (typeof text !== "string" || text === "" || Buffer.byteLength(text) > maxBytes) {
          throw new AwsError("InvalidParameterException", `SecretString must be 1-${maxBytes} bytes`);
        }
        secret.value = { text, versionId: randomUUID() };
        return { ARN: secret.arn, Name: secret.name, ...versionOf(secret.value) };
      }
      default:
        throw new AwsError(
          "UnknownOperationException",
          `the local AWS endpoint has no ${operation} of Secrets Manager`,
        );
    }
  };
  return {
    answer,
    asks: ({ region, operation, body }, { account }) => {
      const id = String(body["SecretId"]);
      const arn = known(region, id)?.arn ?? `arn:aws:secretsmanager:${region}:${account}:secret:${id}`;
      return [{ action: `secretsmanager:${operation}`, resource: arn }];
    },
  };
}

function versionOf({ versionId }: NonNullable<Secret["value"]>) {
  return { VersionId: versionId, VersionStages: ["AWSCURRENT"] };
}
