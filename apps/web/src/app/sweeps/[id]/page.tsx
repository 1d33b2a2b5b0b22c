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
  preloadSweep(id.data, await searchParams);
  return (
    <>
      <Suspense>
        <Preloaded id={id.data} />
      </Suspense>
      <Suspense>
        <SweepPage id={id.data} />
      </Suspense>
    </>
  );
}

/** Draws nothing, and holds up nothing. */
async function Preloaded({ id }: { id: SweepId }) {
  await preloadExperiment(id, (await headers()).get("cookie"));
  return null;
}
