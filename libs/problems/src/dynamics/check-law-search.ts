import { SindyAutoencoderParameters, type Configuration, type Issue } from "@basin/contracts";
import { termCount } from "./library";

/** Rules across the parameters of the `sindy-autoencoder` family, whose defaults stand for those that are not given. Paths from the configuration's root. */
export function checkLawSearch(configuration: Configuration): Issue[] {
  const own = Object.entries(configuration).filter(([name]) => name in SindyAutoencoderParameters.shape);
  const parameters = SindyAutoencoderParameters.parse(Object.fromEntries(own));
  const { procedure, latentWidth, order, velocityTerms } = parameters;
  const issues: Issue[] = [];
  if (procedure.startsWith("gauge-scan") && latentWidth !== 1)
    issues.push({
      path: "procedure",
      message: `the gauge scan searches the affine gauges of one latent variable, not of ${latentWidth}`,
      hint: "set latentWidth to 1, or the procedure to source-threshold or gauge-search",
    });
  if (procedure === "gauge-scan-polished" && order === 1)
    issues.push({
      path: "procedure",
      message: "the polished gauge scan is for laws of second order: it knows how a bent coordinate disturbs z̈",
      hint: "set order to 2, or the procedure to gauge-scan",
    });
  if (procedure === "gauge-search" && !isQuadratic(parameters))
    issues.push({
      path: "procedure",
      message: "the gauge search needs a library of the constant and all monomials of the latent variables to degree 2",
      hint: "set polynomialDegree to 2, crossTerms and constantTerm to true, and sine, cosine, reciprocal, squareRoot and velocityTerms to false",
    });
  if (velocityTerms && order === 1)
    issues.push({
      path: "velocityTerms",
      message: "a law of first order has no velocities in its library",
      hint: "set velocityTerms to false, or order to 2",
    });
  if (issues.length > 0 || termCount(parameters, latentWidth) > 0) return issues;
  const message = "no function is left that a law could be made of";
  return [
    { path: "polynomialDegree", message, hint: "raise it, or set constantTerm, sine, cosine, reciprocal or squareRoot to true" },
  ];
}

/** Whether affine maps of the latent variables keep laws of the library within it, at degree 2. */
function isQuadratic(parameters: SindyAutoencoderParameters): boolean {
  const { polynomialDegree, crossTerms, constantTerm, sine, cosine, reciprocal, squareRoot, velocityTerms } = parameters;
  return polynomialDegree === 2 && crossTerms && constantTerm && !(sine || cosine || reciprocal || squareRoot || velocityTerms);
}
