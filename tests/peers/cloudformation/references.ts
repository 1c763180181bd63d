import type { CfnResource } from "./mapping";

/** An output's value, and what yields it in a template: a logical id for `Ref`, `Id.Attribute` for `Fn::GetAtt`. */
export class References {
  private readonly targets = new Map<string, string | undefined>();

  /** A value that two resources share names neither. */
  add(value: unknown, target: string): void {
    if (typeof value !== "string" || value.length < 6) return;
    const shared = this.targets.has(value) && this.targets.get(value) !== target;
    this.targets.set(value, shared ? undefined : target);
  }

  /**
   * Puts references where a value of another resource of the template stands. A resource's own values stay, and so do
   * those in policies of roles, as roles come before what they may touch, those that a dead-letter queue takes messages
   * from, as they name it first, and those in the midst of a text, which the peers read better as text.
   */
  resolve(resources: Readonly<Record<string, CfnResource>>): Record<string, CfnResource> {
    return Object.fromEntries(
      Object.entries(resources).map(([id, { Type, Properties }]) => {
        const change = (text: string, path: string) => {
          if (Type === "AWS::IAM::Role" && path.startsWith("Policies.")) return text;
          if (path.startsWith("RedriveAllowPolicy.")) return text;
          return this.reference(text, id) ?? (path.startsWith("PolicyDocument.") ? this.below(text, id) : text);
        };
        return [id, { Type, Properties: mapText(Properties, change) }];
      }),
    );
  }

  private reference(text: string, self: string): unknown {
    const [id, ...attribute] = this.targets.get(text)?.split(".") ?? [];
    if (id === undefined || id === self) return undefined;
    return attribute.length === 0 ? { Ref: id } : { "Fn::GetAtt": [id, attribute.join(".")] };
  }

  /** `<arn>/*`, as policies of buckets name the objects. */
  private below(text: string, self: string): unknown {
    const slash = text.indexOf("/");
    const reference = slash < 0 ? undefined : this.reference(text.slice(0, slash), self);
    return reference === undefined ? text : { "Fn::Join": ["", [reference, text.slice(slash)]] };
  }
}

function mapText(value: any, change: (text: string, path: string) => unknown, path = ""): any {
  if (typeof value === "string") return change(value, path);
  if (Array.isArray(value)) return value.map((item) => mapText(item, change, `${path}.`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapText(item, change, path === "" ? key : `${path}.${key}`)]),
  );
}
