"use client";
import { formatNumber } from "@basin/ui";
import { NativeSelect, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { Panel } from "../layout/panel";
import { digitChoices, setPreferences, usePreferences } from "../layout/preferences";
import css from "./settings.module.css";

const never = () => () => undefined;

const schemes = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "As the system" },
];
const densities = [
  { value: "comfortable", label: "Comfortable" },
  { value: "compact", label: "Compact" },
];

/** Colours, density and digits of this browser. */
export function AppearancePanel() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { density, digits } = usePreferences();
  // The stored choice is known in the browser only; the server renders the default.
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <Panel title="Appearance" note="of this browser">
      <div className={css.choices}>
        <span id="scheme">Colours</span>
        <div>
          <SegmentedControl
            aria-labelledby="scheme"
            data={schemes}
            value={inBrowser ? colorScheme : "auto"}
            onChange={(value) => setColorScheme(value === "light" || value === "dark" ? value : "auto")}
          />
        </div>
        <span id="density">Density</span>
        <div>
          <SegmentedControl
            aria-labelledby="density"
            data={densities}
            value={density}
            onChange={(value) => setPreferences({ density: value === "compact" ? "compact" : "comfortable" })}
          />
        </div>
        <label htmlFor="digits">Digits</label>
        <div className={css.value}>
          <NativeSelect
            id="digits"
            w={90}
            data={digitChoices.map(String)}
            value={String(digits)}
            onChange={(event) => setPreferences({ digits: Number(event.currentTarget.value) })}
          />
          <span className={css.note}>
            significant digits of figures: {formatNumber(0.00123456789, digits)}, {formatNumber(98.7654321, digits)}; the exact
            value appears when you point at one
          </span>
        </div>
      </div>
    </Panel>
  );
}
