import * as z from "zod";
import { defineService, readThrottle, writeThrottle } from "../kit/contract";
import { uploadedObject } from "../kit/item-change";
import { amount, currency, itemId, pageOf, pageParameters, slug, text } from "../kit/schemas";

const fields = {
  name: text(80),
  species: slug,
  breed: text(80).optional(),
  sex: z.enum(["female", "male", "unknown"]),
  ageMonths: z.int().min(0).max(1_800),
  price: amount,
  currency,
  status: z.enum(["available", "reserved", "sold"]),
};

const petBody = z.strictObject({ id: itemId.optional(), ...fields });
/** Schema of a stored pet. */
export const pet = z.strictObject({ id: itemId, ...fields });
/** A stored pet. */
export type Pet = z.output<typeof pet>;

const recordFields = {
  entries: z
    .array(z.strictObject({ day: z.iso.date(), what: text(200) }))
    .min(1)
    .max(500),
};
const recordBody = z.strictObject({ id: itemId.optional(), ...recordFields });
/** Schema of the health record of a pet. */
export const healthRecord = z.strictObject({ id: itemId, ...recordFields });

/** Schema of the list of health records, as it was at one time. */
export const recordList = z.strictObject({
  /** Ids of pets, at most as many as one list of the bucket has. */
  pets: z.array(itemId).max(1_000),
  /** Whether `pets` has all of them. */
  complete: z.boolean(),
  /** Missing before the first list was made. */
  madeAt: z.iso.datetime().optional(),
});

/** Contract of the pet store, which stores pets with their health records, and lists pets by species. */
export const petStore = defineService({
  name: "pet-store",
  title: "Pet store",
  port: 8082,
  publishes: true,
  table: { hashKey: "id", indexes: [{ name: "by-species", hashKey: "species" }] },
  needs: {
    bucket: { expireAfterDays: 365, onUpload: { prefix: "records/", route: "note-record" } },
    schedules: { "record-list": { every: "rate(1 hour)", route: "make-record-list" } },
  },
  routes: {
    "put-pet": {
      method: "PUT",
      path: "/pet-store/pets/{id}",
      summary: "Stores a pet, or replaces the whole of the one with this id",
      access: "write",
      throttle: writeThrottle,
      body: petBody,
      sample: {
        name: "Rex",
        species: "dog",
        sex: "male",
        ageMonths: 30,
        price: { amount: 90_000 },
        currency: "EUR",
        status: "available",
      },
      answer: pet,
    },
    "get-pet": {
      method: "GET",
      path: "/pet-store/pets/{id}",
      summary: "Reads one pet",
      access: "open",
      throttle: readThrottle,
      answer: pet,
    },
    "list-pets": {
      method: "GET",
      path: "/pet-store/pets",
      summary: "Lists the pets of one species",
      access: "open",
      throttle: readThrottle,
      query: z.strictObject({ species: slug, ...pageParameters }),
      answer: pageOf(pet),
    },
    "store-record": {
      method: "POST",
      path: "/pet-store/pets/{id}/record",
      summary: "Stores the health record of a pet, or replaces it; it is kept in this region for a year",
      access: "write",
      throttle: writeThrottle,
      body: recordBody,
      sample: { entries: [{ day: "2026-03-01", what: "Vaccinated against rabies" }] },
      answer: healthRecord,
    },
    "get-record": {
      method: "GET",
      path: "/pet-store/pets/{id}/record",
      summary: "Reads the health record of a pet",
      access: "open",
      throttle: readThrottle,
      answer: healthRecord,
    },
    "delete-record": {
      method: "DELETE",
      path: "/pet-store/pets/{id}/record",
      summary: "Deletes the health record of a pet, if it has one",
      access: "write",
      throttle: writeThrottle,
      answer: z.strictObject({ id: itemId }),
    },
    "make-record-list": {
      method: "POST",
      path: "/pet-store/records",
      summary: "Makes the list of this region's health records anew; called every hour",
      access: "write",
      throttle: writeThrottle,
      answer: recordList,
    },
    "note-record": {
      method: "POST",
      path: "/pet-store/records/uploaded",
      summary: "Makes the list of health records anew when one was stored",
      access: "platform",
      throttle: writeThrottle,
      body: uploadedObject,
      answer: recordList,
    },
    "get-record-list": {
      method: "GET",
      path: "/pet-store/records",
      summary: "Reads the list of this region's health records, as it was when it was last made",
      access: "open",
      throttle: readThrottle,
      answer: recordList,
    },
  },
});
