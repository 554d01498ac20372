// The header: site, team, what is waiting where, presence, language, help and the way out.

import { api, part } from "./api.js";
import { h, replace, unseen } from "./dom.js";
import { emergency } from "./emergency.js";
import { router } from "./router.js";
import { text } from "./text.js";

const LEADS = new Set(["lead", "administrator", "auditor"]);
const LAST = "triagewire.team";

let frame = null;
let marked = "";
let presence = null;

export const header = { draw, mark, refresh, queue, home, oversees, onSignOut: null, counts: false };

/** The whole of it, for the first time. */
function draw(shell) {
  frame = {
    sites: h("div", { class: "sites" }),
    teams: h("nav", { class: "teams", "aria-label": text.t("nav.teams") }),
    places: h("nav", { class: "places", id: "places", "aria-label": text.t("nav.places") }),
    presence: h("button", { type: "button", class: "presence" }),
  };
  frame.presence.addEventListener("click", () => sayPresence(shell));
  drawPresence();
  return h(
    "header",
    { class: "top" },
    h("div", { class: "bar" },
      h("span", { class: "brand", translate: "no" }, "Triagewire"),
      frame.sites,
      menuButton(),
      frame.places,
      h("div", { class: "tools", id: "tools" },
        frame.presence,
        emergency.button(shell),
        languages(shell),
        h("button", { type: "button", class: "quiet", on: { click: () => shell.help() }, "aria-keyshortcuts": "?" }, text.t("help.short")),
        h("span", { class: "who", dataset: { member: shell.me.member } }, shell.me.name),
        h("button", { type: "button", class: "quiet", on: { click: () => header.onSignOut?.() } }, text.t("sign_out")),
      ),
    ),
    frame.teams,
  );
}

/** Show where one is. */
function mark(shell, params) {
  const site = shell.chosen();
  if (params.team && shell.team(site.id, params.team)) sessionStorage.setItem(LAST, `${site.id}/${params.team}`);
  marked = location.hash.split("?")[0];
  replace(frame.sites, sites(shell, site));
  drawTeams(shell, site);
  replace(frame.places, places(shell, site));
  document.body.classList.remove("menu-open");
  if (shell.work?.site !== site.id) {
    shell.work = null;
    presence = null;
    // Counts are no reason to wait for the first view: they come behind it.
    if (header.counts) refresh(shell).catch(() => {});
  }
}

/** Look how much waits where, and whether one is at work. */
async function refresh(shell) {
  const site = shell.chosen();
  const work = await api.get(`/desk/sites/${part(site.id)}/work`, { background: true });
  if (!shell.me || shell.chosen().id !== site.id) return;
  shell.work = work;
  presence = work.members.find((each) => each.member === shell.me.member) ?? null;
  drawTeams(shell, site);
  drawPresence();
}

/** The hash of the queue that was last worked at a site. */
function queue(shell, siteId) {
  const [site, team] = (sessionStorage.getItem(LAST) ?? "").split("/");
  const teams = shell.site(siteId).teams.filter((team) => team.see);
  const kept = site === siteId && teams.find((each) => each.id === team);
  const own = teams.find((each) => each.mine && each.id !== "review") ?? teams.find((each) => each.mine);
  const found = kept || own || teams[0];
  return found ? router.href("#/queues/:site/:team", { site: siteId, team: found.id }) : "#/mine";
}

/** Where who has just signed in begins. */
function home(shell) {
  return queue(shell, shell.chosen().id);
}

/** Whether who works here sees all of a site by a role of theirs. */
function oversees(site) {
  return site.roles.some((role) => LEADS.has(role));
}

function sites(shell, site) {
  if (shell.me.sites.length < 2) return h("span", { class: "site-name" }, site.name);
  const change = (event) => {
    shell.choose(event.target.value);
    router.go(queue(shell, event.target.value));
  };
  const options = shell.me.sites.map((each) =>
    h("option", { value: each.id, selected: each.id === site.id }, each.name),
  );
  return h("select", { "aria-label": text.t("nav.site"), on: { change } }, options);
}

function drawTeams(shell, site) {
  const focused = frame.teams.contains(document.activeElement) && document.activeElement.getAttribute("href");
  replace(frame.teams, site.teams.filter((team) => team.see).map((team) => teamLink(shell, site, team)));
  const here = frame.teams.querySelector("[aria-current]");
  if (here) frame.teams.scrollLeft = here.offsetLeft - frame.teams.offsetLeft - 40;
  if (focused) frame.teams.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}

function teamLink(shell, site, team) {
  const counts = shell.work?.teams.find((each) => each.team === team.id);
  const review = team.id === "review";
  const path = router.href("#/queues/:site/:team", { site: site.id, team: team.id });
  const reviewPath = router.href("#/review/:site", { site: site.id });
  const here = marked === path || (review && marked === reviewPath);
  const said = counts && text.t("nav.count", { count: counts.open, late: counts.late });
  return h(
    "a",
    { href: review && team.work ? reviewPath : path, "aria-current": here ? "page" : null, dataset: { team: team.id } },
    text.code("team", team.id),
    counts && [
      h("span", { class: "count", "aria-hidden": "true" }, counts.open),
      counts.late > 0 && h("span", { class: "count count-late", "aria-hidden": "true" }, text.t("nav.late", { count: counts.late })),
      unseen(` ${said}`),
    ],
  );
}

function places(shell, site) {
  const leads = oversees(site) || site.teams.some((team) => team.lead === shell.me.member);
  const rows = [
    ["#/mine", "nav.mine"],
    [router.href("#/teams/:site", { site: site.id }), "nav.work"],
    [router.href("#/on-call/:site", { site: site.id }), "nav.on_call"],
    leads && [router.href("#/undelivered/:site", { site: site.id }), "nav.undelivered"],
    oversees(site) && [router.href("#/measures/:site", { site: site.id }), "nav.measures"],
    [router.href("#/search/:site", { site: site.id }), "nav.search"],
  ].filter(Boolean);
  return rows.map(([path, name]) =>
    h("a", { href: path, "aria-current": marked === path ? "page" : null }, text.t(name)),
  );
}

function menuButton() {
  const button = h("button", { type: "button", class: "menu", "aria-expanded": "false", "aria-controls": "places tools" }, text.t("nav.menu"));
  button.addEventListener("click", () => {
    const open = document.body.classList.toggle("menu-open");
    button.setAttribute("aria-expanded", String(open));
  });
  return button;
}

function languages(shell) {
  const change = (event) => text.use(event.target.value);
  const options = text.languages.map((each) =>
    h("option", { value: each, lang: each, selected: each === text.language }, each.toUpperCase()),
  );
  return h("select", { class: "language", "aria-label": text.t("nav.language"), on: { change }, dataset: { member: shell.me.member } }, options);
}

function drawPresence() {
  const away = presence?.away ?? false;
  frame.presence.hidden = presence === null;
  frame.presence.dataset.away = away ? "yes" : "no";
  frame.presence.setAttribute("aria-pressed", String(away));
  replace(frame.presence, h("span", { class: "dot", "aria-hidden": "true" }, away ? "○" : "●"), text.t(away ? "presence.away" : "presence.here"));
}

/** Away gives back what one has not taken up; so it is asked for. */
async function sayPresence(shell) {
  const site = shell.chosen();
  const path = `/desk/sites/${part(site.id)}/presence`;
  if (presence?.away) {
    await act(shell, () => api.post(path, { away: false }), "presence.back_done");
    return;
  }
  const fields = [{ name: "until", label: text.t("presence.until"), type: "datetime-local" }];
  const body = h("p", {}, text.t("presence.explained"));
  const run = ({ until }) =>
    api.post(path, until ? { away: true, until: new Date(until).toISOString() } : { away: true });
  const done = await shell.dialog({ title: text.t("presence.title"), body, fields, submit: { label: text.t("presence.go"), run } });
  if (done) settled(shell, done, "presence.away_done");
}

async function act(shell, run, words) {
  frame.presence.disabled = true;
  try {
    settled(shell, await run(), words);
  } catch (error) {
    shell.problem(error);
  } finally {
    frame.presence.disabled = false;
  }
}

function settled(shell, done, words) {
  presence = done;
  drawPresence();
  shell.toast(text.t(words));
}
