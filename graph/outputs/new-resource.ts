import { createHash } from "node:crypto";

/**
 * A resource that is being created, with helpers that build stand-ins for the ids, names and ARNs AWS would give it.
 */
export class NewResource {
  /** Id of the AWS account in every ARN: the one of AWS's documentation. */
  readonly account = "123456789012";

  constructor(
    readonly type: string,
    readonly name: string,
    readonly inputs: Readonly<Record<string, any>>,
    readonly region: string,
  ) {}

  /** Returns hex digits in place of AWS's random ids; always the same for the same resource. */
  hex(length: number): string {
    return createHash("sha256").update(`${this.type} ${this.name}`).digest("hex").slice(0, length);
  }

  /** Returns 32 hex digits in five groups. */
  uuid(): string {
    const h = this.hex(32);
    return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
  }

  /** Returns lower-case letters, in place of the random ids of APIs and user pools. */
  letters(length: number): string {
    return this.hex(length).replace(/[0-9]/g, (digit) => "ghijklmnop"[Number(digit)] ?? "g");
  }

  /**
   * Returns the name in AWS: that of the input, else the prefix of the input or the logical name and random characters,
   * as the provider makes it.
   * @param property  input that has the name
   */
  physicalName(property = "name"): string {
    const prefix: string | undefined = this.inputs[`${property}Prefix`];
    return this.inputs[property] ?? (prefix === undefined ? `${this.name}-${this.hex(7)}` : `${prefix}${this.hex(26)}`);
  }

  /**
   * Returns `arn:aws:<service>:<region>:<account>:<resource>`.
   * @param other  region or account other than this resource's
   */
  arn(awsService: string, resource: string, other: { region?: string; account?: string } = {}): string {
    return `arn:aws:${awsService}:${other.region ?? this.region}:${other.account ?? this.account}:${resource}`;
  }

  /** Returns an ARN without a region, as those of IAM are. */
  globalArn(awsService: string, resource: string): string {
    return this.arn(awsService, resource, { region: "" });
  }
}

/**
 * Functions, by Pulumi type token, that return the outputs AWS would add to the inputs of a new resource; `id` is the
 * resource's id.
 */
export type OutputsByType = Readonly<Record<string, (resource: NewResource) => Record<string, unknown>>>;
