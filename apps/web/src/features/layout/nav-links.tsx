"use client";
import { PageLink } from "@/features/layout/page-link";
import { usePathname } from "next/navigation";
import css from "./frame.module.css";

const links = [
  { href: "/", text: "Sweeps" },
  { href: "/sweeps/new", text: "New sweep" },
  { href: "/compare", text: "Compare" },
  { href: "/datasets", text: "Datasets" },
  { href: "/trainers", text: "Trainers" },
  { href: "/settings", text: "Settings" },
];

export function NavLinks() {
  const path = usePathname();
  return (
    <nav className={css.nav} aria-label="Main">
      {links.map(({ href, text }) => (
        <PageLink key={href} href={href} aria-current={path === href ? "page" : undefined}>
          {text}
        </PageLink>
      ))}
    </nav>
  );
}
