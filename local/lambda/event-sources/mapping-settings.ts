import { AwsError } from "../../aws/aws-error";
import type { StartingPosition } from "../../dynamodb/stream-reader";
import { type EventPattern, readPattern } from "../../eventbridge/event-pattern";
import { PatternProblem } from "../../eventbridge/value-rules";

/** What an event source mapping is made of, as CreateEventSourceMapping takes it. */
export interface MappingInput {
  readonly EventSourceArn: string;
  /** ARN of a function or alias. */
  readonly FunctionName: string;
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern: string }[] };
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly StartingPosition?: StartingPosition;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumRecordAgeInSeconds?: number;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } };
}

/** An event source mapping with Lambda's defaults. */
export interface MappingSettings {
  readonly kind: "queue" | "stream";
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Whether the function's answer says what has failed. */
  readonly partialResponses: boolean;
  /** What one of is met is handled. @default everything */
  readonly filters: readonly EventPattern[];
  readonly maximumConcurrency?: number;
  readonly from: StartingPosition;
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
  readonly bisect: boolean;
  /** Queue or topic that is told what a stream's function could not handle. @default none */
  readonly failureArn?: string;
}

/**
 * Reads the input of CreateEventSourceMapping.
 * @throws {AwsError} InvalidParameterValueException
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function settingsOf(input: MappingInput): MappingSettings {
  const { EventSourceArn: sourceArn, FunctionName: functionArn, MaximumBatchingWindowInSeconds = 0 } = input;
  const kind = sourceArn.split(":")[2] === "sqs" ? "queue" : "stream";
  const { BatchSize: batchSize = kind === "queue" ? 10 : 100, StartingPosition: from } = input;
  if (kind === "stream" && from === undefined) {
    throw invalid(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (kind === "queue" && batchSize > 10 && MaximumBatchingWindowInSeconds < 1) {
    throw invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
  }
  const { MaximumConcurrency } = input.ScalingConfig ?? {};
  if (MaximumConcurrency !== undefined && !(MaximumConcurrency >= 2 && MaximumConcurrency <= 1_000)) {
    throw invalid("MaximumConcurrency must be between 2 and 1000");
  }
  const { Destination: failureArn } = input.DestinationConfig?.OnFailure ?? {};
  return {
    ...{ kind, sourceArn, functionArn, batchSize, windowSeconds: MaximumBatchingWindowInSeconds },
    partialResponses: input.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
    filters: (input.FilterCriteria?.Filters ?? []).map(({ Pattern }) => filterOf(Pattern)),
    ...(MaximumConcurrency !== undefined && { maximumConcurrency: MaximumConcurrency }),
    from: from ?? "TRIM_HORIZON",
    maximumRetryAttempts: input.MaximumRetryAttempts ?? -1,
    maximumRecordAgeSeconds: input.MaximumRecordAgeInSeconds ?? -1,
    bisect: input.BisectBatchOnFunctionError ?? false,
    ...(failureArn !== undefined && { failureArn }),
  };
}

/** Returns what Lambda answers to a new mapping. */
export function viewOf(settings: MappingSettings): Readonly<Record<string, unknown>> {
  const { kind, batchSize, windowSeconds, sourceArn, functionArn, partialResponses } = settings;
  const common = {
    ...{ EventSourceArn: sourceArn, FunctionArn: functionArn, BatchSize: batchSize, State: "Creating" },
    MaximumBatchingWindowInSeconds: windowSeconds,
    FunctionResponseTypes: partialResponses ? ["ReportBatchItemFailures"] : [],
  };
  if (kind === "queue") return { ...common, StateTransitionReason: "USER_INITIATED" };
  return {
    ...common,
    BisectBatchOnFunctionError: settings.bisect,
    MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    ...{ ParallelizationFactor: 1, TumblingWindowInSeconds: 0, StartingPosition: settings.from },
    ...{ LastProcessingResult: "No records processed", StateTransitionReason: "User action" },
  };
}

/** Tells whether one of the filters, or none at all, lets an event through. */
export function passes(filters: readonly EventPattern[], event: unknown): boolean {
  return filters.length === 0 || filters.some((meets) => meets(event));
}

/** Returns Lambda's error for a parameter that it does not take. */
export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

function filterOf(pattern: string): EventPattern {
  try {
    return readPattern(JSON.parse(pattern));
  } catch (error) {
    if (error instanceof PatternProblem || error instanceof SyntaxError) {
      throw invalid("Invalid filter pattern definition.");
    }
    throw error;
  }
}
