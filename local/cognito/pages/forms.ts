import type { AppClient } from "../clients";
import type { OAuthParameters } from "../oauth";
import { Html, html } from "./html";

/** What every form of an authorization request has. */
export interface FormContext {
  readonly client: AppClient;
  /** Parameters of the authorization request. */
  readonly parameters: OAuthParameters;
  /** The field that keeps other sites out. */
  readonly csrf: Html;
  /** What was wrong with what was sent before. */
  readonly problem?: string | undefined;
  /** What has just been done. */
  readonly notice?: string | undefined;
}

/** Fields of a form, by name. */
interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password";
  readonly value?: string | undefined;
  readonly autocomplete: string;
  readonly numeric?: boolean;
}

/** Returns a path of the pages with the parameters of the authorization request. */
export function linkOf(path: string, parameters: OAuthParameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  return `${path}?${query}`;
}

const userField = (client: AppClient, value?: string): Field => ({
  name: "username",
  label: client.pool.signInByEmail ? "E-mail address" : "User name",
  type: client.pool.signInByEmail ? "email" : "text",
  autocomplete: "username",
  value,
});
const codeField = (label: string): Field => ({ name: "code", label, autocomplete: "one-time-code", numeric: true });

/** The page that asks for name and password, and offers the other ways in. */
export function signInForm(context: FormContext, username?: string): Html {
  const { client, parameters } = context;
  const others = client.providers.filter((name) => name !== "COGNITO");
  const own = client.providers.includes("COGNITO");
  const password: Field = { name: "password", label: "Password", type: "password", autocomplete: "current-password" };
  return html`<h1>Sign in</h1>${messages(context)}<div class="card">
${own && form(context, { action: "/login", button: "Sign in", fields: [userField(client, username), password] })}
${others.length > 0 && html`<div${own && new Html(' class="or"')}>${others.map((name) => html`<a class="button" href="${linkOf("/oauth2/authorize", { ...parameters, identity_provider: name })}">Continue with ${name}</a>`)}</div>`}
</div>${
    own &&
    html`<nav><a href="${linkOf("/forgotPassword", parameters)}">Forgot your password?</a>
${!client.pool.settings.administratorsOnly && html`<a href="${linkOf("/signup", parameters)}">Create an account</a>`}</nav>`
  }`;
}

/** The page on which a person signs up. */
export function signUpForm(context: FormContext, values: OAuthParameters = {}): Html {
  const { client, parameters } = context;
  const email: Field = {
    name: "email",
    label: "E-mail address",
    type: "email",
    autocomplete: "email",
    value: values["email"],
  };
  const fields = [
    userField(client, values["username"]),
    ...(client.pool.signInByEmail ? [] : [email]),
    { name: "password", label: "Password", type: "password", autocomplete: "new-password" } as const,
  ];
  return html`<h1>Create an account</h1><p class="soft">${rulesOf(client)}</p>${messages(context)}
<div class="card">${form(context, { action: "/signup", button: "Create the account", fields })}</div>
<nav><a href="${linkOf("/login", parameters)}">Sign in instead</a></nav>`;
}

/** The page that asks for the code of a sign-up. */
export function confirmForm(context: FormContext, username: string): Html {
  const hidden = { username };
  return html`<h1>Confirm your account</h1><p class="soft">A code was sent. On this machine it is in <a href="/mailbox" target="_blank">the mailbox</a>.</p>
${messages(context)}<div class="card">
${form(context, { action: "/confirmUser", button: "Confirm", fields: [codeField("Code")], hidden })}
${form(context, { action: "/resendcode", button: "Send another code", quiet: true, fields: [], hidden })}</div>`;
}

/** The page that asks whose password is forgotten. */
export function forgotForm(context: FormContext, username?: string): Html {
  const fields = [userField(context.client, username)];
  return html`<h1>Forgot your password?</h1><p class="soft">A code will be sent to the verified address.</p>
${messages(context)}<div class="card">${form(context, { action: "/forgotPassword", button: "Send the code", fields })}</div>
<nav><a href="${linkOf("/login", context.parameters)}">Sign in instead</a></nav>`;
}

/** The page that asks for the code of a recovery, and the new password. */
export function resetForm(context: FormContext, username: string): Html {
  const fields = [codeField("Code"), newPassword];
  return html`<h1>Choose a new password</h1><p class="soft">${rulesOf(context.client)}</p>${messages(context)}
<div class="card">${form(context, { action: "/confirmForgotPassword", button: "Save the password", fields, hidden: { username } })}</div>`;
}

const newPassword: Field = { name: "password", label: "New password", type: "password", autocomplete: "new-password" };

/** The page that asks for another password in place of a temporary one. */
export function newPasswordForm(context: FormContext, session: string): Html {
  return html`<h1>Choose a password of your own</h1><p class="soft">${rulesOf(context.client)}</p>${messages(context)}
<div class="card">${form(context, { action: "/changePassword", button: "Save the password", fields: [newPassword], hidden: { session } })}</div>`;
}

/** The page that asks for a code of the authenticator app. */
export function softwareTokenForm(context: FormContext, session: string): Html {
  return html`<h1>Two-step verification</h1><p class="soft">Enter the code that your authenticator app shows.</p>
${messages(context)}<div class="card">${form(context, { action: "/mfa", button: "Sign in", fields: [codeField("Code")], hidden: { session } })}</div>`;
}

/** The page on which a person sets an authenticator app up. */
export function setUpForm(
  context: FormContext,
  { session, secret, uri }: { session: string; secret: string; uri: string },
): Html {
  const groups = secret.match(/.{1,4}/g)!.join(" ");
  return html`<h1>Set up an authenticator app</h1>
<p class="soft">Add this key to the app, or <a href="${uri}">open it there</a>. Then enter the code that it shows.</p>
<p><code data-secret="${secret}">${groups}</code></p>${messages(context)}<div class="card">
${form(context, { action: "/mfaSetup", button: "Continue", fields: [codeField("Code")], hidden: { session } })}</div>`;
}

function form(
  { parameters, csrf }: FormContext,
  {
    action,
    button,
    fields,
    hidden = {},
    quiet,
  }: { action: string; button: string; fields: readonly Field[]; hidden?: Record<string, string>; quiet?: true },
): Html {
  const kept = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${linkOf(action, parameters)}">${csrf}${kept}${fields.map(fieldOf)}
<button${quiet && new Html(' class="quiet"')}>${button}</button></form>`;
}

function fieldOf({ name, label, type = "text", value = "", autocomplete, numeric }: Field, position: number): Html {
  const digits = numeric && new Html(' inputmode="numeric" pattern="[0-9]*" maxlength="6"');
  const focus = position === 0 && new Html(" autofocus");
  return html`<label>${label}<input name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" required${digits}${focus}></label>`;
}

function messages({ problem, notice }: FormContext): Html {
  return html`${problem && html`<p class="problem" role="alert">${problem}</p>`}${notice && html`<p role="status">${notice}</p>`}`;
}

function rulesOf({
  pool: {
    settings: { passwords },
  },
}: AppClient): string {
  const kinds = [
    passwords.lowercase && "a small letter",
    passwords.uppercase && "a capital letter",
    passwords.numbers && "a digit",
    passwords.symbols && "a symbol",
  ].filter((each) => each !== false);
  return `A password has at least ${passwords.minimumLength} characters${kinds.length > 0 ? `, with ${kinds.join(", ")}` : ""}.`;
}
