import { request } from "undici";

/** A form of a page: where it leads, and its fields with their values. */
interface Form {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A page that was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly forms: readonly Form[];
  readonly heading: string | undefined;
  readonly problem: string | undefined;
  /** Where it redirects to; empty for a page. */
  readonly location: string;
}

/** What a browser does on the sign-in pages: it keeps cookies, and sends the forms that it was shown. */
export class Browser {
  readonly cookies = new Map<string, string>();
  last: Answer | undefined;
  /** Of the last request. */
  lastUrl = "";

  constructor(readonly origin: string) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("GET", path, { headers });
  }

  /** Sends the n-th form of the last page with these fields in addition to its own. */
  submit(
    fields: Record<string, string>,
    { form = 0, headers = {} }: { form?: number; headers?: Record<string, string> } = {},
  ) {
    const { action, fields: own } = this.last!.forms[form]!;
    const body = String(new URLSearchParams({ ...own, ...fields }));
    return this.send("POST", action, { body, headers: { origin: this.origin, ...headers } });
  }

  async send(
    method: "GET" | "POST",
    path: string,
    more: { body?: string; headers?: Record<string, string> },
  ): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const type = more.body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    this.lastUrl = new URL(path, this.origin).href;
    const answer = await request(this.lastUrl, {
      method,
      headers: { ...type, ...(cookie && { cookie }), ...more.headers },
      ...(more.body !== undefined && { body: more.body }),
    });
    for (const set of [answer.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    const text = await answer.body.text();
    this.last = {
      ...{ status: answer.statusCode, headers: answer.headers, text, forms: formsOf(text) },
      heading: unescaped(/<h1>(.*?)<\/h1>/.exec(text)?.[1]),
      problem: unescaped(/role="alert">(.*?)<\/p>/.exec(text)?.[1]),
      location: String(answer.headers["location"] ?? ""),
    };
    return this.last;
  }
}

function formsOf(text: string): Form[] {
  return [...text.matchAll(/<form method="post" action="([^"]*)">([\s\S]*?)<\/form>/g)].map(
    ([, action, inner = ""]) => ({
      action: unescaped(action)!,
      fields: Object.fromEntries(
        [...inner.matchAll(/<input[^>]*?name="([^"]*)"[^>]*?value="([^"]*)"/g)].map(([, name, value]) => [
          name!,
          unescaped(value)!,
        ]),
      ),
    }),
  );
}

function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
