import { act, type ServiceError, type Store, serviceError, type Table, tableOf, validated } from "./dynalite";
import type { Items } from "./items";
import { type Streams, streamViews } from "./streams";

/** The operations on tables, with what dynalite does not know of them: streams and replicas. */
export class TableOperations {
  private readonly store: Store;

  /** @param streamLabels  of the streams that tables are created with, by table */
  constructor(
    private readonly items: Items,
    private readonly streams: Streams,
    private readonly streamLabels: Readonly<Record<string, string>>,
  ) {
    this.store = items.store;
  }

  /** Runs CreateTable. @throws {ServiceError} as DynamoDB does */
  async create(input: any): Promise<object> {
    const view = viewOf(input.StreamSpecification);
    const known = validated("CreateTable", input, this.store);
    const { TableDescription } = await act("CreateTable", this.store, known).catch((error: ServiceError) => {
      // dynalite says it without a message.
      if (!error.body?.__type.endsWith("#ResourceInUseException")) throw error;
      throw serviceError("ResourceInUseException", `Table already exists: ${input.TableName}`);
    });
    const { TableName: name } = TableDescription;
    if (view !== undefined) await this.startStream(name, view, this.streamLabels[name]);
    return { TableDescription: this.described(TableDescription) };
  }

  /** Runs DescribeTable. @throws {ServiceError} as DynamoDB does */
  async describe(input: object): Promise<object> {
    const { Table } = await act("DescribeTable", this.store, validated("DescribeTable", input, this.store));
    return { Table: this.described(Table) };
  }

  /** Runs UpdateTable. @throws {ServiceError} as DynamoDB does */
  async update(input: any): Promise<object> {
    const { StreamSpecification, ...rest } = input;
    if (StreamSpecification === undefined) return this.changed(input);
    const table = await tableOf(this.store, String(rest.TableName));
    const { TableName: name } = table;
    const { stream, ...others } = this.items.tracked(name)?.settings ?? {};
    const view = viewOf(StreamSpecification);
    if (view !== undefined && stream !== undefined)
      throw invalid(`Table already has an enabled stream: TableName: ${name}`);
    if (view === undefined && stream === undefined) throw invalid(`Table has no stream to disable: TableName: ${name}`);
    if (view === undefined) await this.items.configure(name, others);
    else await this.startStream(name, view);
    if (Object.keys(rest).length > 1) return this.changed(rest);
    return { TableDescription: this.described(table) };
  }

  /** Runs DeleteTable. @throws {ServiceError} as DynamoDB does */
  async delete(input: any): Promise<object> {
    const answer = await act("DeleteTable", this.store, validated("DeleteTable", input, this.store));
    await this.items.forget(input.TableName);
    return answer;
  }

  private async changed(input: object): Promise<object> {
    const { TableDescription } = await act("UpdateTable", this.store, validated("UpdateTable", input, this.store));
    return { TableDescription: this.described(TableDescription) };
  }

  private async startStream(name: string, view: string, label = streamLabelOf(new Date())): Promise<void> {
    const tracked = this.items.tracked(name);
    const after = tracked?.log.complete ?? 0;
    await this.items.configure(name, { ...tracked?.settings, stream: { view, label, after } });
  }

  private described(table: Table): object {
    const { settings, replicas = [] } = this.items.tracked(table.TableName) ?? {};
    const stream = settings?.stream;
    const Replicas = replicas.map((RegionName) => ({ RegionName, ReplicaStatus: "ACTIVE" }));
    return {
      ...table,
      ...(stream && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view },
        LatestStreamLabel: stream.label,
        LatestStreamArn: this.streams.arnOf(table, stream),
      }),
      ...(replicas.length > 0 && { GlobalTableVersion: "2019.11.21", Replicas }),
    };
  }
}

function streamLabelOf(start: Date): string {
  return start.toISOString().replace("Z", "");
}

/** Returns the view of a stream that is asked for; nothing for none. @throws {ServiceError} on one that there is not */
function viewOf(specification: any): string | undefined {
  const { StreamEnabled = false, StreamViewType: view } = specification ?? {};
  if (!StreamEnabled) return undefined;
  if (streamViews.includes(view)) return view;
  throw invalid(
    `1 validation error detected: Value '${view}' at 'streamSpecification.streamViewType' failed to satisfy constraint: Member must satisfy enum value set: [${streamViews.join(", ")}]`,
  );
}

function invalid(message: string): ServiceError {
  return serviceError("ValidationException", message);
}
