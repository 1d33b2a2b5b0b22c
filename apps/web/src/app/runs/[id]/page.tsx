import { RunId } from "@basin/contracts";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RunPage } from "@/features/run/run-page";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run ${(await params).id}` };
}

export default async function Page({ params }: Props) {
  const id = RunId.safeParse((await params).id);
  if (!id.success) notFound();
  return <RunPage id={id.data} />;
}
