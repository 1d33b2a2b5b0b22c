import { checkWithoutEval } from "@basin/contracts";

// Next runs this before any code of a page.
checkWithoutEval();
