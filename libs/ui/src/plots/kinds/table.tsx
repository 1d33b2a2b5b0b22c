import { DataTableView } from "../data-table-view";
import type { KindViewProps, ViewedKind } from "../plot-kind";
import { PlotFrame } from "../plot-frame";

function TableView({ plot, titled }: KindViewProps<"table">) {
  return (
    <PlotFrame
      title={plot.title}
      caption={plot.caption}
      summary={`Table of ${plot.rows.length} rows with ${plot.columns.join(", ")}.`}
      table={() => plot}
      {...(titled === undefined ? {} : { titled })}
    >
      {() => <DataTableView table={plot} label={plot.title} />}
    </PlotFrame>
  );
}

export const table: ViewedKind<"table"> = {
  View: TableView,
  picture: null,
  samples: () => [
    {
      title: "First samples",
      columns: ["a", "b", "a xor b", "network"],
      rows: [
        [0, 0, "false", 0.0123],
        [1, 0, "true", 0.9871],
        [0, 1, "true", 0.9912],
        [1, 1, "false", null],
      ],
    },
  ],
};
