import { type FormValue, fieldsOf, listOf, textsOf, type XmlValue } from "../aws/query-protocol";

/** Lists of structures in a form, by the name that each of their members has there. */
const entries = [
  "SendMessageBatchRequestEntry",
  "DeleteMessageBatchRequestEntry",
  "ChangeMessageVisibilityBatchRequestEntry",
];
/** Lists of names: as the form has them, and as the JSON protocol has them. */
const nameLists: Readonly<Record<string, string>> = {
  AttributeName: "AttributeNames",
  MessageAttributeName: "MessageAttributeNames",
  MessageSystemAttributeName: "MessageSystemAttributeNames",
};
const numbers = [
  "DelaySeconds",
  "MaxNumberOfMessages",
  "VisibilityTimeout",
  "WaitTimeSeconds",
  "MaxResults",
  "MaxNumberOfMessagesPerSecond",
];

/** Returns the input of a call in the query protocol as the JSON protocol has it. */
export function inputOfForm(tree: { readonly [name: string]: FormValue }): Record<string, any> {
  const input: Record<string, any> = {};
  for (const [name, value] of Object.entries(tree)) {
    if (name === "Action" || name === "Version") continue;
    if (name === "Attribute") input["Attributes"] = pairs(value, (each) => each);
    else if (name === "MessageAttribute") input["MessageAttributes"] = pairs(value, typed);
    else if (name === "MessageSystemAttribute") input["MessageSystemAttributes"] = pairs(value, typed);
    else if (entries.includes(name)) input["Entries"] = listOf(value).map((each) => inputOfForm(fields(each)));
    else if (nameLists[name] !== undefined) input[nameLists[name]] = textsOf(value);
    else input[name] = numbers.includes(name) ? Number(value) : value;
  }
  return input;
}

/** A map is a list of names and values, also where the form names only one of them without a number. */
function pairs(value: FormValue, read: (value: FormValue | undefined) => unknown): object {
  const list = listOf(value).map(fieldsOf);
  const all = list.length > 0 ? list : [fieldsOf(value)];
  return Object.fromEntries(all.map(({ Name, Value }) => [String(Name), read(Value)]));
}

function typed(value: FormValue | undefined): object {
  const { DataType, StringValue, BinaryValue } = fieldsOf(value);
  return { DataType, StringValue, BinaryValue };
}

function fields(value: FormValue): { readonly [name: string]: FormValue } {
  return fieldsOf(value) as { readonly [name: string]: FormValue };
}

/** Names of elements in XML, by operation or in all, for what the JSON protocol has as a list or map. */
const singular: Readonly<Record<string, string>> = {
  Messages: "Message",
  QueueUrls: "QueueUrl",
  queueUrls: "QueueUrl",
  Failed: "BatchResultErrorEntry",
};

/** Returns a result as the query protocol has it. */
export function resultForQuery(operation: string, result: Readonly<Record<string, any>>): XmlValue {
  const written = Object.entries(result).map(([name, value]): [string, XmlValue] => {
    if (name === "Attributes") return ["Attribute", named(value)];
    if (name === "MessageAttributes") return ["MessageAttribute", named(value)];
    if (name === "Successful") return [`${operation}ResultEntry`, value];
    if (name === "Messages") return ["Message", value.map((each: object) => resultForQuery(operation, each as any))];
    return [singular[name] ?? name, value];
  });
  return Object.fromEntries(written);
}

function named(map: Readonly<Record<string, XmlValue>>): XmlValue {
  return Object.entries(map).map(([Name, Value]) => ({ Name, Value }));
}
