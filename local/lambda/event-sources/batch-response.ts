/**
 * Returns the records that a function says it has not handled, of its answer with `ReportBatchItemFailures`.
 * @returns identifiers; none for full success; undefined for an answer that counts as the failure of all
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedItems(answer: unknown): readonly string[] | undefined {
  if (answer === null || answer === undefined || answer === "") return [];
  if (typeof answer !== "object") return undefined;
  if (Array.isArray(answer)) return [];
  const { batchItemFailures: failures } = answer as { readonly batchItemFailures?: unknown };
  if (failures === null || failures === undefined) return [];
  if (!Array.isArray(failures)) return undefined;
  const identifiers = failures.map((each) => (each as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  const named = identifiers.filter((each): each is string => typeof each === "string" && each !== "");
  return named.length === identifiers.length ? named : undefined;
}
