"use client";
import { messageOf } from "@basin/contracts";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { PageLink } from "@/features/layout/page-link";
import { useRouter } from "next/navigation";
import { apiOnce } from "@/api-client/api";
import { keys, routeQuery, showSweep } from "@/api-client/route-query";
import { firstSweepOf } from "./first-sweep-spec";
import css from "./sweeps.module.css";

/** What an empty Basin shows: one click to a first result. */
export function FirstSweep() {
  const router = useRouter();
  const client = useQueryClient();
  const catalog = useQuery(routeQuery("getCatalog", {}));
  const first = catalog.data ? firstSweepOf(catalog.data.experiments) : null;
  const submit = useMutation({
    mutationFn: (body: NonNullable<typeof first>["spec"]) => apiOnce("createSweep", { body }),
    onSuccess: async (sweep) => {
      showSweep(client, sweep);
      await client.invalidateQueries({ queryKey: keys.sweeps });
      router.push(`/sweeps/${sweep.id}`);
    },
  });
  return (
    <section className={css.first}>
      <h2>No sweep yet</h2>
      <p>
        A sweep trains one experiment with many configurations, each from several initializations, and shows which of them reach
        the right basin.
      </p>
      {first && (
        <>
          <Button size="md" loading={submit.isPending} onClick={() => submit.mutate(first.spec)}>
            Run a first sweep
          </Button>
          <p>{first.text}</p>
        </>
      )}
      {submit.error && <p role="alert">{messageOf(submit.error)}</p>}
      <p>
        <PageLink href="/sweeps/new">Describe your own sweep</PageLink>
      </p>
    </section>
  );
}
