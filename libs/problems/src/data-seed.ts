import { z } from "zod";

/** The parameter `dataSeed`: which data are drawn. It splits packs, as the runs of a pack train on the same data. */
export const dataSeed = (description: string, value = 0) =>
  z.int().min(0).max(2_147_483_647).default(value).meta({ title: "Data seed", description, "x-advanced": true });
