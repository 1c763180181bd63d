import { type EventPattern, readPattern } from "../eventbridge/event-pattern";
import { PatternProblem, sns } from "../eventbridge/value-rules";
import type { MessageAttributes } from "../sqs/message-attributes";
import { invalidParameter } from "./sns-error";

/** What a subscription filters by: the attributes of a message, or its body. */
export type FilterScope = "MessageAttributes" | "MessageBody";

const mostCombinations = 150;
const mostKeys = 5;

/** Tells whether a subscription takes a message. */
export type Filter = (message: { readonly attributes: MessageAttributes; readonly body: string }) => boolean;

/**
 * Reads a filter policy.
 * @throws {AwsError} InvalidParameter, with SNS's words
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function readFilter(text: string, scope: FilterScope): Filter {
  const policy = parsed(text);
  let pattern: EventPattern;
  try {
    pattern = readPattern(policy, sns);
    checkSize(policy);
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    throw invalidParameter(`Attributes Reason: FilterPolicy: ${error.message}`);
  }
  if (scope === "MessageAttributes") return ({ attributes }) => pattern(valuesOf(attributes));
  return ({ body }) => {
    const value = jsonOf(body);
    return value !== undefined && pattern(value);
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidParameter("Attributes Reason: FilterPolicy: failed to parse JSON.");
  }
}

/** Values of attributes as JSON has them: numbers, lists and texts. Binary ones cannot be filtered by. */
function valuesOf(attributes: MessageAttributes): object {
  const values = Object.entries(attributes).map(([name, { DataType, StringValue = "" }]) => {
    if (DataType === "Number") return [name, Number(StringValue)];
    if (DataType === "String.Array") return [name, jsonOf(StringValue) ?? StringValue];
    return [name, StringValue];
  });
  return Object.fromEntries(values);
}

function checkSize(policy: unknown): void {
  const { keys, combinations } = sizeOf(policy as object, 1);
  if (keys > mostKeys) throw new PatternProblem("Filter policy can not have more than 5 keys");
  if (combinations > mostCombinations) throw new PatternProblem("Filter policy is too complex");
}

/** Each value counts as often as deep it is, and those of several keys are multiplied. */
function sizeOf(policy: object, depth: number): { readonly keys: number; readonly combinations: number } {
  let [keys, combinations] = [0, 1];
  for (const [name, given] of Object.entries(policy)) {
    const parts = Array.isArray(given) && name !== "$or" ? [] : [given].flat();
    if (parts.length === 0) {
      keys += 1;
      combinations *= given.length * depth;
    }
    for (const part of parts) {
      const below = sizeOf(part, name === "$or" ? depth : depth + 1);
      keys += below.keys;
      combinations *= below.combinations;
    }
  }
  return { keys, combinations };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
