import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type { StateResource } from "./state";

/** Makes the message by which the engine asks about one resource. */
export function resourceMessage(resource: StateResource, provider: StateResource | undefined) {
  const message = new analyzer.AnalyzeRequest();
  describe(message, resource, resource.inputs, provider);
  return message;
}

/** Makes the message by which the engine asks about a stack. */
export function stackMessage(
  resources: readonly StateResource[],
  providerOf: (resource: StateResource) => StateResource | undefined,
) {
  const message = new analyzer.AnalyzeStackRequest();
  for (const resource of resources) message.addResources(stackResource(resource, providerOf(resource)));
  return message;
}

function stackResource(resource: StateResource, provider: StateResource | undefined) {
  const message = new analyzer.AnalyzerResource();
  describe(message, resource, { ...resource.inputs, ...outputsOnly(resource) }, provider);
  message.setParent(resource.parent ?? "");
  message.setDependenciesList([...resource.dependencies]);
  for (const [key, urns] of Object.entries(resource.propertyDependencies)) {
    const dependencies = new analyzer.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(key, dependencies);
  }
  return message;
}

/** Returns the outputs that are not inputs. In outputs, the value of a secret input would be visible. */
function outputsOnly({ inputs, outputs }: StateResource): Record<string, any> {
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => !(key in inputs)));
}

/** Fills the fields of a resource that are the same in both kinds of messages. */
function describe(message: any, resource: StateResource, props: object, provider: StateResource | undefined): void {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(resource.urn);
  message.getProperties = () => asRead(props);
  const options = new analyzer.AnalyzerResourceOptions();
  options.setProtect(resource.protect);
  options.setIgnorechangesList([...resource.ignoreChanges]);
  options.setParent(resource.parent ?? "");
  message.setOptions(options);
  if (provider === undefined) return;
  const own = new analyzer.AnalyzerProviderResource();
  own.setType(provider.type);
  own.setName(provider.name);
  own.setUrn(provider.urn);
  own.getProperties = () => asRead(provider.inputs) as never;
  message.setProvider(own);
}

/**
 * Returns values in the form in which the evaluator reads those of a message. It copies what it reads; to put each value
 * into Protocol Buffers and take it out again took as long as the rules.
 */
function asRead(values: object): { toJavaScript(): object } {
  return { toJavaScript: () => values };
}
