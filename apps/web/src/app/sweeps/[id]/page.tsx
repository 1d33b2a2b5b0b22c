import { SweepId } from "@basin/contracts";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { SweepPage } from "@/features/sweep/sweep-page";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Sweep ${(await params).id}` };
}

export default async function Page({ params }: Props) {
  const id = SweepId.safeParse((await params).id);
  if (!id.success) notFound();
  return (
    <Suspense>
      <SweepPage id={id.data} />
    </Suspense>
  );
}
