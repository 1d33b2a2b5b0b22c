"use client";
import ErrorPage from "./error";

/** When not even the frame around the pages can be drawn. */
export default function GlobalError(props: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
