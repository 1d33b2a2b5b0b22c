/** What a job array of trainers is asked for. */
export interface SlurmJob {
  pool: string;
  trainers: number;
  /** of a job */
  seconds: number;
  cpus: number;
  /** per job, as Slurm writes it (`8G`); null: the cluster's default */
  memory: string | null;
  gpus: number;
  partition: string | null;
  account: string | null;
  natsUrl: string;
  /** of the trainers' user, readable on every node */
  tokenFile: string | null;
  /** the checkout on the nodes */
  root: string;
  /** on a file system of all nodes: a requeued job finds its identity and what it has not handed over */
  directory: string;
  /** once its time is over a job waits for its next turn */
  requeue: boolean;
}

/** So long before a job's end its trainer is told: it hands back what it trains, with checkpoints, within seconds. */
const warningSeconds = 90;
/** A job must be able to train something before it is told. */
export const leastSeconds = 5 * 60;

/** `4h`, `90m`, `2d`, `1d12h` or Slurm's own `4:00:00` and `1-12:00:00`, in seconds; null: it is none of these. */
export function secondsOf(text: string): number | null {
  const units = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$/.exec(text);
  if (text !== "" && units) {
    const [days = 0, hours = 0, minutes = 0] = units.slice(1).map((part: string | undefined) => Number(part ?? 0));
    return ((days * 24 + hours) * 60 + minutes) * 60;
  }
  const clock = /^(?:(\d+)-)?(\d+):(\d{2}):(\d{2})$/.exec(text);
  if (!clock) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** As Slurm reads it: `days-hours:minutes:seconds`. */
export function slurmTime(seconds: number): string {
  const pad = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 1440)}-${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

/** Arrays of at most `most` jobs: an index is below Slurm's MaxArraySize. `first` numbers the trainers through. */
export function arraysOf(trainers: number, most: number): { first: number; array: string }[] {
  return Array.from({ length: Math.ceil(trainers / most) }, (_, i) => ({
    first: i * most,
    array: `0-${Math.min(most, trainers - i * most) - 1}`,
  }));
}

/** A word of a shell, whatever it holds. */
const word = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The script of one job: one trainer, which is told before its time is over. */
export function jobScript(job: SlurmJob): string {
  const ask = (option: string, value: string | number | null): string[] =>
    value === null ? [] : [`#SBATCH --${option}=${value}`];
  return [
    "#!/bin/bash",
    "# One trainer of a job array, written by `basin slurm`.",
    ...ask("job-name", `basin-${job.pool}`),
    ...ask("time", slurmTime(job.seconds)),
    "# The shell hears it, and tells the trainer; so does a preemption, which ends with the same signal.",
    ...ask("signal", `B:TERM@${warningSeconds}`),
    "#SBATCH --requeue",
    "#SBATCH --open-mode=append",
    ...ask("nodes", 1),
    ...ask("ntasks", 1),
    ...ask("cpus-per-task", job.cpus),
    ...ask("mem", job.memory),
    ...ask("gpus", job.gpus === 0 ? null : job.gpus),
    ...ask("partition", job.partition),
    ...ask("account", job.account),
    ...ask("output", `${job.directory}/%x-%A_%a.log`),
    "set -u",
    `export NATS_URL=${word(job.natsUrl)}`,
    ...(job.tokenFile === null ? [] : [`export NATS_TOKEN_FILE=${word(job.tokenFile)}`]),
    `export BASIN_POOL=${word(job.pool)}`,
    `number=$(( \${BASIN_FIRST:-0} + \${SLURM_ARRAY_TASK_ID:-0} ))`,
    `export BASIN_TRAINER_NAME="slurm-\${SLURM_ARRAY_JOB_ID:-\${SLURM_JOB_ID:-0}}-$number"`,
    `export BASIN_TRAINER_DIR=${word(job.directory)}/"$BASIN_TRAINER_NAME"`,
    ...(job.gpus > 0 ? [] : [`export BASIN_SLOTS="\${SLURM_CPUS_PER_TASK:-${job.cpus}}"`]),
    'mkdir -p "$BASIN_TRAINER_DIR"',
    "told=0",
    `trap 'told=1; kill -TERM "$trainer" 2> /dev/null' TERM`,
    `node ${word(`${job.root}/apps/trainer/dist/main.js`)} &`,
    "trainer=$!",
    "# A signal ends a wait; the trainer itself may go on for seconds.",
    'wait "$trainer"; status=$?',
    'while kill -0 "$trainer" 2> /dev/null; do wait "$trainer"; status=$?; done',
    ...(job.requeue ? ['if [ "$told" = 1 ] && [ -n "${SLURM_JOB_ID:-}" ]; then scontrol requeue "$SLURM_JOB_ID"; fi'] : []),
    'exit "$status"',
    "",
  ].join("\n");
}
