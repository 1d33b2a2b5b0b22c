"use client";
import { missing } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";

/** Names of trainers by id; an id that is not known names itself. */
export function useTrainerNames(): (id: string | null) => string {
  const { data } = useQuery({ ...routeQuery("listTrainers", {}), staleTime: 30_000 });
  return (id) => (id === null ? missing : (data?.items.find((trainer) => trainer.id === id)?.name ?? id));
}
