import { useEffect, useState } from "preact/hooks";
import type { QueryAnswers } from "../queries";

/** Parameters of what is read. */
type Parameters = Readonly<Record<string, string>>;

/** Reads what the console answers. @throws {Error} when it does not */
export async function read<Name extends keyof QueryAnswers>(
  name: Name,
  parameters: Parameters = {},
): Promise<QueryAnswers[Name]> {
  const answer = await fetch(`/_platform/${name}?${new URLSearchParams(parameters)}`);
  if (!answer.ok) throw new Error(`the platform answered ${answer.status}`);
  return answer.json();
}

/** Has the platform do something, by the token that only this page has. @throws {Error} its sentence when it refuses */
export async function act<Answer>(method: "POST" | "DELETE", path: string, body?: object): Promise<Answer> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="console-token"]')?.content ?? "";
  const answer = await fetch(`/_platform/${path}`, {
    method,
    headers: { "x-platform-token": token, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.message);
  return result;
}

/**
 * Reads what the console answers, and again after a time while the page is seen.
 * @param everyMs  0 reads once
 * @returns undefined until the first answer
 */
export function useRead<Name extends keyof QueryAnswers>(name: Name, parameters: Parameters, everyMs: number) {
  const [answer, setAnswer] = useState<QueryAnswers[Name]>();
  const key = JSON.stringify(parameters);
  useEffect(() => {
    let current = true;
    const load = () =>
      read(name, JSON.parse(key)).then(
        (each) => current && setAnswer(() => each),
        () => {},
      );
    void load();
    const timer = everyMs > 0 ? setInterval(() => document.hidden || void load(), everyMs) : undefined;
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [name, key, everyMs]);
  return answer;
}
