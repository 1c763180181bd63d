/** One more DynamoDB table of a service. Its key is a string; it has no indexes. */
export interface MoreTableSpec {
  readonly hashKey: string;
  /** Whether DynamoDB deletes items some time after `expiresAt`, seconds since the epoch. @default false */
  readonly expires?: true;
  /** Whether the service also reads and writes the table of its home region, from every region. @default false */
  readonly home?: true;
}

/** A route of the service that AWS calls by the clock, in each region; see docs/needs.md. */
export interface ScheduleDefinition<RouteId extends string = string> {
  /**
   * `rate(1 hour)`, or `cron(<minutes> <hours> <day of month> <month> <day of week> <year>)` in UTC.
   * @example "cron(30 4 * * ? *)"
   */
  readonly every: string;
  /** Id of a route without path parameters and body. Some calls come twice, so calling it again must do no harm. */
  readonly route: RouteId;
}

/** The route that is told of each object that is stored in the service's bucket; see docs/events.md. */
export interface UploadDefinition<RouteId extends string = string> {
  /**
   * Beginning of the keys that count. The route must store no object whose key begins so, or it would be called for ever.
   * @example "records/"
   */
  readonly prefix: string;
  /** Id of a route with `access: "platform"`, whose body is `uploadedObject`. It may be called twice for one object. */
  readonly route: RouteId;
}

/** What a service needs in addition to its table and its servers; see docs/needs.md. */
export interface ServiceNeeds<RouteId extends string = string> {
  /**
   * Environment variables by name; the configuration of an environment may change their values.
   * @default none
   */
  readonly variables?: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  /**
   * Secrets by name: an environment variable of that name has the value, which no plan, state or log has.
   * @default none
   */
  readonly secrets?: Readonly<Record<string, { readonly description: string }>>;
  /**
   * Names of hosts outside AWS that the service calls by HTTPS.
   * @default none
   */
  readonly egress?: readonly string[];
  /**
   * A private bucket in each region, whose objects are deleted after some days.
   * @default none
   */
  readonly bucket?: {
    readonly expireAfterDays: number;
    /** What is told of each object that is stored. @default nothing */
    readonly onUpload?: UploadDefinition<RouteId>;
  };
  /**
   * More tables by name, replicated as the service's own; the environment variable `TABLE_<NAME>` names each.
   * @default none
   * @example { baskets: { hashKey: "id", expires: true } }
   */
  readonly tables?: Readonly<Record<string, MoreTableSpec>>;
  /**
   * Routes that are called by the clock, by the id of the schedule.
   * @default none
   */
  readonly schedules?: Readonly<Record<string, ScheduleDefinition<RouteId>>>;
}
