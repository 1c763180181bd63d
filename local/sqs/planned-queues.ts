import type { GraphIndex, PlannedResource } from "../../graph/model";
import { attributeText, madeAsPlanned, plannedAttributes } from "../aws/planned-attributes";
import type { QueueAttributes } from "./queue-settings";
import type { Queues } from "./queues";

/** Attributes of SQS by the property of a planned queue. */
const properties: Readonly<Record<string, string>> = {
  delaySeconds: "DelaySeconds",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  visibilityTimeoutSeconds: "VisibilityTimeout",
  kmsMasterKeyId: "KmsMasterKeyId",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
  policy: "Policy",
  redrivePolicy: "RedrivePolicy",
  redriveAllowPolicy: "RedriveAllowPolicy",
};
const ofFifo: Readonly<Record<string, string>> = {
  fifoQueue: "FifoQueue",
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  fifoThroughputLimit: "FifoThroughputLimit",
};
/** Resources that set one attribute of a queue. */
const separate: Readonly<Record<string, string>> = {
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:sqs/redrivePolicy:RedrivePolicy": "redrivePolicy",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "redriveAllowPolicy",
};

/** Makes the planned queues, empty. @throws {UserError} on a setting that SQS would not take */
export function createPlannedQueues(index: GraphIndex, queues: Queues): void {
  for (const planned of index.ofType("aws:sqs/queue:Queue")) {
    madeAsPlanned("SQS", planned, () => queues.create(planned.region!, planned.outputs["name"], attributesOf(planned)));
  }
  for (const [type, property] of Object.entries(separate)) {
    for (const planned of index.ofType(type)) {
      const { queueUrl } = planned.outputs;
      const text = attributeText(planned.outputs[property]);
      madeAsPlanned("SQS", planned, () =>
        queues.change(queues.ofUrl(planned.region!, queueUrl), { [properties[property]!]: text }),
      );
    }
  }
}

function attributesOf(planned: PlannedResource): QueueAttributes {
  return plannedAttributes(planned, planned.outputs["fifoQueue"] ? { ...properties, ...ofFifo } : properties);
}
