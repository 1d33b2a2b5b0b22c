import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: "sm",
  cursorType: "pointer",
  components: { Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } } },
});

/** Mantine's soft greys are below 4.5:1 on white; these are above it in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#565d64",
    "--mantine-color-placeholder": "#6a7178",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-anchor": "#0b5cad",
  },
  dark: {
    "--mantine-color-dimmed": "#a4aab1",
    "--mantine-color-placeholder": "#8f959c",
    "--mantine-color-error": "#ff8a80",
    "--mantine-color-body": "#1f2023",
    "--mantine-color-anchor": "#6cb6ff",
  },
});
