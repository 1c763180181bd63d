import { providerAnswer } from "../../../graph/outputs";
import { overlaps, parseVpcBlock } from "../../../infra/traffic/ipv4";
import { ContainerImages } from "./container-images";
import { received } from "./dropped";
import { Images } from "./images";
import { partAnswers } from "./parts";
import { kindOf, type Properties, stringsOf } from "./values";

/** A resource that the stand-in cloud holds. */
export interface Held {
  readonly type: string;
  readonly id: string;
  readonly region: string;
  readonly inputs: Properties;
  /** Inputs and what the cloud adds. */
  readonly outputs: Properties;
}

export interface Creation {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly region: string;
}

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const BUCKET = "aws:s3/bucket:Bucket";
/** By container: what is in it, which input of that names the container, and which output is that name. */
const CONTENTS: Readonly<Record<string, readonly [string, string, string]>> = {
  [BUCKET]: [OBJECT, "bucket", "bucket"],
  "aws:elasticbeanstalk/application:Application": [
    "aws:elasticbeanstalk/applicationVersion:ApplicationVersion",
    "application",
    "name",
  ],
};
/** Types that AWS puts in the place of what is there. */
const OVERWRITES = new Set([OBJECT]);
const SUBNET = "aws:ec2/subnet:Subnet";

/** Secret that the cloud makes up; no state or output may show it in the clear. */
export const CLOUD_SECRET = "stand-in-client-secret";

/** What the account holds: as far as AWS, it outlives every run of the engine. */
export class Cloud {
  private readonly held = new Map<string, Held>();
  private readonly gone = new Set<string>();
  private readonly creations = new Map<string, number>();
  /** Called before the nth creation, from 1: throws to refuse it, waits to be slow. */
  beforeCreate: (creation: Creation, nth: number) => void | Promise<void> = () => {};
  /** Called when a resource is made and before the engine hears of it; waits to be slow. */
  beforeAnswer: (held: Held) => void | Promise<void> = () => {};
  /** The machine images that Amazon offers in every region. */
  readonly images = new Images();
  /** The container images in the cloud's repositories. */
  readonly containerImages = new ContainerImages();
  private created = 0;
  /** Newer answers of the provider's functions than those of the offline plan, by token. */
  readonly lookups: Record<string, Properties> = {};

  get resources(): readonly Held[] {
    return [...this.held.values()];
  }

  async create(creation: Creation): Promise<Held> {
    await this.beforeCreate(creation, ++this.created);
    this.refuseGone(creation);
    this.refuseOverlap(creation);
    const { type, region } = creation;
    const inputs = received(type, creation.inputs);
    const { id = "", outputs } = this.answer({ ...creation, inputs });
    const key = keyOf(type, region, id);
    if (this.held.has(key) && !OVERWRITES.has(type)) throw new Error(`${type} ${id} exists already`);
    const held = { type, id, region, inputs, outputs: { ...inputs, ...outputs } };
    this.held.set(key, held);
    this.gone.delete(id);
    await this.beforeAnswer(held);
    return held;
  }

  /** @param renewed  outputs that change with the resource, `latestVersion` */
  update({ type, name, region, inputs: given }: Creation, id: string, renewed: Properties): Held {
    const inputs = received(type, given);
    this.refuseGone({ type, name, region, inputs });
    const old = this.find(type, region, id);
    if (old === undefined) throw new Error(`${type} ${id} does not exist`);
    const kept = Object.entries(old.outputs).filter(([key]) => !Object.hasOwn(old.inputs, key));
    const made = providerAnswer({ type, name, region, inputs }).outputs;
    const held = {
      ...old,
      inputs,
      outputs: { ...Object.fromEntries(kept), ...filled(old.outputs, made, inputs), ...renewed },
    };
    this.held.set(keyOf(type, region, id), held);
    return held;
  }

  find(type: string, region: string, id: string): Held | undefined {
    return this.held.get(keyOf(type, region, id));
  }

  /** As AWS does with most of its parts: nothing goes while another resource names it. */
  delete(type: string, region: string, id: string): void {
    const held = this.find(type, region, id);
    if (held === undefined) return;
    const handles = handlesOf(held);
    const user = this.resources.find((other) => other !== held && stringsOf(other.inputs).some((s) => handles.has(s)));
    if (user) throw new Error(`DependencyViolation: ${type} ${id} is in use by ${user.type} ${user.id}`);
    const contents = this.contentsOf(held);
    if (contents.length > 0 && type === BUCKET && !held.inputs["forceDestroy"]) {
      throw new Error(`BucketNotEmpty: ${id} holds ${contents.length} objects`);
    }
    for (const gone of [held, ...contents]) this.held.delete(keyOf(gone.type, gone.region, gone.id));
    for (const handle of handles) this.gone.add(handle);
  }

  /** What goes with it, whoever knows of it: objects with a bucket, versions with an application. */
  private contentsOf({ type, outputs }: Held): Held[] {
    const [contained, container, name] = CONTENTS[type] ?? [];
    if (container === undefined || name === undefined) return [];
    return this.resources.filter((other) => other.type === contained && other.inputs[container] === outputs[name]);
  }

  /** Somebody changes a resource by hand. */
  drift(held: Held, inputs: Properties): void {
    const changed = { ...held, inputs: { ...held.inputs, ...inputs }, outputs: { ...held.outputs, ...inputs } };
    this.held.set(keyOf(held.type, held.region, held.id), changed);
  }

  private refuseGone({ type, name, inputs }: Creation): void {
    const lost = stringsOf(inputs).find((text) => this.gone.has(text));
    if (lost) throw new Error(`NotFound: ${type} "${name}" names ${lost}, which is deleted`);
  }

  /** A subnet that is to move cannot be made before the old one is gone, and that has servers in it. */
  private refuseOverlap({ type, name, inputs }: Creation): void {
    if (type !== SUBNET) return;
    const rivals = this.resources.filter((other) => other.type === SUBNET && other.inputs["vpcId"] === inputs["vpcId"]);
    const rival = rivals.find((other) =>
      overlaps(parseVpcBlock(other.inputs["cidrBlock"]), parseVpcBlock(inputs["cidrBlock"])),
    );
    if (rival) throw new Error(`InvalidSubnet.Conflict: ${inputs["cidrBlock"]} of "${name}" overlaps ${rival.id}`);
  }

  /** The answers of the offline plan; a resource that is made again gets other ids. */
  private answer(creation: Creation): { readonly id?: string; readonly outputs: Properties } {
    const { type, name, region } = creation;
    const key = `${type} ${region} ${name}`;
    const nth = this.creations.get(key) ?? 0;
    this.creations.set(key, nth + 1);
    const request = { ...creation, name: nth === 0 ? name : `${name}-${nth + 1}` };
    const part = partAnswers[type]?.(request, nth + 1);
    const answer = providerAnswer(request);
    const outputs = { ...answer.outputs, ...part };
    return { id: String(part?.["id"] ?? answer.id ?? `${request.name}-id`), outputs };
  }
}

/**
 * Inputs, with what the cloud has put inside them before; inside the objects of a list, which may be new ones, with what it puts
 * there now.
 */
function filled(outputs: Properties, made: Properties, inputs: Properties): Properties {
  const fill = (key: string, value: any) => {
    if (kindOf(value) === "object") return { ...outputs[key], ...value };
    if (!Array.isArray(value) || !Array.isArray(made[key])) return value;
    return value.map((each, i) => (kindOf(each) === "object" ? { ...made[key][i], ...each } : each));
  };
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, fill(key, value)]));
}

function keyOf(type: string, region: string, id: string): string {
  return `${type} ${region} ${id}`;
}

/** What others name it by, and it alone; a plain name could be anything's. */
function handlesOf({ id, inputs, outputs }: Held): Set<string> {
  const borrowed = new Set(stringsOf(inputs));
  const names = [id, outputs["arn"]].filter((text) => typeof text === "string" && !borrowed.has(text));
  return new Set(names.filter((text) => text.startsWith("arn:") || /^[a-z]+-[0-9a-f]{9,}$/.test(text)));
}
