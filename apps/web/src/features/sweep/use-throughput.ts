"use client";
import type { Sweep } from "@basin/contracts";
import { progressOf, useNow } from "@basin/ui";
import { useEffect, useState } from "react";
import { rateOf, type Sample, secondsLeft, withSample } from "./throughput";

/** Runs per second as this page sees them finish, and the seconds left at that rate; null while not known or not running. */
export function useThroughput(sweep: Sweep): { runsPerSecond: number | null; secondsLeft: number | null } {
  const now = useNow();
  const { finished, total } = progressOf(sweep.counts);
  const [samples, setSamples] = useState<Sample[]>([]);
  const running = sweep.state === "running";
  useEffect(() => {
    if (now === null) return;
    setSamples((before) => (running ? withSample(before, { milliseconds: now, finished }) : []));
    // Once a second, with the count of that moment.
  }, [now, running]);
  const runsPerSecond = running ? rateOf(samples) : null;
  return { runsPerSecond, secondsLeft: secondsLeft(finished, total, runsPerSecond) };
}
