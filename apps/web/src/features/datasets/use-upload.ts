import { type UploadOptions } from "@basin/client";
import { ApiError, datasetMaxBytes, type Dataset, type Issue, messageOf } from "@basin/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api-client/route-query";
import { sendFile } from "./send-file";

/** One file on its way: `share` of it went out; then either what came of it, or what is wrong with it. */
export interface Upload {
  file: string;
  share: number;
  dataset: Dataset | null;
  failure: { message: string; issues: readonly Issue[] } | null;
}

/** Files are sent one after another; the list keeps what became of each of them, newest first. */
export function useUpload(): {
  uploads: readonly Upload[];
  send: (files: readonly File[], options: UploadOptions) => void;
} {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const change = (file: string, part: Partial<Upload>) =>
    setUploads((before) => before.map((upload) => (upload.file === file ? { ...upload, ...part } : upload)));

  const sendOne = async (file: File, options: UploadOptions): Promise<void> => {
    setUploads((before) => [
      { file: file.name, share: 0, dataset: null, failure: null },
      ...before.filter((one) => one.file !== file.name),
    ]);
    if (file.size > datasetMaxBytes) {
      const message = `the file has ${Math.ceil(file.size / 1024 / 1024)} MB; the limit is ${datasetMaxBytes / 1024 / 1024} MB`;
      change(file.name, { failure: { message, issues: [] } });
      return;
    }
    try {
      const dataset = await sendFile(file, file.name.toLowerCase().endsWith(".npz") ? {} : options, (share) =>
        change(file.name, { share }),
      );
      change(file.name, { share: 1, dataset });
      // A first list that was asked for before the upload and is still on its way would be taken for the new one.
      await client.cancelQueries({ queryKey: keys.datasets });
      await client.invalidateQueries({ queryKey: keys.datasets });
    } catch (error) {
      change(file.name, { failure: { message: messageOf(error), issues: error instanceof ApiError ? error.issues : [] } });
    }
  };

  const send = (files: readonly File[], options: UploadOptions): void => {
    void files.reduce((before, file) => before.then(() => sendOne(file, options)), Promise.resolve());
  };
  return { uploads, send };
}
