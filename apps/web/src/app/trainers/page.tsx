import type { Metadata } from "next";
import { TrainersPage } from "@/features/trainers/trainers-page";

export const metadata: Metadata = { title: "Trainers" };

export default function Page() {
  return <TrainersPage />;
}
