"use client";
import { setDefaultDigits } from "@basin/ui";
import { useEffect } from "react";
import { usePreferences } from "./preferences";

/** Carries a person's choices to what draws tables and figures. */
export function AppliedPreferences() {
  const { density, digits } = usePreferences();
  // Before the pages below are rendered, so that they use it at once.
  setDefaultDigits(digits);
  useEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);
  return null;
}
