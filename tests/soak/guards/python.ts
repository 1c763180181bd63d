import { editsOf, type Threat, testsOf } from "./threat";

const answers = testsOf("tests/apps/python-answers.spec.ts");
const messages = testsOf("tests/apps/python-messages.spec.ts");
const keys = testsOf("tests/apps/python-keys.spec.ts");
const functions = testsOf("tests/apps/python-function.spec.ts");
const kit = (file: string) => editsOf(`apps/kit-python/platform_kit/${file}.py`);

/** What comes to a service in Python, whose kit keeps the promises of the one in TypeScript. */
export const pythonThreats: readonly Threat[] = [
  {
    input: "A body with a field that would be a prototype, deep, inexact, or in another character set",
    result: "refused with the words of a service in TypeScript",
    test: answers("a prototype"),
    removals: [[kit("body")("if not _FORBIDDEN_KEYS.isdisjoint(value):", "if False:")]],
  },
  {
    input: "A field that the contract does not have",
    result: "refused; only in messages of the platform it is left out",
    test: answers("an unknown field"),
    removals: [[kit("schema")('schema.get("additionalProperties") is False and', "False and")]],
  },
  {
    input: "A text that is longer for one language than for another",
    result: "measured in code points by both",
    test: answers("a longer one"),
    removals: [[kit("schema")('and len(value) > schema["maxLength"]:', 'and 2 * len(value) > schema["maxLength"]:')]],
  },
  {
    input: "A client's request that has the form of a queue's event",
    result: "a request like any other",
    test: messages("do not come from a client, no matter what it writes in a request"),
    removals: [[kit("queues")('"Records" in event and "requestContext" not in event', '"Records" in event')]],
  },
  {
    input: "A message that fails, in a batch with others",
    result: "it stays, and the others are taken",
    test: messages("are handed to the route of their queue, and only those that fail stay"),
    removals: [[kit("queues")("if not 200 <= status < 300:", "if False:")]],
  },
  {
    input: "A client's `x-subject` to a function",
    result: "ignored: the subject is in the event",
    test: functions("logs whose token the gateway has verified, from the event and from no header"),
    removals: [
      [
        kit("function")(
          '"subject": _subject_of(context)}',
          '"subject": _subject_of(context) or (event.get("headers") or {}).get("x-subject")}',
        ),
      ],
    ],
  },
  {
    input: "Another caller's idempotency key",
    result: "another key: each caller has its own answers",
    test: keys("are of their caller, and of one body"),
    removals: [[kit("dynamo_keys")('event_key_jmespath="[caller, key]"', 'event_key_jmespath="key"')]],
  },
  {
    input: "A key of another form, or without a verified caller",
    result: "400",
    test: answers("a key without a caller"),
    removals: [[kit("idempotency")("if given.subject is None:", "if False:")]],
  },
];
