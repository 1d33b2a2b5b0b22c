/** Of the HTTP surface; the number of apps/api/package.json. */
export const apiVersion = "0.1.0";
