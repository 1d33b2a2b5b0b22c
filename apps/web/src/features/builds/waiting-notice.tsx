"use client";
import { buildName, type BuildOnline, type Sweep } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { showSweep } from "@/api-client/route-query";
import { ConfirmDialog } from "../layout/confirm-dialog";
import { reportDone, reportFailure } from "../layout/toasts";
import { Notice } from "../problems/problem";
import css from "./builds.module.css";

const trainersText = ({ trainers, slots }: BuildOnline): string =>
  `${formatCount(trainers)} ${trainers === 1 ? "trainer" : "trainers"}, ${formatCount(slots)} ${slots === 1 ? "slot" : "slots"}`;

/** Says that a sweep's runs wait because no trainer of its build is there, and gives them to another build when asked to. */
export function WaitingNotice({ sweep }: { sweep: Sweep }) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<BuildOnline | null>(null);
  const go = useMutation({
    mutationFn: (build: BuildOnline) => api("continueSweep", { params: { sweep: sweep.id }, body: { build: build.id } }),
    onSuccess: (answer, build) => {
      showSweep(client, answer);
      reportDone(`Build ${build.id} goes on with it.`);
    },
    onError: (error) => reportFailure("Continuing", error),
  });
  const { build, waiting, counts } = sweep;
  if (waiting === null || build === null) return null;
  const left = counts.pending + counts.queued;
  const runs = `${formatCount(left)} ${left === 1 ? "run" : "runs"}`;
  return (
    <Notice title="Waits for a trainer of its build">
      <p>
        {runs} {left === 1 ? "waits" : "wait"}: a sweep is trained by one build, so that its numbers can be compared, and no
        trainer of <code>{buildName(build)}</code> is there. It goes on by itself when one comes back.
      </p>
      {waiting.others.length === 0 ? (
        <p>No trainer of another build is there that could go on with it.</p>
      ) : (
        <div className={css.choices}>
          {waiting.others.map((other) => (
            <Button key={other.id} size="xs" variant="default" loading={go.isPending} onClick={() => setChosen(other)}>
              Continue on {other.id} ({trainersText(other)}) …
            </Button>
          ))}
        </div>
      )}
      <ConfirmDialog
        opened={chosen !== null}
        title="Continue on another build?"
        keep="Let it wait"
        act="Continue"
        onAct={() => chosen && go.mutate(chosen)}
        onClose={() => setChosen(null)}
      >
        The {runs} that {left === 1 ? "is" : "are"} left {left === 1 ? "is" : "are"} trained by{" "}
        <code>{chosen && buildName(chosen)}</code>, those that had begun from the start: a checkpoint of another build is never
        gone on from. The numbers of the two builds may differ beyond chance. Every run says which build trained it, and results
        say how many are of each.
      </ConfirmDialog>
    </Notice>
  );
}
