import type { Metadata } from "next";
import { apiOrigin } from "@/features/proxy/forward";
import { SettingsPage } from "@/features/settings/settings-page";

export const metadata: Metadata = { title: "Settings" };
// The API's address is that of the running server, not of the build.
export const dynamic = "force-dynamic";

export default function Page() {
  return <SettingsPage apiOrigin={apiOrigin()} />;
}
