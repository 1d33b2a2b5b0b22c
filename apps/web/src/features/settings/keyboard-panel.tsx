"use client";
import { Kbd, Switch } from "@mantine/core";
import { Panel } from "../layout/panel";
import { setPreferences, usePreferences } from "../layout/preferences";
import { shortcuts } from "../layout/shortcuts";
import tables from "../layout/table.module.css";
import css from "./settings.module.css";

/** Keys within forms and dialogs, which always work. */
const fixedShortcuts = [
  { keys: ["Ctrl", "Enter"], text: "Submit the sweep that is being written" },
  { keys: ["Esc"], text: "Close a dialog, leave an edit" },
  { keys: ["Tab"], text: "Next control; the first leads past the navigation" },
] as const;

/** Every key that does something by itself, and the switch that turns them off. */
export function KeyboardPanel() {
  const preferences = usePreferences();
  const row = (keys: readonly string[], text: string, joined: string) => (
    <tr key={text}>
      <td className={tables.tight}>
        <span className={css.keys}>
          {keys.map((key, i) => (
            <span key={key}>
              {i > 0 && ` ${joined} `}
              <Kbd>{key}</Kbd>
            </span>
          ))}
        </span>
      </td>
      <td className={css.words}>{text}</td>
    </tr>
  );
  return (
    <div id="keyboard">
      <Panel
        title="Keyboard"
        note="everything can be reached without a mouse"
        actions={
          <Switch
            label="Single-key shortcuts"
            checked={preferences.shortcuts}
            onChange={(event) => setPreferences({ shortcuts: event.currentTarget.checked })}
          />
        }
      >
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Keys</th>
              <th scope="col">What they do</th>
            </tr>
          </thead>
          <tbody>
            {preferences.shortcuts && shortcuts.map(({ keys, text }) => row(keys, text, "then"))}
            {fixedShortcuts.map(({ keys, text }) => row(keys, text, "+"))}
          </tbody>
        </table>
      </Panel>
    </div>
  );
}
