import { fieldsSignedOf } from "../../../local/sns/signer";
import { until } from "../../local/helpers/wait";
import type { EventsStep } from "../events-cases";
import type { QueueSteps } from "./queue-steps";
import { account, region, type World } from "./world";

/** Runs the steps of a case that call SNS. */
export class TopicSteps {
  private readonly arns: string[] = [];

  constructor(
    private readonly world: World,
    private readonly queues: QueueSteps,
  ) {}

  /**
   * Calls SNS.
   * @returns `status`, `code` and `message` of an error, `messageStart` its beginning up to the position; of an answer the
   *   `SubscriptionArn` (`(arn)` for one, `same` for that of the step before) and the `attributes`
   */
  async run({ sns: operation = "", topic, input = {} }: EventsStep): Promise<Record<string, unknown>> {
    const named = topic === undefined ? {} : { TopicArn: `(topic ${topic})` };
    const filled = this.queues
      .filled(JSON.stringify({ ...named, ...input }))
      .replace(/\(topic ([\w.-]+)\)/g, (_, name) => `arn:aws:sns:${region}:${account}:${name}`)
      .replace(/\(subscription\)/g, () => this.arns.at(-1) ?? "none")
      .replaceAll("(token)", () => JSON.parse(this.world.posts.at(-1)?.body ?? "{}").Token)
      .replaceAll("(endpoint)", this.world.url);
    const { status, body } = await this.world.query("sns", operation, flat(JSON.parse(filled)));
    const value = (name: string) =>
      new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(body)?.[1]?.replace(/&#(\d+);/g, charOf);
    const [message, arn] = [value("Message"), value("SubscriptionArn")];
    const before = this.arns.at(-1);
    if (arn?.startsWith("arn:")) this.arns.push(arn);
    const attributes = [...body.matchAll(/<key>(.*?)<\/key><value>(.*?)<\/value>/gs)].map(([, key, given]) => [
      key,
      given,
    ]);
    return {
      ...{ status, code: value("Code"), message, messageStart: message?.replace(/(?:\n at \[Source|; at ).*$/s, "") },
      ...(arn !== undefined && { SubscriptionArn: arn === before ? "same" : arn.startsWith("arn:") ? "(arn)" : arn }),
      ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
    };
  }

  /** @returns of the last request `headers`, `json` and its `keys`; of the last event the `record`, with its keys */
  async got({ what, count }: NonNullable<EventsStep["gets"]>): Promise<Record<string, unknown>> {
    const { posts } = this.world;
    const { events } = this.world.function;
    await until(`${count} ${what}`, () => (what === "requests" ? posts : events).length >= count);
    if (what === "requests") {
      const { headers, body } = posts.at(-1)!;
      const json = JSON.parse(body);
      return { headers, json, keys: Object.keys(json).sort(), signed: fieldsSignedOf(json.Type) };
    }
    const record = events.at(-1).Records?.[0];
    return { record, recordKeys: Object.keys(record).sort(), snsKeys: Object.keys(record.Sns ?? {}).sort() };
  }
}

/** Returns an input as the query protocol has it. */
function flat(input: Readonly<Record<string, any>>, prefix = ""): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(input).map(([name, value]) => {
      const path = `${prefix}${name}`;
      if (Array.isArray(value))
        return Object.assign({}, ...value.map((each, at) => flat(each, `${path}.member.${at + 1}.`)));
      if (typeof value !== "object") return { [path]: String(value) };
      if (name === "Value") return flat(value, `${path}.`);
      const [key, content] = name === "Attributes" ? ["key", "value"] : ["Name", "Value"];
      const entries = Object.entries(value).map(([own, given], at) =>
        flat(
          { [key]: own, [content]: typeof given === "object" && content === "value" ? JSON.stringify(given) : given },
          `${path}.entry.${at + 1}.`,
        ),
      );
      return Object.assign({}, ...entries);
    }),
  );
}

function charOf(_: string, code: string): string {
  return String.fromCharCode(Number(code));
}
