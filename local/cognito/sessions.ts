import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { UserPool } from "./clients";
import { cookieOf } from "./http";
import type { User } from "./users";

/** A person who signed in, and when. */
export interface SignedIn {
  readonly user: User;
  /** Seconds since the epoch. */
  readonly authTime: number;
}

/** Lifetime of the cookie of managed login, which cannot be changed. */
const sessionSeconds = 60 * 60;
/** Managed login's name for it. */
const cookie = "cognito";

/**
 * The browsers that are signed in at the sign-in page, by a cookie, so that another authorization request needs no form.
 * Signing out here leaves tokens valid, as it does on AWS.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
 */
export class Sessions {
  private readonly sessions = new Map<string, SignedIn & { readonly poolId: string }>();

  /** @param nowSeconds  seconds since the epoch */
  constructor(private readonly nowSeconds: () => number) {}

  /** Returns who is signed in to a user pool in the browser that sent a request. */
  find(req: IncomingMessage, pool: UserPool): SignedIn | undefined {
    const session = this.sessions.get(cookieOf(req, cookie) ?? "");
    return session?.poolId === pool.id && this.isLive(session) ? session : undefined;
  }

  /** Remembers a browser by a cookie. */
  start(res: ServerResponse, pool: UserPool, signedIn: SignedIn): void {
    for (const [id, each] of this.sessions) {
      if (!this.isLive(each)) this.sessions.delete(id);
    }
    const id = randomBytes(32).toString("base64url");
    this.sessions.set(id, { ...signedIn, poolId: pool.id });
    setCookie(res, id, sessionSeconds);
  }

  /** Signs a browser out. */
  end(req: IncomingMessage, res: ServerResponse): void {
    this.sessions.delete(cookieOf(req, cookie) ?? "");
    setCookie(res, "", 0);
  }

  private isLive({ authTime }: SignedIn): boolean {
    return authTime + sessionSeconds > this.nowSeconds();
  }
}

/** Sets the cookie without `Secure`, as the platform is plain HTTP on loopback. */
function setCookie(res: ServerResponse, value: string, maxAge: number): void {
  res.appendHeader("set-cookie", `${cookie}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`);
}
