import { type FormValue, fieldsOf, listOf } from "../aws/query-protocol";

/** Input of an operation, with maps and lists as JSON has them. */
export type SnsInput = Readonly<Record<string, any>>;

/** Returns the input of a call in the query protocol. */
export function inputOfForm(tree: { readonly [name: string]: FormValue }): SnsInput {
  const fields = Object.entries(tree).filter(([name]) => name !== "Action" && name !== "Version");
  return Object.fromEntries(fields.map(([name, value]) => [name, valueOfField(name, value)]));
}

function valueOfField(name: string, value: FormValue): unknown {
  if (name === "Attributes") return pairs(value, "key", "value", (each) => each);
  if (name === "MessageAttributes") return pairs(value, "Name", "Value", fieldsOf);
  if (name === "PublishBatchRequestEntries") {
    return listOf(fieldsOf(value)["member"]).map((each) =>
      inputOfForm(fieldsOf(each) as { [name: string]: FormValue }),
    );
  }
  return value;
}

function pairs(
  value: FormValue,
  key: string,
  content: string,
  read: (value: FormValue | undefined) => unknown,
): object {
  const entries = listOf(fieldsOf(value)["entry"]).map(fieldsOf);
  return Object.fromEntries(entries.map((each) => [String(each[key]), read(each[content])]));
}
