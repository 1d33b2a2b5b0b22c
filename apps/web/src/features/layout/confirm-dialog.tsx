import { Button, Group, Modal, Text } from "@mantine/core";
import type { ReactNode } from "react";

export interface ConfirmDialogProps {
  title: string;
  opened: boolean;
  /** What it means. */
  children: ReactNode;
  /** What leaves things as they are, which has the focus, and what is done. */
  keep: string;
  act: string;
  /** What is done cannot be taken back. */
  isFinal?: boolean;
  onAct: () => void;
  /** After either. */
  onClose: () => void;
}

/** Asks before something is done. */
export function ConfirmDialog({ title, opened, children, keep, act, isFinal = false, onAct, onClose }: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <Text size="sm" component="div">
        {children}
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {keep}
        </Button>
        <Button
          {...(isFinal ? { color: "red" } : {})}
          onClick={() => {
            onAct();
            onClose();
          }}
        >
          {act}
        </Button>
      </Group>
    </Modal>
  );
}
