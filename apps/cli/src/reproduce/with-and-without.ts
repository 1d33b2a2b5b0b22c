import type { Configuration } from "@basin/contracts";
import type { Plan, Reading, Training } from "./plan";

/** Every comparison is over ten initializations. */
export const seeds = 10;

type Claim = Pick<Reading, "want" | "missed" | "remark">;

/** One figure of both sides. */
interface Compared {
  metric: string;
  /** In the names of the report's figures: "relL2" gives `E5.relL2.with` and `E5.relL2.without`. Left out: none. */
  figure?: string;
  /** Default: the median. */
  read?: "median" | "share" | "classes";
  /** What each side is held against; left out: nothing is claimed. null: not told of that side. */
  with?: Claim | null;
  without?: Claim | null;
  /** What the median without is held against when it is divided by that with. */
  ratio?: Claim;
  /** What it is held against when the median with is taken from it. */
  difference?: Claim;
}

/** An experiment with its term of knowledge, and the same network, seeds and data without it. */
interface Comparison {
  /** Before the names of the report's figures: E5, or E6.mixed. */
  section: string;
  experiment: string;
  /** Of the row with the term. Default: the experiment's. */
  id?: string;
  setting: string;
  /** Of both sides, where they are not the experiment's defaults. */
  fixed?: Configuration;
  /** Default of the id: `…/without` behind the other's. */
  without: { id?: string; setting: string; fixed: Configuration };
  quick: Plan["quick"];
  /** Default: 1. */
  firstSeed?: number;
  figures: readonly Compared[];
  /** The share of runs that meet the experiment's criterion is held against 0.8. Default: true. */
  success?: boolean;
}

/** Its two plans, first the one with the term. */
export function withAndWithout(comparison: Comparison): [Plan, Plan] {
  const { section, experiment, id = experiment, setting, fixed = {}, without, quick, figures, success = true } = comparison;
  const drawn = { seeds, ...(comparison.firstSeed === undefined ? {} : { firstSeed: comparison.firstSeed }) };
  const side = (name: "with" | "without", { metric, figure, read = "median", [name]: claim }: Compared): Reading[] => {
    if (claim === null) return [];
    return [{ metric, read, ...(figure === undefined ? {} : { figure: `${section}.${figure}.${name}` }), ...claim }];
  };
  return [
    {
      id,
      experiment,
      setting,
      fixed,
      ...drawn,
      quick,
      readings: [
        ...figures.flatMap((figure) => side("with", figure)),
        ...(success
          ? [{ metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: `${section}.success` } as const]
          : []),
      ],
    },
    {
      id: without.id ?? `${id}/without`,
      experiment,
      setting: without.setting,
      fixed: { ...fixed, ...without.fixed },
      ...drawn,
      quick,
      readings: figures.flatMap((figure) => [
        ...side("without", figure),
        ...(figure.ratio ? [{ metric: figure.metric, read: "median", over: id, ...figure.ratio } as const] : []),
        ...(figure.difference ? [{ metric: figure.metric, read: "median", minus: id, ...figure.difference } as const] : []),
      ]),
    },
  ];
}

/** What the training of `--quick` is for one initialization that is far too short to be judged. */
export function glance(fixed: Configuration): Training {
  return { seeds: 1, fixed };
}
