"use client";
import { Button, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCopy } from "@tabler/icons-react";
import { useSession } from "../session/use-session";
import { cliCommand, curlCommand } from "./spec-commands";
import { writeSpec } from "./spec-text";

/** Takes the sweep elsewhere: to a file, a terminal or a script. */
export function CopyMenu({ spec, disabled }: { spec: object; disabled: boolean }) {
  const clipboard = useClipboard({ timeout: 2000 });
  const session = useSession();
  const forms = [
    { label: "YAML", text: () => writeSpec(spec, "yaml") },
    { label: "JSON", text: () => writeSpec(spec, "json") },
    { label: "Command of the terminal", text: () => cliCommand(spec) },
    { label: "curl", text: () => curlCommand(spec, window.location.origin, session.data?.auth === "token") },
  ];
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" disabled={disabled} leftSection={<IconCopy size={15} aria-hidden />}>
          <span aria-live="polite">{clipboard.copied ? "Copied" : clipboard.error ? "Could not copy" : "Copy as …"}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {forms.map(({ label, text }) => (
          <Menu.Item key={label} onClick={() => clipboard.copy(text())}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
