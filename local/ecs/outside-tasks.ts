import type { GraphIndex, PlannedResource } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import type { ServerChoice } from "../local-compute";
import type { Registration, Registry } from "../processes/registration";

/** Type of a copy of an image from a registry outside, see infra/compute/ecs/image.ts. */
const copyType = "docker-build:index:Index";

/** The tasks of one service in one region that run an image from outside, which this machine cannot run. */
interface OutsideService {
  readonly service: string;
  readonly region: string;
  /** The image in its own registry. */
  readonly image: string;
  /** Target groups, by ARN. */
  readonly registersWith: readonly string[];
  /** Listeners that lead to them, by ARN. */
  readonly listeners: readonly string[];
}

/** A server that runs in the place of an image, as the console shows it. */
interface OutsideView extends Pick<OutsideService, "service" | "region"> {
  readonly pattern: string;
  readonly desired: number;
  readonly zones: readonly string[];
  readonly servers: readonly { readonly zone: string; readonly health: string }[];
}

/**
 * Returns the image that a planned URI of the account's registry is a copy of; undefined for images that are built.
 * @param imageUri  with the digest
 */
export function copiedImage(index: GraphIndex, imageUri: string): string | undefined {
  const [repository, digest] = imageUri.split("@");
  const copy = index.ofType(copyType).find(({ inputs }) => {
    const [source = ""] = inputs["sources"] ?? [];
    return String(inputs["tag"]).startsWith(`${repository}:`) && source.endsWith(`@${digest}`);
  });
  return copy?.inputs["sources"][0];
}

/**
 * The planned services that run an image from outside. There is no container runtime here: a program that a person has
 * started stands in for the image, or else their routes answer 503 and say so.
 */
export class OutsideTasks {
  private readonly planned: readonly OutsideService[];
  private readonly registrations = new Map<OutsideService, readonly Registration[]>();

  /**
   * @param instead  origin of the program that stands in, by service
   * @throws {UserError} when it names a service that runs no image from outside
   */
  constructor(
    index: GraphIndex,
    private readonly instead: Readonly<Record<string, string>>,
  ) {
    this.planned = index.ofType("aws:ecs/service:Service").flatMap((ecsService) => readService(index, ecsService));
    const names = [...new Set(this.planned.map(({ service }) => service))].sort();
    const unknown = Object.keys(instead).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new UserError(
        `--instead must name a service that runs an image from outside (${names.join(", ") || "none does"}), got "${unknown}"; correct it`,
      );
    }
  }

  /** Registers the programs that stand in with the target groups, which check them from now on. */
  start(registryOf: (key: string) => Registry): void {
    for (const each of this.planned) {
      const origin = this.instead[each.service];
      if (origin === undefined) continue;
      const server = { id: `${each.region}-${each.service}-instead`, origin };
      this.registrations.set(
        each,
        each.registersWith.map((key) => registryOf(key).register(server, false, () => {})),
      );
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.registrations.values()].flat().map((each) => each.deregister()));
  }

  /** Returns what is left out and what to do, in one sentence; undefined when all have a program in their place. */
  get missing(): string | undefined {
    const names = [
      ...new Set(this.planned.filter(({ service }) => !this.stoodInFor(service)).map(({ service }) => service)),
    ];
    if (names.length === 0) return undefined;
    const [first] = names;
    return `without ${names.join(" and ")}, whose container images this machine does not run; start one by hand, and start again with --instead ${first}=http://127.0.0.1:<port>`;
  }

  /** Returns the answer of a listener whose image is not run here; undefined for every other one. */
  answerOf(listenerArn: string): ServerChoice | undefined {
    const found = this.planned.find(({ listeners }) => listeners.includes(listenerArn));
    if (found === undefined || this.stoodInFor(found.service)) return undefined;
    const message = `${found.service} runs the image ${found.image}, which is not run on this machine; start it by hand, and the platform with --instead ${found.service}=http://127.0.0.1:<port>`;
    return {
      ...{ kind: "fixed", via: "balancer", status: 503, contentType: "application/json" },
      body: JSON.stringify({ code: "not_run_here", message }),
    };
  }

  views(): readonly OutsideView[] {
    return this.planned.map((each) => ({
      ...{ service: each.service, region: each.region, pattern: "ecs" },
      desired: this.registrations.has(each) ? 1 : 0,
      zones: ["instead"],
      servers: (this.registrations.get(each) ?? []).map(({ health }) => ({ zone: "instead", health })),
    }));
  }

  private stoodInFor(service: string): boolean {
    return this.instead[service] !== undefined;
  }
}

function readService(index: GraphIndex, ecsService: PlannedResource): OutsideService[] {
  const task = index.one("aws:ecs/taskDefinition:TaskDefinition", { arn: ecsService.outputs["taskDefinition"] });
  const containers: readonly { readonly name: string; readonly image: string }[] = JSON.parse(
    task.outputs["containerDefinitions"],
  );
  return containers.flatMap(({ name, image: uri }) => {
    const image = copiedImage(index, uri);
    if (image === undefined) return [];
    const groups: string[] = (ecsService.outputs["loadBalancers"] ?? []).map((each: any) => each.targetGroupArn);
    const listeners = index
      .ofType("aws:lb/listener:Listener")
      .filter(({ outputs }) => outputs["defaultActions"]?.some((each: any) => groups.includes(each.targetGroupArn)))
      .map(({ outputs }) => outputs["arn"] as string);
    return [{ service: name, region: ecsService.region!, image, registersWith: groups, listeners }];
  });
}
