import { useEffect, useState } from "preact/hooks";
import { AnswerPanel } from "./answer-panel";
import { type Operation, operationsOf, type Task, tasksOf } from "./document";
import { OperationForm } from "./operation-form";
import { type Answer, type Sent, send } from "./request";
import type { Session } from "./session";
import type { KnownUsage } from "./usage";

/** Properties of `ServicePage`. */
interface ServicePageProps {
  readonly apiUrl: string;
  readonly service: { readonly name: string; readonly title: string };
  readonly session: Session;
  /** Of the tenant of who is signed in. */
  readonly usage: KnownUsage;
}

const titles: Readonly<Record<Task, string>> = { store: "Store", read: "Read", list: "List" };

/** A service to try: its operations, as its published document has them, and what the last one was answered. */
export function ServicePage({ apiUrl, service, session, usage }: ServicePageProps) {
  const [operations, setOperations] = useState<readonly Operation[]>();
  const [chosen, setChosen] = useState<Operation>();
  const [answer, setAnswer] = useState<{ readonly operation: Operation; readonly answer: Answer }>();
  const [waiting, setWaiting] = useState(false);
  const [failure, setFailure] = useState<string>();

  useEffect(() => {
    void send(apiUrl, { method: "GET", path: `/${service.name}/openapi.json` }).then(({ status, body }) => {
      if (status !== 200) return setFailure(`The document of this service was answered ${status || "not at all"}.`);
      const found = operationsOf(body as never);
      setOperations(found);
      setChosen(tasksOf(found).store ?? found[0]);
    });
  }, [apiUrl, service.name]);

  const submit = async (operation: Operation, request: Sent) => {
    setWaiting(true);
    const token = await session.accessToken();
    setAnswer({ operation, answer: await send(apiUrl, { ...request, token }) });
    setWaiting(false);
  };

  return (
    <>
      <h1>{service.title}</h1>
      {failure === undefined ? null : (
        <p class="notice" role="alert">
          {failure}
        </p>
      )}
      {operations === undefined || chosen === undefined ? null : (
        <div class="columns">
          <section class="card" aria-labelledby="request-title">
            <h2 id="request-title">Request</h2>
            <Chooser operations={operations} chosen={chosen} onChoose={setChosen} />
            <OperationForm
              key={chosen.id}
              operation={chosen}
              store={tasksOf(operations).store}
              waiting={waiting}
              onSubmit={(request) => void submit(chosen, request)}
            />
          </section>
          <AnswerPanel {...(answer ?? {})} waiting={waiting} session={session} usage={usage} />
        </div>
      )}
    </>
  );
}

interface ChooserProps {
  readonly operations: readonly Operation[];
  readonly chosen: Operation;
  readonly onChoose: (operation: Operation) => void;
}

/** The three tasks as buttons, and every further operation in a list. */
function Chooser({ operations, chosen, onChoose }: ChooserProps) {
  const tasks = Object.entries(tasksOf(operations)) as [Task, Operation][];
  const others = operations.filter((each) => !tasks.some(([, operation]) => operation === each));
  const other = others.includes(chosen);
  return (
    <div class="chooser">
      <fieldset class="tasks">
        <legend class="hidden">Task</legend>
        {tasks.map(([task, operation]) => (
          <button key={task} type="button" aria-pressed={operation === chosen} onClick={() => onChoose(operation)}>
            {titles[task]}
          </button>
        ))}
      </fieldset>
      {others.length === 0 ? null : (
        <label class="more">
          <span class="hidden">More operations</span>
          <select
            value={other ? chosen.id : ""}
            onChange={({ currentTarget: { value } }) => {
              const next = others.find(({ id }) => id === value);
              if (next !== undefined) onChoose(next);
            }}
          >
            <option value="">More</option>
            {others.map(({ id, method, path }) => (
              <option key={id} value={id}>
                {method} {path}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
