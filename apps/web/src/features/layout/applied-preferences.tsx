"use client";
import { useEffect } from "react";
import { useChosenDigits, usePreferences } from "./preferences";

/** Carries a person's choices to what draws tables and figures. */
export function AppliedPreferences() {
  const { density } = usePreferences();
  // Before the pages below are rendered, so that they use it at once.
  useChosenDigits();
  useEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);
  return null;
}
