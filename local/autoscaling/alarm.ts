/** Where a CloudWatch alarm stands. */
export type AlarmState = "ok" | "alarm" | "no data";

/** A CloudWatch alarm: goes off when as many datapoints in a row as given are beyond its threshold. */
export class Alarm {
  private beyond = 0;
  private missing = 0;
  state: AlarmState = "no data";

  /** @param datapoints  how many in a row */
  constructor(
    private readonly isBeyond: (value: number) => boolean,
    private readonly datapoints: number,
  ) {}

  /**
   * Takes the datapoint of a period. Without one an alarm decides by older ones, until as many as it asks for are missing.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   */
  record(value: number | undefined): AlarmState {
    if (value === undefined) {
      this.missing++;
      if (this.missing < this.datapoints) return this.state;
      this.beyond = 0;
      this.state = "no data";
      return this.state;
    }
    this.missing = 0;
    this.beyond = this.isBeyond(value) ? this.beyond + 1 : 0;
    this.state = this.beyond >= this.datapoints ? "alarm" : "ok";
    return this.state;
  }
}
