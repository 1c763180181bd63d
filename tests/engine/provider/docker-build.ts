import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { calls } from "./calls";
import type { Cloud } from "./cloud";
import { canonical, fromStruct, type Properties, toStruct, UNKNOWN } from "./values";

const copyType = "docker-build:index:Index";
const keys = ["push", "registry", "sources", "tag"];

/**
 * Plays the provider `docker-build`, of which the program copies images: an index of one source is that source, under its own
 * digest. It asks a registry in `create` and `update` alone, and compares all but the password.
 * @see https://github.com/pulumi/pulumi-docker-build/blob/v0.0.14/provider/internal/index.go
 */
export function dockerBuildProvider(cloud: Cloud): UntypedServiceImplementation {
  return calls({
    configure: () => new proto.ConfigureResponse().setAcceptsecrets(false).setSupportspreview(true),
    check: (request: proto.CheckRequest) => checked(request),
    diff: (request: proto.DiffRequest) => diff(request),
    create: (request: proto.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      if (request.getPreview()) {
        return new proto.CreateResponse().setProperties(toStruct({ ...inputs, ref: inputs["tag"] ?? UNKNOWN }));
      }
      return new proto.CreateResponse()
        .setId(request.getUrn().split("::").at(-1)!)
        .setProperties(toStruct(copied(cloud, request.getUrn(), inputs)));
    },
    update: (request: proto.UpdateRequest) => {
      const inputs = fromStruct(request.getNews());
      const outputs = request.getPreview()
        ? { ...inputs, ref: inputs["tag"] }
        : copied(cloud, request.getUrn(), inputs);
      return new proto.UpdateResponse().setProperties(toStruct(outputs));
    },
    read: (request: proto.ReadRequest) =>
      new proto.ReadResponse()
        .setId(request.getId())
        .setProperties(request.getProperties())
        .setInputs(request.getInputs()),
    delete: (request: proto.DeleteRequest) => {
      cloud.containerImages.deleted.push(String(fromStruct(request.getProperties())["ref"]));
    },
  });
}

/** Copies a source to the registry, as `docker buildx imagetools create` does. */
function copied(cloud: Cloud, urn: string, inputs: Properties): Properties {
  const { sources, tag, registry } = inputs;
  if (registry?.username !== "AWS" || !registry.password) {
    throw new Error(`creating: unexpected status from PUT request to ${tag}: 401 Unauthorized`);
  }
  const [repositoryUrl, name] = [tag.slice(0, tag.lastIndexOf(":")), tag.slice(tag.lastIndexOf(":") + 1)];
  cloud.containerImages.push(urn, repositoryUrl, name);
  cloud.containerImages.copied.push({ from: sources[0], to: tag });
  return { ...inputs, ref: `${tag}@${sources[0].split("@")[1]}` };
}

function checked(request: proto.CheckRequest): proto.CheckResponse {
  const news = fromStruct(request.getNews());
  const response = new proto.CheckResponse().setInputs(toStruct({ push: true, ...news }));
  const fail = (property: string, reason: string) =>
    response.addFailures(new proto.CheckFailure().setProperty(property).setReason(reason));
  if (!request.getUrn().includes(copyType)) fail("", "only Index is played");
  for (const key of Object.keys(news).filter((each) => !keys.includes(each))) fail(key, `${key} is no argument of it`);
  if (!Array.isArray(news["sources"])) fail("sources", "must be a list");
  return response;
}

function diff(request: proto.DiffRequest): proto.DiffResponse {
  const [olds, news] = [fromStruct(request.getOldInputs()), fromStruct(request.getNews())];
  const differs = (of: (inputs: Properties) => unknown) => canonical(of(olds)) !== canonical(of(news));
  const replaces = [
    ...(differs(({ tag }) => tag) ? ["tag"] : []),
    ...(differs(({ registry }) => registry?.address) ? ["registry"] : []),
  ];
  const changes = [
    ...replaces,
    ...(differs(({ sources }) => sources) ? ["sources"] : []),
    ...(differs(({ registry }) => registry?.username) ? ["registry"] : []),
  ];
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  return new proto.DiffResponse()
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...new Set(changes)])
    .setReplacesList(replaces);
}
