import { messageOf } from "../message-of";
import { ApiError, routeUrl } from "./client";
import { Dataset, datasetMediaType } from "./datasets";
import { ErrorBody } from "./error";

/** How a CSV file is to be read where that is not found in it. */
export interface UploadOptions {
  delimiter?: "comma" | "semicolon" | "tab";
  decimal?: "point" | "comma";
  thousands?: "comma" | "point" | "space" | "apostrophe";
  /** Columns whose cells are texts, whatever they look like. */
  texts?: readonly string[];
}

/** The query of an upload. */
export function uploadQuery({ texts, ...options }: UploadOptions & { name: string }) {
  return { ...options, ...(texts === undefined || texts.length === 0 ? {} : { texts: JSON.stringify(texts) }) };
}

/** Uploads a file as a dataset. The same file gives the same dataset. Throws ApiError, whose issues name what is wrong with the file. */
export async function uploadDataset(
  base: string,
  file: Blob,
  query: UploadOptions & { name: string },
  options: { signal?: AbortSignal; fetch?: typeof fetch; token?: string } = {},
): Promise<Dataset> {
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(routeUrl(base, "uploadDataset", { query: uploadQuery(query) }), {
      method: "POST",
      body: file,
      headers: {
        "content-type": datasetMediaType,
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      },
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    const why = messageOf(cause);
    throw new ApiError(0, "unreachable", `no answer from ${base || "the API"}: ${why}`, []);
  }
  return datasetOf(response.status, await response.text());
}

/** The dataset that an upload's answer carries; throws ApiError for any other answer. For clients that send the request themselves. */
export function datasetOf(status: number, text: string): Dataset {
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ApiError(status, "not-json", `the upload was answered ${status} with text that is not JSON`, []);
  }
  if (status >= 200 && status < 300) return Dataset.parse(json);
  const parsed = ErrorBody.safeParse(json);
  if (!parsed.success) throw new ApiError(status, "unknown", `the upload was answered ${status}`, []);
  const { code, message, issues } = parsed.data.error;
  throw new ApiError(status, code, message, issues);
}
