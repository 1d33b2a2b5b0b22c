"use client";
import { Toasts } from "../layout/toasts";
import { ApiPanel } from "./api-panel";
import { AppearancePanel } from "./appearance-panel";
import { KeyboardPanel } from "./keyboard-panel";
import css from "./settings.module.css";
import { TokensPanel } from "./tokens-panel";

/** What belongs to this browser, and the tokens of this Basin. */
export function SettingsPage({ apiOrigin }: { apiOrigin: string }) {
  return (
    <>
      <Toasts />
      <h1>Settings</h1>
      <div className={css.panels}>
        <TokensPanel />
        <AppearancePanel />
        <ApiPanel apiOrigin={apiOrigin} />
        <KeyboardPanel />
      </div>
    </>
  );
}
