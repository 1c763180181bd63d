import type { Purpose } from "../../../graph/ledger/need";
import type { Graph, PlannedResource } from "../../../graph/model";

/** A dependency that is planted into a plan. */
export interface Plant {
  readonly what: string;
  readonly purpose: Purpose;
  /** Who answers, by the name that the ledger must give. */
  readonly answeredBy: string;
  /** Who else answers, for the same reason. */
  readonly also?: readonly string[];
  /** Part of the name of the resource that has it, without the region. */
  readonly on: string;
  /** Region whose resource is changed. */
  readonly region: string;
  readonly change: (graph: Editor) => void;
}

type Inputs = Record<string, any>;

/** A copy of a plan whose resources can be changed, as people change a program. */
export class Editor {
  private readonly resources: PlannedResource[];
  private readonly copied = new Set<string>();

  constructor(readonly graph: Graph) {
    this.resources = [...graph.resources];
  }

  /** Returns the inputs of the resource of a type whose name has a part. */
  inputs(type: string, name: string): Inputs {
    return this.one(type, name).inputs as Inputs;
  }

  one(type: string, name: string): PlannedResource {
    return this.first((each) => each.type === type && each.name.endsWith(name), `${type} named ${name}`);
  }

  /** Returns a copy of the only resource, or of the first one, that is asked for; it is changed in place. */
  first(asked: (resource: PlannedResource) => boolean, what = "such resource"): PlannedResource {
    const at = this.resources.findIndex(asked);
    const found = this.resources[at];
    if (found === undefined) throw new Error(`expected one ${what}, found none`);
    if (this.copied.has(found.urn)) return found;
    this.copied.add(found.urn);
    this.resources[at] = structuredClone(found) as PlannedResource;
    return this.resources[at];
  }

  /** Takes resources away. */
  remove(asked: (resource: PlannedResource) => boolean): void {
    const kept = this.resources.filter((each) => !asked(each));
    if (kept.length === this.resources.length) throw new Error("expected resources to remove, found none");
    this.resources.splice(0, this.resources.length, ...kept);
  }

  /** Adds a resource to the component that another one is in. */
  add(type: string, name: string, inputs: Inputs, like: PlannedResource, outputs: Inputs = {}): void {
    this.resources.push({
      ...like,
      ...{ type, name, inputs, outputs: { ...inputs, ...outputs } },
      urn: `${like.urn}::${type}::${name}`,
      dependencies: [],
      propertyDependencies: {},
    });
  }

  /** Gives a function a variable. */
  functionVariable(name: string, variable: string, value: string): void {
    this.inputs("aws:lambda/function:Function", name)["environment"].variables[variable] = value;
  }

  /** Changes the containers of a task. */
  containers(name: string, change: (container: Inputs) => void): void {
    const inputs = this.inputs("aws:ecs/taskDefinition:TaskDefinition", name);
    const containers = JSON.parse(inputs["containerDefinitions"]);
    change(containers[0]);
    inputs["containerDefinitions"] = JSON.stringify(containers);
  }

  /** Gives a task a variable. */
  taskVariable(name: string, variable: string, value: string): void {
    this.containers(name, (container) => container["environment"].push({ name: variable, value }));
  }

  /** Gives a Beanstalk environment a variable. */
  beanstalkVariable(part: string, variable: string, value: string): void {
    const environment = this.first(
      ({ type, name }) => type === "aws:elasticbeanstalk/environment:Environment" && name.startsWith(part),
    );
    environment.inputs["settings"].push({
      namespace: "aws:elasticbeanstalk:application:environment",
      ...{ name: variable, resource: "", value },
    });
  }

  /** Adds lines to the user data of a launch template. @param after  line that they follow */
  userData(name: string, after: string, lines: readonly string[]): void {
    const inputs = this.inputs("aws:ec2/launchTemplate:LaunchTemplate", name);
    const text = Buffer.from(inputs["userData"], "base64").toString("utf8");
    if (!text.includes(after)) throw new Error(`user data of ${name} has no "${after}"`);
    inputs["userData"] = Buffer.from(text.replace(after, [after, ...lines].join("\n"))).toString("base64");
  }

  /** Adds a statement to a policy of a role. */
  allow(policy: string, Action: string | string[], Resource: string | string[]): void {
    const inputs = this.inputs("aws:iam/rolePolicy:RolePolicy", policy);
    const document = JSON.parse(inputs["policy"]);
    document.Statement.push({ Effect: "Allow", Action, Resource });
    inputs["policy"] = JSON.stringify(document);
  }

  /** Returns the changed plan. */
  done(): Graph {
    return { ...this.graph, resources: [...this.resources] };
  }
}
