/** What EventBridge Scheduler sends: the request that a schedule stands for. */
export interface ScheduleEvent {
  readonly schedule: {
    /** Id of the schedule. */
    readonly id: string;
    readonly method: string;
    /** Path without parameters. */
    readonly path: string;
    /** Id of this run, the request's id in the log. */
    readonly run: string;
  };
}

/**
 * Tells whether an event comes from a schedule. A gateway composes its events itself and puts what a client sends into
 * their fields, always with a `requestContext`, so that no client can send such an event. It would give no rights either:
 * its request is one like any other.
 */
export function isScheduleEvent(event: object): event is ScheduleEvent {
  return "schedule" in event && !("requestContext" in event);
}

/**
 * Returns the failure of a run that was not answered with 2xx. Thrown from the function, it makes Lambda run it again, and
 * in the end keep the event in the queue of failed runs.
 */
export function failedRun({ schedule: { id, method, path } }: ScheduleEvent, status: number): Error {
  return new Error(`schedule ${id}: ${method} ${path} must answer 2xx, got ${status}`);
}
