import { useState } from "preact/hooks";
import type { Operation } from "./document";
import { explain } from "./explain";
import type { Answer, Origin } from "./request";
import type { Session } from "./session";
import type { KnownUsage } from "./usage";

/** Properties of `AnswerPanel`. */
interface AnswerPanelProps {
  readonly operation?: Operation;
  readonly answer?: Answer;
  readonly waiting: boolean;
  readonly session: Session;
  readonly usage: KnownUsage;
}

/** What a request was answered: plainly, then who answered, then the body. */
export function AnswerPanel({ operation, answer, waiting, session, usage }: AnswerPanelProps) {
  return (
    <section class="card answer" aria-labelledby="answer-title" aria-busy={waiting}>
      <h2 id="answer-title">Answer</h2>
      <div aria-live="polite">
        {answer === undefined || operation === undefined ? (
          <p class="soft">Send a request: what the API answers is shown here.</p>
        ) : (
          <Verdict operation={operation} answer={answer} session={session} usage={usage} />
        )}
      </div>
      {answer === undefined ? null : (
        <>
          <Facts answer={answer} />
          {answer.body === undefined ? null : (
            // It scrolls, so that the keyboard must reach it.
            // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
            <pre tabIndex={0}>
              {typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body, null, 2)}
            </pre>
          )}
        </>
      )}
    </section>
  );
}

type VerdictProps = Required<Pick<AnswerPanelProps, "operation" | "answer" | "session" | "usage">>;

function Verdict({ operation, answer, session, usage }: VerdictProps) {
  const { person, away } = session;
  const { title, text, kind, help } = explain(answer, { ...operation, person, away, usage });
  return (
    <div class={`verdict ${kind}`} data-status={answer.status}>
      <p class="status">{title}</p>
      {text === "" ? null : <p>{text}</p>}
      {help === "sign in" ? (
        <p>
          <button type="button" onClick={() => void session.begin()}>
            Sign in
          </button>
        </p>
      ) : null}
      {help === "new token" ? <NewToken key={answer.requestId} session={session} /> : null}
    </div>
  );
}

/** Replaces the token, as groups take effect with the next one, and says what the new one may do. */
function NewToken({ session }: { readonly session: Session }) {
  const [told, setTold] = useState<string>();
  const replace = async () => {
    const person = await session.renewNow();
    if (session.away) return setTold("The sign-in cannot be reached: the token is the one of before.");
    const scopes = person?.scopes.filter((scope) => scope.includes("/")) ?? [];
    setTold(`The new token has ${scopes.join(", ") || "no scope of a service"}.`);
  };
  return (
    <p>
      <button type="button" onClick={() => void replace()}>
        Ask for a new token
      </button>{" "}
      <span role="status">{told}</span>
    </p>
  );
}

const originNames: readonly (readonly [keyof Origin, string])[] = [
  ["region", "Region"],
  ["zone", "Zone"],
  ["server", "Server"],
];

/** What the gateway answers itself, before any server. */
const gatewayStatuses: readonly number[] = [401, 403, 429];

function Facts({ answer }: { readonly answer: Answer }) {
  const { origin, milliseconds, requestId } = answer;
  const served = originNames.filter(([key]) => origin[key] !== undefined);
  return (
    <dl class="facts">
      <Fact name="Time" value={`${Math.round(milliseconds)} ms`} />
      {served.map(([key, name]) => (
        <Fact key={key} name={name} value={origin[key]!} />
      ))}
      {served.length === 0 && gatewayStatuses.includes(answer.status) ? (
        <Fact name="Answered by" value="the gateway" />
      ) : null}
      {requestId === undefined ? null : <Fact name="Request id" value={requestId} />}
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
