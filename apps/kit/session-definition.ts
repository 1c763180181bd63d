import type * as z from "zod";

/** What a session keeps, and for how long. A service has one kind of session. */
export interface SessionDefinition<Data extends z.ZodObject = z.ZodObject> {
  /** Schema of the data. A session whose data no longer match it is over. */
  readonly data: Data;
  /** Data of a session that has just been started. */
  readonly first: z.output<Data>;
  /** Seconds without a request after which a session is over; it may last a minute longer. */
  readonly idleSeconds: number;
  /** Seconds after its start at which a session is over, however much it is used. */
  readonly maxSeconds: number;
}

/** That a route is one of a session. */
export interface SessionUse<Data extends z.ZodObject = z.ZodObject> {
  readonly of: SessionDefinition<Data>;
  /** Whether a request starts a session, instead of going on with the one that its header `Session-Id` names. */
  readonly starts?: true;
}
