import { createHash } from "node:crypto";

/** What a resource was asked for, and how made-up but well-formed answers are built from it. */
export class Request {
  /** AWS documentation's account. */
  readonly account = "123456789012";

  constructor(
    readonly type: string,
    readonly name: string,
    readonly inputs: Readonly<Record<string, any>>,
    readonly region: string,
  ) {}

  /** Hex digits that are the same for the same resource: stands in for AWS's random ids. */
  hex(length: number): string {
    return createHash("sha256").update(`${this.type} ${this.name}`).digest("hex").slice(0, length);
  }

  /** Letters and digits, as API and user pool ids have them. */
  letters(length: number): string {
    return this.hex(length).replace(/[0-9]/g, (digit) => "ghijklmnop"[Number(digit)] ?? "g");
  }

  /** The name AWS sees: the input's, else the logical name and seven random characters, as the provider makes it. */
  physicalName(property = "name"): string {
    return this.inputs[property] ?? `${this.name}-${this.hex(7)}`;
  }

  /** `arn:aws:<service>:<region>:<account>:<resource>`. */
  arn(service: string, resource: string, scope: { region?: string; account?: string } = {}): string {
    return `arn:aws:${service}:${scope.region ?? this.region}:${scope.account ?? this.account}:${resource}`;
  }

  /** The same without region, for IAM. */
  globalArn(service: string, resource: string): string {
    return this.arn(service, resource, { region: "" });
  }
}

/** Outputs beyond the inputs; `id` is the resource's id. */
export type Answer = (request: Request) => Record<string, unknown>;
export type AnswerTable = Readonly<Record<string, Answer>>;
