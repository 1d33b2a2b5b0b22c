"use client";
import { PageLink } from "@/features/layout/page-link";
import { usePathname } from "next/navigation";
import css from "./frame.module.css";
import pages from "./pages.json";

export function NavLinks() {
  const path = usePathname();
  return (
    <nav className={css.nav} aria-label="Main">
      {pages.map(({ path: href, title }) => (
        <PageLink key={href} href={href} aria-current={path === href ? "page" : undefined}>
          {title}
        </PageLink>
      ))}
    </nav>
  );
}
