import { z } from "zod";
import { DatasetId } from "../dataset";
import { SweepId } from "../ids";
import { define, type Route } from "./route";

const until = z.iso.datetime().describe("can be restored until then; then it is removed for good");

/** What was deleted and can still be taken back, what goes first at the top. */
export const Bin = z
  .object({
    days: z.number().describe("that what is deleted now stays here (BASIN_BIN_DAYS)"),
    count: z.int().describe("sweeps and datasets together that can be restored"),
    sweeps: z
      .array(z.object({ id: SweepId, name: z.string(), experiment: z.string(), runs: z.int(), until }))
      .describe("at most 1,000"),
    datasets: z.array(z.object({ id: DatasetId, name: z.string(), rows: z.int(), until })).describe("at most 1,000"),
  })
  .meta({ id: "Bin" });
export type Bin = z.infer<typeof Bin>;

export const binRoutes = {
  getBin: define({ role: "viewer", method: "GET", path: "/bin", summary: "What is in the bin, and until when", response: Bin }),
  emptyBin: define({
    role: "admin",
    method: "POST",
    path: "/bin/empty",
    summary: "Remove everything in the bin for good; refused if it holds another number of things than `count`",
    body: z.strictObject({ count: z.int().min(1).describe("`count` of the bin as it was seen") }),
    response: z.object({ removed: z.int() }),
    errors: [409],
  }),
} as const satisfies Record<string, Route>;
