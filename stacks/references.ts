import * as pulumi from "@pulumi/pulumi";
import type { ComputePattern } from "../infra/compute/pattern";
import { computePatterns } from "../infra/compute/registry";
import type { ComputeBackend } from "../infra/contract/backend";
import type {
  ComputeOutputs,
  DataOutputs,
  EdgeOutputs,
  IdentityOutputs,
  LiveOutputs,
  NetworkOutputs,
  TableOutputs,
} from "../infra/contract/layer-outputs";
import type { ServiceSpec } from "../infra/contract/service";
import { backendFields } from "./backend-fields";
import type { ConfiguredService } from "./config/services";
import { OUTPUTS_VERSION } from "./outputs";
import { withoutPackageFrames } from "./package-frames";
import { readPool } from "./read-pool";
import { type Layer, type StackName, siblingStack } from "./stack-name";

/**
 * Reads the outputs of layers from the stacks that own them, by StackReference, with the same types as the layers of
 * this stack. Each read fails with one sentence that names the stack to deploy first, when that stack has not been
 * deployed, exports another version of the outputs, or does not have the layer in the region.
 */
export class References {
  private readonly stacks = new Map<string, pulumi.StackReference>();

  /**
   * @param stackName  this stack; the names of the other stacks are derived from it
   * @param qualify  completes the name of a stack to `<organization>/<project>/<stack>`
   */
  constructor(
    private readonly stackName: StackName,
    private readonly qualify: (stack: string) => string,
  ) {}

  /**
   * Reads the network layer of a region.
   * @param plain  values that come from the configuration, because they decide which resources exist
   * @param has  which endpoints the network has: those of AWS APIs, and so the prefix lists; that of the private API
   */
  network(
    region: string,
    plain: { readonly cidr: string; readonly zones: readonly string[] },
    has: { readonly interfaceEndpoints: boolean; readonly privateApi: boolean },
  ): NetworkOutputs {
    const found = this.read("network", region);
    const field = <T = string>(get: (network: any) => T) => found.apply(get);
    const endpoint = (key: string) =>
      field(({ privateApiEndpoint }) => {
        if (privateApiEndpoint !== undefined) return privateApiEndpoint[key] as string;
        throw this.lacking("services call each other", "network", region, "endpoint of the private API");
      });
    return {
      ...plain,
      vpcId: field((network) => network.vpcId),
      publicSubnetIds: field<string[]>((network) => network.publicSubnetIds),
      privateSubnetIds: field<string[]>((network) => network.privateSubnetIds),
      isolatedSubnetIds: field<string[]>((network) => network.isolatedSubnetIds),
      namespace: {
        id: field((network) => network.namespace.id),
        arn: field((network) => network.namespace.arn),
        name: field((network) => network.namespace.name),
      },
      functionSecurityGroupId: field((network) => network.functionSecurityGroupId),
      ...(has.privateApi
        ? {
            privateApiEndpoint: {
              id: endpoint("id"),
              dnsName: endpoint("dnsName"),
              dnsZoneId: endpoint("dnsZoneId"),
            },
          }
        : {}),
      ...(has.interfaceEndpoints
        ? {
            storagePrefixLists: {
              s3: field((network) => network.storagePrefixLists.s3),
              dynamodb: field((network) => network.storagePrefixLists.dynamodb),
            },
          }
        : {}),
    };
  }

  /**
   * Reads the identity layer.
   * @param has  whether messages to people have a domain of their own, and which other region has a user pool
   */
  identity(owner: string, has: { readonly mail: boolean; readonly otherRegion?: string }): IdentityOutputs {
    const found = this.read("identity", owner);
    const lackingMail = () => this.lacking("platform:signIn.mail is set", "identity", owner, "records of it");
    const pool = (of: pulumi.Output<any>) => readPool(of, has.mail ? lackingMail : undefined);
    const own = pool(found);
    const { otherRegion: region } = has;
    if (region === undefined) return own;
    const each = found.apply(({ otherRegion, keyTable }) => {
      if (otherRegion?.region === region && keyTable !== undefined) return { otherRegion, keyTable };
      throw this.lacking("platform:signIn.regions is each", "identity", owner, `user pool and keys of ${region}`);
    });
    return { ...own, keyTable: each.keyTable, otherRegion: { region, ...pool(each.otherRegion) } };
  }

  /**
   * Reads the tables of the services, as used from `region`.
   * @param owner  region that made them
   * @param customerKey  whether the tables have a customer key, which decides what the roles of their callers allow
   */
  data(
    owner: string,
    region: string,
    services: readonly Pick<ServiceSpec, "name" | "table" | "needs" | "publishes">[],
    customerKey: boolean,
  ): DataOutputs {
    const found = this.read("data", owner, (regions) => regions?.[region]);
    const keyOf = (table: { readonly keyArn?: string }): string => {
      if (table.keyArn !== undefined) return table.keyArn;
      throw this.lacking("platform:tableKey is customer", "data", owner, "key of its tables");
    };
    const seen = (table: pulumi.Output<any>): TableOutputs => ({
      name: table.apply(({ name }) => name),
      arn: table.apply(({ arn }) => arn),
      ...(customerKey ? { keyArn: table.apply(keyOf) } : {}),
    });
    const homeOf = (table: pulumi.Output<any>) => {
      const { name: _name, ...home } = seen(table.apply(({ home }) => home));
      return { region: owner, ...home };
    };
    const tablesOf = (service: string) =>
      found.apply((tables) => {
        const own = tables[service];
        if (own !== undefined) return own;
        throw this.lacking(`service "${service}" is configured`, "data", owner, "table of it");
      });
    const moreOf = (service: string, name: string) =>
      tablesOf(service).apply(({ more }) => {
        const table = more?.[name];
        if (table !== undefined) return table;
        throw this.lacking(`service "${service}" needs the table "${name}"`, "data", owner, "such table");
      });
    const streamOf = (service: string) =>
      tablesOf(service).apply(({ streamArn }): string => {
        if (streamArn !== undefined) return streamArn;
        throw this.lacking(`service "${service}" publishes changes`, "data", owner, "stream of its table");
      });
    const withTable = services.filter(({ table }) => table !== undefined);
    return Object.fromEntries(
      withTable.map(({ name, needs, publishes }) => {
        const more = Object.entries(needs.tables ?? {}).map(([id, { home }]) => {
          const table = moreOf(name, id);
          return [id, { ...seen(table), ...(home ? { home: homeOf(table) } : {}) }];
        });
        const own = seen(tablesOf(name));
        const stream = publishes ? { streamArn: streamOf(name) } : {};
        return [name, { ...own, ...stream, ...(more.length === 0 ? {} : { more: Object.fromEntries(more) }) }];
      }),
    );
  }

  /**
   * Reads the compute layer of a region. The kind of each backend comes from the configuration, because it decides
   * which resources exist; when the other stack exports another kind, the read fails.
   */
  compute(
    region: string,
    services: readonly Pick<
      ConfiguredService,
      "name" | "pattern" | "settings" | "calls" | "workRoutes" | "publishes"
    >[],
  ): ComputeOutputs {
    const found = this.read("compute", region);
    return Object.fromEntries(
      services.map((service) => {
        const pattern: ComputePattern = computePatterns[service.pattern];
        const kind = pattern.backendKind(service.settings);
        const optional = [
          ...(pattern.optionalFields ?? []),
          ...(service.calls.length > 0 ? ["role"] : []),
          ...(service.workRoutes.length > 0 ? ["work"] : []),
          ...(service.publishes ? ["changes"] : []),
        ];
        const backend = found.apply((backends) => {
          const record = backends[service.name];
          const exported = record?.kind ?? "nothing";
          const lacking = optional.find((field) => record?.[field] === undefined);
          if (exported === kind && lacking === undefined) return record;
          const stack = siblingStack(this.stackName, "compute", region);
          const got = exported === kind ? `no ${lacking} of it` : exported;
          throw withoutPackageFrames(
            new pulumi.RunError(
              `service "${service.name}" is configured as "${service.pattern}" (${kind}), but stack "${stack}" exports ${got}; run \`pulumi up\` for "${stack}" first`,
            ),
          );
        });
        const names = [...backendFields[kind], ...optional];
        const fields = names.map((field) => [field, backend.apply((record) => record[field])]);
        return [service.name, { kind, ...Object.fromEntries(fields) } as ComputeBackend];
      }),
    );
  }

  /** Reads the id of the hosted zone. @param owner  region that made it */
  hostedZoneId(owner: string): EdgeOutputs["hostedZoneId"] {
    return this.read("edge", owner).apply((edge) => edge.hostedZoneId as string);
  }

  /** Reads the live changes of a region. */
  live(owner: string): pulumi.Output<LiveOutputs> {
    return this.read("edge", owner).apply(({ live }): LiveOutputs => {
      if (live !== undefined) return live;
      throw this.lacking("platform:live is set", "edge", owner, "live changes");
    }) as pulumi.Output<LiveOutputs>;
  }

  /** Returns the error that another stack was deployed without what the configuration needs of it. */
  private lacking(because: string, layer: Layer, region: string, what: string): Error {
    const stack = siblingStack(this.stackName, layer, region);
    return withoutPackageFrames(
      new pulumi.RunError(
        `${because}, but stack "${stack}" exports no ${what}; run \`pulumi up\` for "${stack}" first`,
      ),
    );
  }

  private read(layer: Layer, region: string, get: (value: any) => any = (value) => value): pulumi.Output<any> {
    const name = siblingStack(this.stackName, layer, region);
    const stack = this.stacks.get(name) ?? this.refer(name);
    this.stacks.set(name, stack);
    const missing = (what: string) =>
      withoutPackageFrames(new pulumi.RunError(`stack "${name}" ${what}; run \`pulumi up\` for "${name}" first`));
    return pulumi.all([stack.getOutput("version"), stack.getOutput(layer)]).apply(([version, regions]) => {
      if (version === undefined) throw missing("has not been deployed");
      if (version !== OUTPUTS_VERSION) {
        throw missing(`exports version ${version} of its outputs, this program reads version ${OUTPUTS_VERSION}`);
      }
      const found = get(regions?.[region]);
      if (found === undefined) throw missing(`exports no ${layer} of ${region}`);
      return found;
    });
  }

  /**
   * Makes the references one after the other, so that of several missing stacks the engine names the one to deploy first.
   */
  private refer(stack: string): pulumi.StackReference {
    return new pulumi.StackReference(this.qualify(stack), {}, { dependsOn: [...this.stacks.values()] });
  }
}
