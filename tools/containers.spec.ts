import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const infra = join(root, "infra");
const read = (file: string): string => readFileSync(join(infra, file), "utf8");

interface Service {
  image?: string;
  build?: { target: string };
  restart?: string;
  init?: boolean;
  healthcheck?: object;
  profiles?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }> | string[];
  deploy?: { resources?: { limits?: { memory?: string } } };
}
const compose = parse(read("compose.yaml"), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, object>;
};
const services = Object.entries(compose.services);

interface Stage {
  name: string;
  from: string;
  steps: { instruction: string; rest: string }[];
}

/** The stages of the Dockerfile, with lines that go on joined. */
function stages(): Stage[] {
  const found: Stage[] = [];
  for (const line of read("Dockerfile").replaceAll("\\\n", " ").split("\n")) {
    const [, instruction = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (instruction === "FROM") {
      const [, from = "", name = ""] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
      found.push({ name, from, steps: [] });
    } else if (instruction !== "") found.at(-1)?.steps.push({ instruction, rest });
  }
  return found;
}
const byName = new Map(stages().map((stage) => [stage.name, stage]));
const targets = ["api", "web", "trainer", "trainer-gpu"];
/** Of a stage and those that it is made from, the first first. */
const stepsOf = (name: string): Stage["steps"] => {
  const stage = byName.get(name);
  return stage === undefined ? [] : [...stepsOf(stage.from), ...stage.steps];
};

test("every container is started again, reaps its children, has a bound on its memory and no endless log", () => {
  const lacking = services.filter(
    ([, { restart, init, deploy }]) =>
      restart !== "unless-stopped" || init !== true || deploy?.resources?.limits?.memory === undefined,
  );
  expect(lacking.map(([name]) => name)).toEqual([]);
  expect(services.map(([name]) => name)).toEqual(
    expect.arrayContaining(["postgres", "nats", "api", "web", "trainer", "trainer-gpu", "proxy", "prometheus", "grafana"]),
  );
});

test("only the dashboard's proxy is published beyond this machine, and NATS where somebody names an address", () => {
  const published = services.flatMap(([name, { ports = [] }]) =>
    ports.filter((port) => !port.startsWith("127.0.0.1:")).map((port) => `${name} ${port}`),
  );
  expect(published).toEqual(["proxy 80:80", "proxy 443:443"]);
  expect(compose.services["proxy"]?.profiles).toEqual(["tls"]);
  const others = parse(read("compose.other-hosts.yaml")) as { services: Record<string, Service> };
  expect(Object.keys(others.services)).toEqual(["nats"]);
  expect(others.services["nats"]?.ports).toEqual([expect.stringMatching(/^\$\{BASIN_NATS_ADDRESS:\?.*\}:4222:4222$/)]);
});

test("no password is written down: each comes from the file that compose-secrets.sh writes", () => {
  const asked = new Set([...read("compose.yaml").matchAll(/\$\{(\w+PASSWORD)/g)].map(([, name]) => name));
  const made = /for name in (.*); do/.exec(read("compose-secrets.sh"))?.[1]?.split(" ") ?? [];
  expect([...asked].sort()).toEqual([...made].sort());
});

test("trainers share no volume, so that as many as are asked for have an identity each", () => {
  for (const name of ["trainer", "trainer-gpu"]) expect(compose.services[name]?.volumes, name).toBeUndefined();
  expect(stepsOf("trainer")).toContainEqual({ instruction: "VOLUME", rest: "/var/lib/basin" });
});

test("what is waited for can be healthy, and files and volumes that are mounted are there", () => {
  for (const [name, { depends_on: needs = [], volumes = [], build }] of services) {
    for (const [other, { condition }] of Array.isArray(needs) ? [] : Object.entries(needs)) {
      const target = compose.services[other]?.build?.target;
      const healthy =
        compose.services[other]?.healthcheck !== undefined ||
        stepsOf(target ?? "").some(({ instruction }) => instruction === "HEALTHCHECK");
      expect(condition === "service_healthy" && healthy, `${name} waits for ${other}`).toBe(true);
    }
    for (const volume of volumes) {
      const [from = ""] = volume.split(":");
      expect(
        from.startsWith("./") ? existsSync(join(infra, from)) : compose.volumes[from] !== undefined,
        `${name}: ${volume}`,
      ).toBe(true);
    }
    if (build !== undefined) expect(targets, name).toContain(build.target);
  }
});

test.each(targets)("the image %s runs as no root, says whether it is healthy, and may write what it mounts", (name) => {
  const steps = stepsOf(name);
  expect(steps.filter(({ instruction }) => instruction === "USER").at(-1)?.rest).toBe("1000");
  expect(steps.some(({ instruction }) => instruction === "HEALTHCHECK")).toBe(true);
  const user = steps.findIndex(({ instruction }) => instruction === "USER");
  for (const { rest } of steps.filter(({ instruction }) => instruction === "VOLUME")) {
    const made = steps.findIndex(
      ({ instruction, rest: text }) => instruction === "RUN" && text.includes(`install -d -o node -g node -m 700 ${rest}`),
    );
    expect(made >= 0 && made < user, rest).toBe(true);
  }
});

const built = ["api", "web", "trainer"].filter((name) => existsSync(join(root, "apps", name, "dist", "main.js")));

test.each(built)("the image %s holds the packages of what its bundle is made of, and no process' files but its own", (name) => {
  const copies = stepsOf(name).filter(({ instruction }) => instruction === "COPY");
  const apps = new Set(copies.flatMap(({ rest }) => [...rest.matchAll(/\/basin\/apps\/(\w+)/g)].map(([, app]) => app)));
  expect([...apps]).toEqual([name]);
  const install = byName.get(`${name}-packages`)?.steps.find(({ rest }) => rest.startsWith("npm ci"))?.rest ?? "";
  const installed = [...install.matchAll(/-w (@basin\/\w+)/g)].map(([, one]) => one);
  // Libraries of ours are in the bundle; their npm packages are not.
  const known = new Set<string>();
  for (const workspace of [`apps/${name}`, ...installed.map((one) => `libs/${(one ?? "").replace("@basin/", "")}`)]) {
    const file = join(root, workspace, "package.json");
    if (!existsSync(file)) continue;
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as Record<
      string,
      Record<string, string>
    >;
    for (const one of [...Object.keys(dependencies), ...Object.keys(peerDependencies)]) known.add(one);
  }
  const dist = join(root, "apps", name, "dist");
  const bundles = readdirSync(dist).filter((file) => file.endsWith(".js"));
  const texts = bundles.map((file) => readFileSync(join(dist, file), "utf8")).join("\n");
  const imported = [...texts.matchAll(/^(?:import|export) (?:[^"']* from )?"([^".][^"]*)";/gm)]
    .map(([, path = ""]) => (path.startsWith("@") ? path.split("/").slice(0, 2) : path.split("/").slice(0, 1)).join("/"))
    .filter((one) => !one.startsWith("node:"));
  expect(imported.filter((one) => !known.has(one) && !isBuiltin(one))).toEqual([]);
});
