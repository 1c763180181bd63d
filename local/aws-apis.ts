import type { GraphIndex } from "../graph/model";
import type { PlatformAccess } from "./access";
import { AwsEndpoint } from "./aws/aws-endpoint";
import { Identity, type IdentityOptions } from "./identity";
import { Messaging } from "./messaging";
import type { PlatformOptions } from "./platform-options";
import type { Storage } from "./storage";

/** Options of `awsApis`. */
interface AwsApisOptions extends IdentityOptions, Pick<PlatformOptions, "legacyOrigins"> {
  readonly access: PlatformAccess;
  readonly planes: ConstructorParameters<typeof AwsEndpoint>[1]["planes"];
  readonly storage: Storage;
  readonly usagePlans: ConstructorParameters<typeof AwsEndpoint>[1]["usagePlans"];
}

/** Makes the AWS APIs of a platform: user pools, queues and topics, and the endpoint that answers for all. Starts nothing. */
export function awsApis(index: GraphIndex, options: AwsApisOptions) {
  const { access, time, log, planes, storage, usagePlans, legacyOrigins: standIns = {} } = options;
  const identity = new Identity(index, options);
  const tables = (region: string) => storage.dynamodbIn(region);
  const messaging = new Messaging(index, { ...access, time, standIns, log, tables });
  storage.onObjectChange((change) => messaging.notifications.tell(change));
  const apis = (url: () => string) => ({ ...messaging.apis(url), ...identity.apis });
  const line = (text: string) => log("aws", text);
  const aws = new AwsEndpoint(index, { usagePlans, access: access.access, planes, apis, log: line });
  return { identity, messaging, aws };
}
