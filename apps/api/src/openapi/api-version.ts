import manifest from "../../package.json" with { type: "json" };

/** Of the HTTP surface. */
export const apiVersion = manifest.version;
