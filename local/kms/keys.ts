import type { GraphIndex } from "../../graph/model";
import type { Ask } from "../iam/access";
import { type Policy, readPolicy } from "../iam/policy";

/** A planned KMS key, as far as requests meet it. */
interface Key {
  readonly arn: string;
  /** ARN, id and aliases. */
  readonly names: ReadonlySet<string>;
  readonly policy: Policy;
}

/**
 * The planned KMS keys: who may use them, by their key policies. Nothing is encrypted on this machine, so that a key decides
 * only on access.
 */
export class Keys {
  private readonly keys: readonly Key[];

  constructor(index: GraphIndex) {
    const separate = new Map(
      index.ofType("aws:kms/keyPolicy:KeyPolicy").map(({ outputs }) => [outputs["keyId"], outputs["policy"]] as const),
    );
    const aliases = index.ofType("aws:kms/alias:Alias");
    this.keys = index.ofType("aws:kms/key:Key").map(({ outputs }) => {
      const ids = [outputs["arn"], outputs["keyId"], outputs["id"]] as string[];
      const own = aliases.filter((alias) => ids.includes(alias.outputs["targetKeyId"]));
      const document = ids.map((id) => separate.get(id)).find((each) => each !== undefined) ?? outputs["policy"];
      const names = own.flatMap((alias) => [alias.outputs["name"], alias.outputs["arn"]] as string[]);
      return {
        arn: outputs["arn"],
        names: new Set([...ids, ...names]),
        policy: readPolicy(documentOf(document, outputs["arn"]), "resource"),
      };
    });
  }

  /**
   * Returns what the use of a key asks of policies; nothing for one that is not planned, such as AWS's own.
   * @param name  ARN, id or alias
   * @param service  that uses it for the caller, as signatures name it
   */
  asks(name: string | undefined, actions: readonly string[], service: string): readonly Ask[] {
    const key = this.keys.find(({ names }) => name !== undefined && names.has(name));
    if (key === undefined) return [];
    const context = { "kms:ViaService": `${service}.${key.arn.split(":")[3]}.amazonaws.com` };
    return actions.map((action) => ({ action: `kms:${action}`, resource: key.arn, policy: key.policy, context }));
  }
}

/** A key without a policy of its own leaves the decision to the account, as KMS makes it. */
function documentOf(policy: unknown, arn: string): unknown {
  if (typeof policy === "string") return JSON.parse(policy);
  const account = arn.split(":")[4];
  const root = { AWS: `arn:aws:iam::${account}:root` };
  const all = { Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" };
  return policy ?? { Version: "2012-10-17", Statement: [all] };
}
