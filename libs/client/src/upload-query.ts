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
