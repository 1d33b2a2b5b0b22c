#!/usr/bin/env node
// `npx basin …` in a checkout: what is not built yet is built, then it is what `npm run basin -- …` is.
import "../../../tools/prepare.mjs";
await import("../dist/basin.js");
