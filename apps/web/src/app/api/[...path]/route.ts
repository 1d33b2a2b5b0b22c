import { forward } from "@/features/proxy/forward";

export const dynamic = "force-dynamic";
export const runtime = "nodejs";

export {
  forward as DELETE,
  forward as GET,
  forward as HEAD,
  forward as OPTIONS,
  forward as PATCH,
  forward as POST,
  forward as PUT,
};
