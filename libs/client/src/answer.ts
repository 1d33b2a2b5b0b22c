import { ApiError, ErrorBody, routes, type AnswerOf, type Route, type RouteName } from "@basin/contracts";

const saying = ({ method, path }: Route, status: number): string => `${method} ${path} answered ${status}`;

/** What a route answered, checked against its schema. For clients that send the request themselves. Throws ApiError. */
export function answerOf<N extends RouteName>(name: N, status: number, text: string): AnswerOf<N> {
  const route: Route = routes[name];
  if (status < 200 || status >= 300) throw refusalOf(name, status, text);
  return route.response.parse(parsed(name, status, text)) as AnswerOf<N>;
}

/** The error that a body with a status of 300 and above tells. */
export function refusalOf(name: RouteName, status: number, text: string): ApiError {
  const route: Route = routes[name];
  try {
    const told = ErrorBody.safeParse(parsed(name, status, text));
    if (!told.success) return new ApiError(status, "unknown", saying(route, status), []);
    const { code, message, issues } = told.data.error;
    return new ApiError(status, code, message, issues);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function parsed(name: RouteName, status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(status, "not-json", `${saying(routes[name], status)} with text that is not JSON`, []);
  }
}
