import { createHash } from "node:crypto";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { renewedByUpdate } from "../../../graph/diff/renewals";
import { isKnown, replacedBy } from "../../../graph/diff/replacements";
import { providerAnswer } from "../../../graph/outputs";
import { calls } from "./calls";
import type { Cloud, Creation, Held } from "./cloud";
import { received } from "./dropped";
import { lookUp } from "./lookups";
import { inputsOf, misfits } from "./shapes";
import { canonical, changedKeys, fromStruct, kindOf, type Properties, toStruct, UNKNOWN } from "./values";

/** New values of the outputs that the cloud renews when some inputs change. */
const renewing: Readonly<Record<string, (old: Properties) => Properties>> = {
  "aws:ec2/launchTemplate:LaunchTemplate": ({ latestVersion }) => ({ latestVersion: latestVersion + 1 }),
  "aws:lambda/function:Function": ({ version, arn }) => ({
    version: String(+version + 1),
    qualifiedArn: `${arn}:${+version + 1}`,
  }),
};

/** Plays the provider `aws` for one configuration. */
export function awsProvider(cloud: Cloud): UntypedServiceImplementation {
  let region = "us-east-1";
  const creationOf = (request: { getUrn(): string }, inputs: Properties): Creation => ({
    ...partsOf(request),
    inputs,
    region,
  });
  return calls({
    configure: (request: proto.ConfigureRequest) => {
      region = String(fromStruct(request.getArgs())["region"] ?? region);
      return new proto.ConfigureResponse().setSupportspreview(true);
    },
    check: (request: proto.CheckRequest) => checked(request),
    diff: (request: proto.DiffRequest) => diff(request),
    create: async (request: proto.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      if (request.getPreview()) return new proto.CreateResponse().setProperties(toStruct(planned(request, inputs)));
      const { id, outputs } = await cloud.create(creationOf(request, inputs));
      return new proto.CreateResponse().setId(id).setProperties(toStruct(outputs));
    },
    read: (request: proto.ReadRequest) => answerRead(cloud.find(partsOf(request).type, region, request.getId())),
    update: (request: proto.UpdateRequest) => {
      const { type } = partsOf(request);
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const changes = changedKeys(fromStruct(request.getOldInputs()), news);
      const renewed = renewedByUpdate(type, changes).length > 0 ? renewing[type]!(olds) : {};
      if (request.getPreview()) {
        // What does not change stays as the cloud has it, with what it added inside; what changes is filled in again.
        const kept = Object.entries(olds).filter(([key]) => !changes.includes(key));
        const changed = Object.entries(news).filter(([key]) => changes.includes(key));
        const unknown = Object.keys(renewed).map((key) => [key, UNKNOWN]);
        const properties = { ...Object.fromEntries(kept), ...planned(request, Object.fromEntries(changed)) };
        return new proto.UpdateResponse().setProperties(toStruct({ ...properties, ...Object.fromEntries(unknown) }));
      }
      const { outputs } = cloud.update(creationOf(request, news), request.getId(), renewed);
      return new proto.UpdateResponse().setProperties(toStruct(outputs));
    },
    invoke: (request: proto.InvokeRequest) => {
      const found = lookUp(cloud, region, request.getTok(), fromStruct(request.getArgs()));
      return new proto.InvokeResponse().setReturn(toStruct(found));
    },
    delete: (request: proto.DeleteRequest) => cloud.delete(partsOf(request).type, region, request.getId()),
  });
}

/** `urn:pulumi:<stack>::<project>::<parents>$<type>::<name>` */
function partsOf(request: { getUrn(): string }): { readonly type: string; readonly name: string } {
  const [, , chain, ...name] = request.getUrn().split("::");
  return { type: chain!.slice(chain!.lastIndexOf("$") + 1), name: name.join("::") };
}

/** What a preview can tell of a resource to come: its inputs, with what the cloud adds inside them unknown. */
function planned(request: { getUrn(): string }, inputs: Properties): Properties {
  const { outputs } = providerAnswer({ ...partsOf(request), inputs });
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, filled(value, outputs[key])]));
}

/** An input with unknowns for what the cloud adds inside it; of a list, inside each of its objects. */
function filled(value: any, output: any): any {
  if (Array.isArray(value) && Array.isArray(output)) return value.map((each, i) => filled(each, output[i]));
  if (kindOf(value) !== "object" || kindOf(output) !== "object") return value;
  return { ...Object.fromEntries(Object.keys(output).map((field) => [field, UNKNOWN])), ...value };
}

/** Refuses what the type does not take, and names what is to be named, as the provider does. */
function checked(request: proto.CheckRequest): proto.CheckResponse {
  const { type, name } = partsOf(request);
  const response = new proto.CheckResponse();
  const fail = (property: string, reason: string) =>
    response.addFailures(new proto.CheckFailure().setProperty(property).setReason(reason));
  const news = fromStruct(request.getNews());
  if (!isKnown(type)) {
    fail("", `${type} is not in graph/diff/replacements.ts; say there which inputs replace it`);
    return response;
  }
  for (const { property, reason } of misfits(type, news)) fail(property, reason);
  const property = namedBy(type, name);
  const prefix = property && news[`${property}Prefix`];
  if (property === undefined || news[property] !== undefined || prefix !== undefined) {
    return response.setInputs(toStruct(news));
  }
  const seed = createHash("sha256").update(request.getRandomseed_asU8()).digest("hex").slice(0, 7);
  const olds = fromStruct(request.getOlds());
  const kept = isFilledIn(olds, property) ? olds[property] : undefined;
  // The bridge lists what it fills in under this name.
  return response.setInputs(toStruct({ ...news, [property]: kept ?? `${name}-${seed}`, __defaults: [property] }));
}

function isFilledIn(inputs: Properties, property: string): boolean {
  return (inputs["__defaults"] ?? []).includes(property);
}

/** The property that holds the physical name, where the provider would make one up. */
function namedBy(type: string, name: string): string | undefined {
  const { outputs } = providerAnswer({ type, name, inputs: {} });
  const inputs = inputsOf(type);
  return ["name", "bucket"].find(
    (key) => inputs[key] && !inputs[key].required && String(outputs[key]).startsWith(`${name}-`),
  );
}

function diff(request: proto.DiffRequest): proto.DiffResponse {
  const { type } = partsOf(request);
  // What the cloud has is compared, not what it was once given.
  const [olds, news] = [received(type, fromStruct(request.getOldInputs())), fromStruct(request.getNews())];
  const ignored = new Set(request.getIgnorechangesList());
  const changes = changedKeys(olds, news).filter((key) => !ignored.has(key));
  const same = (before: unknown, after: unknown) => canonical(before) === canonical(after);
  const replaces = replacedBy(type, olds, news, same).filter((path) => !ignored.has(path.split(".")[0]!));
  const name = ["name", "bucket", "domain", "domainName"].find((key) => news[key] !== undefined);
  // A name of the program's own is taken until the old one is gone.
  const fixed = name !== undefined && !isFilledIn(news, name) && olds[name] === news[name];
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  return new proto.DiffResponse()
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changes)
    .setReplacesList(replaces)
    .setDeletebeforereplace(
      replaces.length > 0 && changes.length > 0 && (REMADE.has(type) || (fixed && holdsName(type))),
    );
}

/** Types that pulumi-aws always deletes before it makes them anew. */
const REMADE = new Set([
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
]);

/** Types whose name is unique, so that the new one cannot stand beside the old. */
function holdsName(type: string): boolean {
  return !["aws:ecs/taskDefinition:TaskDefinition", "aws:route53/record:Record"].includes(type);
}

function answerRead(held: Held | undefined): proto.ReadResponse {
  if (held === undefined) return new proto.ReadResponse();
  return new proto.ReadResponse().setId(held.id).setProperties(toStruct(held.outputs)).setInputs(toStruct(held.inputs));
}
