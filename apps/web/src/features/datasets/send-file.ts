import { answerOf, uploadQuery, type UploadOptions } from "@basin/client";
import { ApiError, datasetMediaType, type Dataset } from "@basin/contracts";
import { basin } from "@/api-client/api";

/** Uploads a file and tells how much of it (0 to 1) went out; `fetch` cannot. Rejects with ApiError. */
export function sendFile(file: File, options: UploadOptions, onProgress: (share: number) => void): Promise<Dataset> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", basin.url("uploadDataset", { query: uploadQuery({ ...options, name: file.name }) }));
    request.setRequestHeader("content-type", datasetMediaType);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      try {
        resolve(answerOf("uploadDataset", request.status, request.responseText));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    request.onerror = () => reject(new ApiError(0, "unreachable", "the connection broke before the upload was answered", []));
    request.send(file);
  });
}
