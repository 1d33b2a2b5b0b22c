import { PageLink } from "@/features/layout/page-link";
import type { ReactNode } from "react";
import { LiveNote } from "../live/live-note";
import css from "./frame.module.css";
import { NavLinks } from "./nav-links";
import { SchemeToggle } from "./scheme-toggle";
import { SessionGate } from "../session/session-gate";

/** The part of every page that stays: name, navigation, whether what is shown is current, and the colour scheme. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <>
      <a href="#main" className={css.skip}>
        Skip to the content
      </a>
      <header className={css.header}>
        <div className={css.inner}>
          <PageLink href="/" className={css.brand}>
            <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
              <path
                d="M1 4 C5 4 6 18 11 18 S17 4 21 4"
                fill="none"
                stroke="currentColor"
                strokeWidth="2.4"
                strokeLinecap="round"
              />
              <circle cx="11" cy="14" r="2.6" fill="currentColor" />
            </svg>
            Basin
          </PageLink>
          <NavLinks />
          <div className={css.right}>
            <LiveNote />
            <SchemeToggle />
          </div>
        </div>
      </header>
      <main id="main" className={css.main} tabIndex={-1}>
        <SessionGate>{children}</SessionGate>
      </main>
    </>
  );
}
