import { DatasetId } from "@basin/contracts";
import { notFound } from "next/navigation";
import { DatasetPage } from "@/features/datasets/dataset-page";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const id = DatasetId.safeParse((await params).id);
  if (!id.success) notFound();
  return <DatasetPage id={id.data} />;
}
