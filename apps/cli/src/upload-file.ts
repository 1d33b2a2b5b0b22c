import { uploadQuery, type UploadOptions } from "@basin/client";
import { datasetMaxBytes, type Dataset, messageOf } from "@basin/contracts";
import { openAsBlob, statSync } from "node:fs";
import { basename } from "node:path";
import { basinAt } from "./api-calls";
import { CommandFailed, exitCodes } from "./exit";

export type UploadFlags = UploadOptions & { name?: string };

/** Uploads a CSV or NPZ file. Throws CommandFailed when it cannot be read or is larger than the limit. */
export async function uploadFile(origin: string, file: string, options: UploadFlags = {}): Promise<Dataset> {
  const blob = await openFile(file);
  const query = uploadQuery({ ...options, name: options.name ?? basename(file) });
  return basinAt(origin).upload("uploadDataset", { query }, blob);
}

async function openFile(file: string): Promise<Blob> {
  let bytes: number;
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw new Error("it is no file");
    bytes = stat.size;
  } catch (error) {
    throw new CommandFailed(exitCodes.badInput, `${file} cannot be read: ${messageOf(error)}`);
  }
  if (bytes > datasetMaxBytes) {
    throw new CommandFailed(exitCodes.badInput, `${file} has ${bytes} bytes; the limit is ${datasetMaxBytes / 1024 / 1024} MB`);
  }
  return openAsBlob(file);
}
