import type { Metadata } from "next";
import { PageLink } from "@/features/layout/page-link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        The address names no page, sweep or run of this Basin. <PageLink href="/">All sweeps</PageLink>
      </p>
    </>
  );
}
