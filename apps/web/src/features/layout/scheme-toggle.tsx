"use client";
import { ActionIcon, type MantineColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useEffect, useState } from "react";

const next = { auto: "light", light: "dark", dark: "auto" } as const satisfies Record<MantineColorScheme, MantineColorScheme>;
const names = { auto: "as the system", light: "light", dark: "dark" } as const;

export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // The stored choice is known in the browser only; the server renders the default.
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const scheme = mounted ? colorScheme : "auto";
  const label = `Colours: ${names[scheme]}. Change to ${names[next[scheme]]}`;
  const Icon = scheme === "auto" ? IconDeviceDesktop : scheme === "light" ? IconSun : IconMoon;
  return (
    <ActionIcon variant="default" size="lg" aria-label={label} title={label} onClick={() => setColorScheme(next[scheme])}>
      <Icon size={18} stroke={1.6} aria-hidden />
    </ActionIcon>
  );
}
