import { z } from "zod";

const line = (max: number) => z.string().max(max);

/** Where the numbers of an attempt come from, as its trainer tells it. What it does not know is left out. */
export const Provenance = z
  .strictObject({
    host: line(255).optional(),
    device: line(400).optional().describe("e.g. the CPU's or the GPU's name"),
    commandLine: line(4000).optional(),
    workingDirectory: line(1000).optional(),
    language: line(100).optional().describe("e.g. Python 3.12.1"),
    gitCommit: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, "a commit is hexadecimal digits")
      .optional(),
    gitDirty: z.boolean().optional().describe("files that git follows differed from the commit"),
    gitRemote: line(400).optional(),
    packages: z.record(line(200), line(100)).optional().describe("version by name"),
    client: line(60).optional().describe("what spoke for it, e.g. basin-client 0.1.0"),
  })
  .meta({ id: "Provenance" });
export type Provenance = z.infer<typeof Provenance>;
