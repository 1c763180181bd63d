import { internalError } from "../gateway-responses";

/**
 * Reads the status of a mock integration from its rendered request template: an integer. API Gateway's parser is lenient:
 * it takes keys and texts without quotes, and commas without a field.
 * @throws {GatewayError} when there is no status
 */
export function mockStatus(body: string): number {
  const status = strictStatus(body) ?? lenientStatus(body);
  if (status === undefined) throw internalError();
  return status;
}

function strictStatus(body: string): number | undefined {
  try {
    const { statusCode } = JSON.parse(body);
    return Number.isInteger(statusCode) ? statusCode : undefined;
  } catch {
    return undefined;
  }
}

/*
 * What API Gateway takes beside JSON is known from examples only:
 * github.com/localstack/localstack, tests/unit/services/apigateway/test_mock_integration.py
 */
function lenientStatus(body: string): number | undefined {
  const [, content = ""] = /^\s*\{(.+)\}\s*$/s.exec(body) ?? [];
  const fields = content.split(",").map((field) => field.trim());
  let status: number | undefined;
  for (const field of fields.filter((each) => each !== "")) {
    const colon = field.indexOf(":");
    const [key, value] = [field.slice(0, colon).trim(), field.slice(colon + 1).trim()];
    if (colon <= 0 || !isKey(key) || !isValue(value)) return undefined;
    if (/^(["']?)statusCode\1$/.test(key)) {
      if (!/^-?\d+$/.test(value)) return undefined;
      status = Number(value);
    }
  }
  return status;
}

const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", "{": "}", "[": "]" };

function isKey(key: string): boolean {
  return key[0] !== "{" && key[0] !== "[" && isValue(key);
}

/** What begins with a quote or a bracket must end with its counterpart. */
function isValue(value: string): boolean {
  const end = closing[value[0] ?? ""];
  return end === undefined || (value.length >= 2 && value.endsWith(end));
}
