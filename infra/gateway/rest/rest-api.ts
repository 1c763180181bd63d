import { createHash } from "node:crypto";
import * as apigateway from "@pulumi/aws/apigateway";
import * as pulumi from "@pulumi/pulumi";
import type { DataOutputs } from "../../contract/layer-outputs";
import { WebAcl, type WebAclLimits } from "../../firewall/web-acl";
import { createQueueBackends } from "../work-queues";
import { type RestDefinitionArgs, restDefinition } from "./definition";
import { createItemReaders } from "./gateway-route";
import { MAIN_STAGE } from "./main-stage";
import { RestStage, type RestStageArgs } from "./rest-stage";

/** Arguments of `RestApi`. */
export interface RestApiArgs extends Omit<RestDefinitionArgs, "readers" | "queues">, RestStageArgs {
  readonly region: string;
  /** Tables of the services, of which routes of the API itself read items. */
  readonly tables: DataOutputs;
  /** Names of stages in addition to the first. @default none */
  readonly moreStages?: readonly string[];
  /** What the web application firewall of all stages refuses. @default no firewall, which costs by month and request */
  readonly waf?: WebAclLimits;
}

/**
 * A REST API of a region, public or private, reached by custom domain only. Its routes, models and authorizer are one
 * OpenAPI document (docs/adr/0019), so that an update removes a route before the deployment is made that would still serve
 * it.
 */
export class RestApi extends pulumi.ComponentResource {
  readonly api: apigateway.RestApi;
  /** Every stage by the base path of the custom domain that leads to it; the root is "". */
  readonly stages: ReadonlyMap<string, apigateway.Stage>;

  constructor(name: string, args: RestApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:RestApi", name, {}, opts);
    const readers = createItemReaders(name, args, { parent: this });
    const queues = Object.fromEntries(
      args.services.map((service) => {
        const own = { region: args.region, service, backend: args.backends[service.name]! };
        return [service.name, createQueueBackends(`${name}-${service.name}`, own, { parent: this })];
      }),
    );
    const body = restDefinition({ ...args, readers, queues });
    this.api = this.createApi(name, args, body);
    const deployment = this.createDeployment(name, body);
    const stageOf = (stageName: string, prefix: string) =>
      new RestStage(prefix, args, { api: this.api, deployment, stageName }, { parent: this }).stage;
    const more = (args.moreStages ?? []).map((each) => [each, stageOf(each, `${name}-${each}`)] as const);
    this.stages = new Map([["", stageOf(MAIN_STAGE, name)], ...more]);
    if (args.waf !== undefined) {
      new WebAcl(
        `${name}-waf`,
        {
          ...args,
          limits: args.waf,
          protects: { scope: "REGIONAL", region: args.region, stages: [...this.stages.values()] },
        },
        { parent: this },
      );
    }
    this.registerOutputs({ apiId: this.api.id });
  }

  private createApi(name: string, args: RestApiArgs, body: pulumi.Output<string>): apigateway.RestApi {
    return new apigateway.RestApi(
      `${name}-api`,
      {
        description: args.title,
        body,
        endpointConfiguration: args.private
          ? { types: "PRIVATE", vpcEndpointIds: [args.private.endpointId] }
          : { types: "REGIONAL" },
        disableExecuteApiEndpoint: true,
        // A warning of the import is a part of the document that AWS left out.
        failOnWarnings: true,
      },
      { parent: this },
    );
  }

  /**
   * Makes the deployment, a copy of the API that the stages serve. It is made anew whenever the document changes and for
   * no other reason; the old one goes after the stages have moved, which is Pulumi's default order.
   */
  private createDeployment(name: string, body: pulumi.Output<string>): apigateway.Deployment {
    const hash = body.apply((text) => createHash("sha256").update(text).digest("hex"));
    return new apigateway.Deployment(
      `${name}-deployment`,
      { restApi: this.api.id, triggers: { definition: hash } },
      { parent: this },
    );
  }
}
