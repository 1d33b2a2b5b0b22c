import type { Metadata } from "next";
import { BinPage } from "@/features/bin/bin-page";

export const metadata: Metadata = { title: "Bin" };

export default function Page() {
  return <BinPage />;
}
