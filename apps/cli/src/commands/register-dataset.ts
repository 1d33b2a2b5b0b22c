import { Option, type Command } from "commander";
import type { UploadFlags } from "../upload-file";
import { json, wholeNumber, yes } from "./options";

export function registerDatasetCommands(dataset: Command): void {
  dataset
    .command("add <file>")
    .description("upload a CSV or NPZ file of at most 64 MB; the same file gives the same dataset")
    .option("--name <name>", "default: the file's own; .csv, .tsv, .txt and .npz tell the format")
    .addOption(new Option("--delimiter <delimiter>", "default: found in the header line").choices(["comma", "semicolon", "tab"]))
    .addOption(new Option("--decimal <sign>", "default: found in the numbers").choices(["point", "comma"]))
    .addOption(
      new Option("--thousands <sign>", "what separates groups of three digits; default: nothing").choices([
        "comma",
        "point",
        "space",
        "apostrophe",
      ]),
    )
    .option("--texts <column...>", "columns to read as texts, whatever they look like")
    .addOption(json())
    .action(async (file: string, flags: UploadFlags & { json?: boolean }) => (await import("./dataset")).add(file, flags));
  dataset
    .command("list")
    .description("datasets, newest first")
    .option("--limit <n>", "how many", wholeNumber(1, 1000), 100)
    .addOption(json())
    .action(async (flags: { limit: number; json?: boolean }) => (await import("./dataset")).list(flags));
  dataset
    .command("show <dataset>")
    .description("columns with their types, missing values and the first rows; the first digits of the id suffice")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./dataset")).show(id, flags));
  dataset
    .command("restore <dataset>")
    .description("take a dataset out of the bin, by its whole id (`basin bin` shows it)")
    .addOption(json())
    .action(async (id: string, flags: { json?: boolean }) => (await import("./dataset")).restore(id, flags));
  dataset
    .command("rm <dataset>")
    .description("put a dataset that no sweep names into the bin")
    .addOption(yes())
    .addOption(json())
    .action(async (id: string, flags: { yes?: boolean; json?: boolean }) => (await import("./dataset")).remove(id, flags));
}
