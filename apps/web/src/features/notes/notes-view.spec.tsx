// @vitest-environment happy-dom
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import NotesView from "./notes-view";

vi.mock("../layout/page-link", () => ({ PageLink: (given: object) => <a {...given} /> }));

afterEach(cleanup);

const written = `# What for

Does **tanh** recover it? See k3v9x2mq-0-3 and [the paper](https://arxiv.org/abs/1), not [this](javascript:alert(1)).

| a | b |
|---|--:|
| 1 | 2 |

- [x] run
- <img src=x onerror=alert(1)>

<script>alert(1)</script>
`;

it("makes elements of Markdown, and of raw HTML its text", () => {
  const { container } = render(<NotesView text={written} />);
  expect(container.querySelector("h3")?.textContent).toBe("What for");
  expect([...container.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual([
    "/runs/k3v9x2mq-0-3",
    "https://arxiv.org/abs/1",
  ]);
  expect([...container.querySelectorAll("th, td")].map((cell) => cell.textContent)).toEqual(["a", "b", "1", "2"]);
  expect(container.querySelector("li")?.textContent).toContain("☑ run");
  expect(container.querySelectorAll("script, img")).toHaveLength(0);
  expect(container.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(container.textContent).toContain("<script>alert(1)</script>");
  expect(container.textContent).toContain("not this.");
});
