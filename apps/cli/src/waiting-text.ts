import { buildName, type Sweep } from "@basin/contracts";

/** Why a sweep does not go on although it is running, and what to do; null while no trainer of its build is missing. */
export function waitingText({ id, build, waiting }: Pick<Sweep, "id" | "build" | "waiting">): string | null {
  if (waiting === null || build === null) return null;
  const missing = `no trainer of its build ${buildName(build)} is there`;
  if (waiting.others.length === 0) return `${missing}, nor one of another that could go on with it: start a trainer`;
  const others = waiting.others.map((other) => {
    return `${buildName(other)} with ${other.trainers} ${other.trainers === 1 ? "trainer" : "trainers"}`;
  });
  const name = waiting.others.length === 1 ? "" : ` --build ${waiting.others[0]?.id ?? ""}`;
  return `${missing}. Start one, or let build ${others.join(" or ")} go on: basin sweep continue ${id}${name}`;
}
