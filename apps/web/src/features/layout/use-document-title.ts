"use client";
import { useEffect } from "react";

/** Names the page once its content is known; until then the route's own title stands. */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · Basin`;
  }, [title]);
}
