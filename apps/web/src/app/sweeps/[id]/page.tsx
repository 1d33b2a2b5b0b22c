import { SweepId } from "@basin/contracts";
import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { firstAnswers } from "@/features/sweep/first-answers";
import { preloadExperiment, preloadSweep } from "@/features/sweep/preload-sweep";
import { SweepPage } from "@/features/sweep/sweep-page";
import { SweepPageAtRuns } from "@/features/sweep/sweep-page-at-runs";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Sweep ${(await params).id}` };
}

export default async function Page({ params, searchParams }: Props) {
  const id = SweepId.safeParse((await params).id);
  if (!id.success) notFound();
  const [asked, query] = await Promise.all([headers(), searchParams]);
  // A page that comes from another one of this dashboard has some of the answers already.
  const fresh = asked.get("accept")?.includes("text/html") ?? false;
  const onRuns = query["tab"] === "runs" && Object.keys(query).length === 1;
  const answers = fresh && onRuns ? await firstAnswers(id.data, asked.get("cookie")) : null;
  const preloads = fresh && answers === null;
  if (preloads) preloadSweep(id.data, query);
  return (
    <>
      {preloads && (
        <Suspense>
          <Preloaded id={id.data} cookie={asked.get("cookie")} />
        </Suspense>
      )}
      {/* Not below Suspense: what waits there would be drawn in a later frame than the rest. */}
      <HydrationBoundary state={answers}>
        {answers ? <SweepPageAtRuns id={id.data} /> : <SweepPage id={id.data} />}
      </HydrationBoundary>
    </>
  );
}

/** Draws nothing, and holds up nothing. */
async function Preloaded({ id, cookie }: { id: SweepId; cookie: string | null }) {
  await preloadExperiment(id, cookie);
  return null;
}
