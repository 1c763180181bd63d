/** An error as AWS answers it: the SDK makes the exception of its class from the name. */
export class AwsError extends Error {
  /**
   * @param name  class of the exception; a service may put its namespace before it
   * @param status  HTTP status of the answer
   * @param queryCode  code of the error in the query protocol, of services that had this protocol first. @default the name
   */
  constructor(
    override readonly name: string,
    message: string,
    readonly status = 400,
    readonly queryCode?: string,
  ) {
    super(message);
  }
}

/** A call of a region that is not reached: its connection breaks. */
export class ConnectionLost extends Error {}
