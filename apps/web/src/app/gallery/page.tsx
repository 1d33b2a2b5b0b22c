import { notFound } from "next/navigation";
import dynamic from "next/dynamic";

const Gallery = dynamic(() => import("@/features/plots/gallery-page"));

/** Only while developing: the plots that a release shows come from runs. */
export default function Page() {
  if (process.env.NODE_ENV === "production") notFound();
  return <Gallery />;
}
