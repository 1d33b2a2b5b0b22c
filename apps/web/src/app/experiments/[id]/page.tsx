import { ExperimentId } from "@basin/contracts";
import { notFound } from "next/navigation";
import { ExperimentPage } from "@/features/experiments/experiment-page";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const id = ExperimentId.safeParse((await params).id);
  if (!id.success) notFound();
  return <ExperimentPage id={id.data} />;
}
