"use client";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { AppliedPreferences } from "./applied-preferences";
import { createQueryClient } from "@/api-client/query-client";
import { KeyListener } from "./key-listener";
import { cssVariables, theme } from "./theme";

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <AppliedPreferences />
        <KeyListener />
        {children}
      </MantineProvider>
    </QueryClientProvider>
  );
}
