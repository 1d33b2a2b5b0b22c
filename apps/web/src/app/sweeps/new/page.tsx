import type { Metadata } from "next";
import { Suspense } from "react";
import { NewSweepPage } from "@/features/new-sweep/new-sweep-page";

export const metadata: Metadata = { title: "New sweep" };

export default function Page() {
  return (
    <Suspense>
      <NewSweepPage />
    </Suspense>
  );
}
