/** A message that a user pool sent. */
export interface Message {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly medium: "EMAIL" | "SMS";
  /** E-mail address or phone number. */
  readonly to: string;
  /** Empty for a text message. */
  readonly subject: string;
  readonly text: string;
  /** The code or temporary password in the text. */
  readonly code: string;
}

const maxMessages = 1_000;

/** The messages that the user pools of this machine sent, newest first. They are in memory, and never leave the machine. */
export class Mailbox {
  private readonly kept: Message[] = [];
  private count = 0;

  /** @param now  milliseconds since the epoch */
  constructor(private readonly now: () => number) {}

  deliver(message: Omit<Message, "id" | "at">): void {
    this.kept.unshift({ ...message, id: ++this.count, at: this.now() });
    this.kept.length = Math.min(this.kept.length, maxMessages);
  }

  /** @param to  address or number, in any case. @default every message */
  messages(to?: string): readonly Message[] {
    return this.kept.filter((each) => to === undefined || each.to.toLowerCase() === to.toLowerCase());
  }
}
