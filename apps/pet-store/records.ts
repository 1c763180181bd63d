import type * as z from "zod";
import { HttpError } from "../kit/errors";
import { maxKeys, type ObjectStore } from "../kit/objects";
import { healthRecord, recordList } from "./contract";

type HealthRecord = z.output<typeof healthRecord>;
type RecordList = z.output<typeof recordList>;

const prefix = "records/";
const listKey = "lists/records.json";

/** Returns the health records in a bucket. Their list is a document too, as it is read more often than it is made. */
export function recordsIn(objects: ObjectStore) {
  return {
    async get(id: string): Promise<HealthRecord> {
      const found = await objects.get(keyOf(id));
      if (found === undefined) throw new HttpError(404, "not_found", "There is no health record of this pet");
      return healthRecord.parse(found);
    },
    async store(record: HealthRecord): Promise<HealthRecord> {
      await objects.put(keyOf(record.id), record);
      return record;
    },
    async delete(id: string): Promise<{ id: string }> {
      await objects.delete(keyOf(id));
      return { id };
    },
    async makeList(): Promise<RecordList> {
      const keys = await objects.keys(prefix);
      const made: RecordList = {
        pets: keys.map((key) => key.slice(prefix.length, -".json".length)),
        complete: keys.length < maxKeys,
        madeAt: new Date().toISOString(),
      };
      await objects.put(listKey, made);
      return made;
    },
    async list(): Promise<RecordList> {
      const made = await objects.get(listKey);
      return made === undefined ? { pets: [], complete: true } : recordList.parse(made);
    },
  };
}

function keyOf(id: string): string {
  return `${prefix}${id}.json`;
}
