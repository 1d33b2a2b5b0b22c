/**
 * What a page of the dashboard may load and do. Scripts: those that carry the nonce of this answer, and what they load themselves.
 * Styles go without a nonce, since none would do: React, Mantine and KaTeX write style attributes, which a nonce cannot
 * allow, and Plotly adds a style element without asking for one. Pictures may be data (plots that are saved). No page may be framed.
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** For the parts of a page: nothing opens them by themselves, there are many, and each byte counts in a first load. */
export const partHeaders: Readonly<Record<string, string>> = { "x-content-type-options": "nosniff" };

/** For whatever else is answered, unless the answer says otherwise itself (as the API's answers do). */
export const answerHeaders: Readonly<Record<string, string>> = {
  ...partHeaders,
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};
