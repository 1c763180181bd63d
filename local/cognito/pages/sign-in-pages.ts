import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authentication } from "../accounts/authentication";
import type { Step } from "../accounts/challenges";
import { confirmForgotPassword, forgotPassword } from "../accounts/recovery";
import { confirmSignUp, resendCode, signUp } from "../accounts/sign-up";
import { associateSoftwareToken, verifySoftwareToken } from "../accounts/software-token";
import type { Authorizations } from "../authorizations";
import type { AppClient } from "../clients";
import { CognitoError } from "../cognito-error";
import type { DirectoryUser } from "../directory/directory-user";
import { formParameters } from "../http";
import type { OAuthParameters } from "../oauth";
import type { UserPools } from "../user-pools";
import type { CrossSite } from "./cross-site";
import * as forms from "./forms";
import type { Html } from "./html";
import { formTargetOf, sendPage } from "./send-page";

/** What the pages need. */
export interface SignInPagesParts {
  readonly pools: UserPools;
  readonly authentication: Authentication;
  readonly authorizations: Authorizations;
  readonly crossSite: CrossSite;
  /** Origin of the issuer. */
  readonly origin: () => string;
}

/** A request to a page. */
interface Asked {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly client: AppClient;
  /** Of the authorization request, which every page carries on. */
  readonly parameters: OAuthParameters;
  readonly form: OAuthParameters;
}

type Show = (context: forms.FormContext) => Html;

/** The pages on which people sign up, sign in and recover their accounts, as managed login's. */
export class SignInPages {
  /** Path -> what sending its form does. */
  private readonly actions: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
    "/login": (asked) => this.signIn(asked),
    "/signup": (asked) => this.signUp(asked),
    "/confirmUser": (asked) => this.confirm(asked),
    "/resendcode": (asked) => this.resend(asked),
    "/forgotPassword": (asked) => this.forgot(asked),
    "/confirmForgotPassword": (asked) => this.reset(asked),
    "/changePassword": (asked) => this.changePassword(asked),
    "/mfa": (asked) => this.softwareToken(asked),
    "/mfaSetup": (asked) => this.setUp(asked),
  };
  /** Path -> the form that a link leads to. */
  private readonly entries: Readonly<Record<string, Show>> = {
    "/login": forms.signInForm,
    "/signup": forms.signUpForm,
    "/forgotPassword": forms.forgotForm,
  };

  constructor(private readonly parts: SignInPagesParts) {}

  /** Answers a request to a page. @returns false for another path @throws {SignInPageError} */
  async answer(req: IncomingMessage, res: ServerResponse, path: string, parameters: OAuthParameters): Promise<boolean> {
    const entry = req.method === "GET" ? this.entries[path] : undefined;
    const action = req.method === "POST" ? this.actions[path] : undefined;
    if (entry === undefined && action === undefined) return false;
    const form = action === undefined ? {} : await formParameters(req);
    if (action !== undefined) this.parts.crossSite.check(req, form, this.parts.origin());
    const client = this.parts.authorizations.checkedClient(res, parameters);
    if (client === undefined) return true;
    const asked = { req, res, client, parameters, form };
    if (entry !== undefined) this.show(asked, entry);
    else await this.act(asked, action!);
    return true;
  }

  private async act(asked: Asked, action: (asked: Asked) => Promise<void>): Promise<void> {
    try {
      await action(asked);
    } catch (error) {
      // The session of a challenge that is over, or a trigger that failed: the person begins again.
      if (!(error instanceof CognitoError)) throw error;
      this.show(asked, forms.signInForm, { problem: `${error.message} Sign in again.` });
    }
  }

  private async signIn(asked: Asked): Promise<void> {
    const { username = "", password = "" } = asked.form;
    const { client } = asked;
    await this.trying(
      asked,
      (context) => forms.signInForm(context, username),
      async () => {
        this.goOn(asked, await this.parts.authentication.byPassword({ client, username, password }));
      },
    );
  }

  private async signUp(asked: Asked): Promise<void> {
    const { client, form } = asked;
    const { username = "", password = "", email } = form;
    const attributes: Record<string, string> = email === undefined ? {} : { email };
    await this.trying(
      asked,
      (context) => forms.signUpForm(context, { username, email }),
      async () => {
        const { user } = await signUp(this.parts.pools, { client, username, password, attributes });
        if (user.status === "CONFIRMED") return this.toSignIn(asked, "The account is ready.", username);
        this.show(asked, (context) => forms.confirmForm(context, username));
      },
    );
  }

  private async confirm(asked: Asked): Promise<void> {
    const { username = "", code = "" } = asked.form;
    await this.trying(
      asked,
      (context) => forms.confirmForm(context, username),
      async () => {
        await confirmSignUp(this.parts.pools, { client: asked.client, username, code });
        this.toSignIn(asked, "The account is confirmed.", username);
      },
    );
  }

  private async resend(asked: Asked): Promise<void> {
    const { username = "" } = asked.form;
    const again: Show = (context) => forms.confirmForm(context, username);
    await this.trying(asked, again, async () => {
      await resendCode(this.parts.pools, { client: asked.client, username });
      this.show(asked, again, { notice: "Another code was sent." });
    });
  }

  private async forgot(asked: Asked): Promise<void> {
    const { username = "" } = asked.form;
    await this.trying(
      asked,
      (context) => forms.forgotForm(context, username),
      async () => {
        await forgotPassword(this.parts.pools, { client: asked.client, username });
        this.show(asked, (context) => forms.resetForm(context, username));
      },
    );
  }

  private async reset(asked: Asked): Promise<void> {
    const { username = "", code = "", password = "" } = asked.form;
    await this.trying(
      asked,
      (context) => forms.resetForm(context, username),
      async () => {
        await confirmForgotPassword(this.parts.pools, { client: asked.client, username, code, password });
        this.toSignIn(asked, "The password is saved.", username);
      },
    );
  }

  private async changePassword(asked: Asked): Promise<void> {
    const { session = "", password = "" } = asked.form;
    await this.trying(
      asked,
      (context) => forms.newPasswordForm(context, session),
      async () => {
        const answers = { NEW_PASSWORD: password };
        this.goOn(asked, await this.parts.authentication.withNewPassword(session, asked.client, answers));
      },
    );
  }

  private async softwareToken(asked: Asked): Promise<void> {
    const { session = "", code = "" } = asked.form;
    await this.trying(
      asked,
      (context) => forms.softwareTokenForm(context, session),
      async () => {
        this.goOn(asked, await this.parts.authentication.withSoftwareToken(session, asked.client, code));
      },
    );
  }

  private async setUp(asked: Asked): Promise<void> {
    const { session = "", code = "" } = asked.form;
    const { authentication, pools } = this.parts;
    const { user } = authentication.challenges.get(session, ["MFA_SETUP"], asked.client);
    const { secret = "" } = user!.newSoftwareToken ?? {};
    const again: Show = (context) => forms.setUpForm(context, { session, secret, uri: this.uriOf(asked, user!) });
    await this.trying(asked, again, async () => {
      verifySoftwareToken(user!, code, pools.now());
      this.goOn(asked, await authentication.withSetUp(session, asked.client));
    });
  }

  /** Sends the browser back with a code, or shows the next challenge. */
  private goOn(asked: Asked, step: Step): void {
    const { res, client, parameters } = asked;
    if (step.kind === "signed in") this.parts.authorizations.signIn(res, client, parameters, step.user);
    else this.show(asked, this.challengeForm(asked, step));
  }

  private challengeForm(asked: Asked, { name, session }: Extract<Step, { kind: "challenge" }>): Show {
    if (name === "NEW_PASSWORD_REQUIRED") return (context) => forms.newPasswordForm(context, session);
    if (name === "SOFTWARE_TOKEN_MFA") return (context) => forms.softwareTokenForm(context, session);
    const { user } = this.parts.authentication.challenges.get(session, ["MFA_SETUP"], asked.client);
    const { secret } = associateSoftwareToken(user!, asked.client.pool);
    return (context) => forms.setUpForm(context, { session, secret, uri: this.uriOf(asked, user!) });
  }

  private uriOf({ client: { pool } }: Asked, { newSoftwareToken, attributes, username }: DirectoryUser): string {
    return newSoftwareToken?.uri(attributes["email"] ?? username, pool.name) ?? "";
  }

  /** Does what a form asks for; what is refused is shown on the form again. */
  private async trying(asked: Asked, again: Show, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof CognitoError) || /^Invalid session/.test(error.message)) throw error;
      const { username = "" } = asked.form;
      if (error.name === "UserNotConfirmedException") {
        return this.show(asked, (context) => forms.confirmForm(context, username), { problem: error.message });
      }
      if (error.name === "PasswordResetRequiredException") {
        return this.show(asked, (context) => forms.forgotForm(context, username), { problem: error.message });
      }
      this.show(asked, again, { problem: error.message });
    }
  }

  private toSignIn(asked: Asked, notice: string, username: string): void {
    this.show(asked, (context) => forms.signInForm(context, username), { notice: `${notice} Sign in.` });
  }

  private show(
    { req, res, client, parameters }: Asked,
    form: Show,
    said: { problem?: string; notice?: string } = {},
  ): void {
    const csrf = this.parts.crossSite.field(req, res);
    const body = form({ client, parameters, csrf, ...said });
    const title = /<h1>(.*?)<\/h1>/.exec(body.markup)?.[1] ?? "Sign in";
    const status = said.problem === undefined ? 200 : 400;
    sendPage(res, { title, body, status, formTarget: formTargetOf(parameters["redirect_uri"]!) });
  }
}
