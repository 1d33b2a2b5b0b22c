"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import type { ComponentProps } from "react";

/**
 * A link to another page that is fetched when a person points at it, not when it comes into view: a list of fifty sweeps must
 * not load fifty pages, nor the first page the script of all others.
 */
export function PageLink({ href, ...rest }: Omit<ComponentProps<typeof Link>, "href" | "prefetch"> & { href: string }) {
  const router = useRouter();
  const prefetch = () => router.prefetch(href);
  return <Link {...rest} href={href} prefetch={false} onMouseEnter={prefetch} onFocus={prefetch} />;
}
