import type { RolloutRequest, Rollouts, RolloutView } from "./rollouts";

/** What runs of the sources, and what does not, as the console shows it. */
export interface DevelopmentView {
  /** Whether saved sources are built and take the place of what runs. */
  readonly watching: boolean;
  /** Why what was saved last does not run, in a sentence; unset when it does. */
  readonly failure?: string;
  /** The latest rollout of each service in each region. */
  readonly rollouts: readonly RolloutView[];
}

/** What a person changes of a running platform: its code. */
export class Development {
  watching = false;
  /** Why what was saved last does not run, in a sentence. */
  failure: string | undefined;

  /** @param rollouts  undefined until servers are planned */
  constructor(private readonly rollouts: () => Rollouts | undefined) {}

  /** Names of the artifacts that run. @example ["food-store", "forwarder"] */
  get artifacts(): readonly string[] {
    return this.rollouts()?.artifacts ?? [];
  }

  /** Puts new artifacts into the place of those that run; see `Rollouts.deploy`. */
  async deploy(folders: Readonly<Record<string, string>>, request: RolloutRequest): Promise<void> {
    await this.rollouts()?.deploy(folders, request);
  }

  view(): DevelopmentView {
    const { watching, failure } = this;
    return { watching, ...(failure === undefined ? {} : { failure }), rollouts: this.rollouts()?.views() ?? [] };
  }
}
