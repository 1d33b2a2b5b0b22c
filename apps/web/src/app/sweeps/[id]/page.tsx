import { SweepId } from "@basin/contracts";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { preloadExperiment, preloadSweep } from "@/features/sweep/preload-sweep";
import { SweepPage } from "@/features/sweep/sweep-page";

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
  const asked = await headers();
  // A page that comes from another one of this dashboard has some of the answers already.
  const fresh = asked.get("accept")?.includes("text/html") ?? false;
  if (fresh) preloadSweep(id.data, await searchParams);
  return (
    <>
      {fresh && (
        <Suspense>
          <Preloaded id={id.data} cookie={asked.get("cookie")} />
        </Suspense>
      )}
      <Suspense>
        <SweepPage id={id.data} />
      </Suspense>
    </>
  );
}

/** Draws nothing, and holds up nothing. */
async function Preloaded({ id, cookie }: { id: SweepId; cookie: string | null }) {
  await preloadExperiment(id, cookie);
  return null;
}
