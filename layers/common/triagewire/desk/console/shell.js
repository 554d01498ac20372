// The frame around every view: where one is, what is waiting, and the way to everything else.

import { api, part } from "./api.js";
import { ask, closeAll } from "./ask.js";
import { h, replace } from "./dom.js";
import { emergency } from "./emergency.js";
import { header } from "./header.js";
import { keys } from "./keys.js";
import { notices } from "./notices.js";
import { said } from "./problems.js";
import { router } from "./router.js";
import { text } from "./text.js";

const LIVE_MS = 10_000;
const SITE = "triagewire.site";

let main = null;
let live = null;
let refreshing = false;

export const shell = {
  /** GET /desk/me: who works here, their sites, teams and the codes of every act. */
  me: null,
  /** Counts of the chosen site's teams (GET …/work), or null before they are known. */
  work: null,
  start,
  stop,
  site,
  zone,
  team,
  chosen,
  choose,
  member,
  announce: (words) => notices.announce(words),
  alert: (words) => notices.alert(words),
  toast: (words, options) => notices.toast(words, options),
  problem,
  dialog: ask,
  go: (hash, options) => router.go(hash, options),
  href: router.href,
  help,
  refreshNow,
  fresh,
  arrived,
  failed,
};

/** Draw the frame for somebody. */
function start(me) {
  shell.me = me;
  main = h("main", { id: "main", tabindex: "-1" });
  const skip = (event) => {
    event.preventDefault();
    main.focus();
  };
  replace(
    document.body,
    h("a", { class: "skip", href: "#main", on: { click: skip } }, text.t("shell.skip")),
    header.draw(shell),
    emergency.banner(shell),
    h("p", { class: "offline", role: "status", hidden: true }),
    main,
    notices.frame(),
  );
  globalKeys();
  clearInterval(live);
  live = setInterval(refreshNow, LIVE_MS);
}

/** Take everything off the screen. */
function stop() {
  clearInterval(live);
  emergency.stop();
  router.stop();
  keys.clear("view");
  keys.clear("global");
  closeAll();
  notices.clear();
  shell.me = null;
  shell.work = null;
  main = null;
  replace(document.body);
  document.title = "Triagewire";
}

/** A site of whoever works here, by its id; undefined when it is not theirs. */
function site(id) {
  return shell.me?.sites.find((each) => each.id === id);
}

/** The time zone of a site. */
function zone(id) {
  return site(id)?.zone;
}

/** A team of a site, by its ids. */
function team(siteId, id) {
  return site(siteId)?.teams.find((each) => each.id === id);
}

/** The site that is worked at. */
function chosen() {
  const named = router.current?.params.site ?? sessionStorage.getItem(SITE);
  return site(named) ?? shell.me.sites[0];
}

/** Work at another site. */
function choose(id) {
  sessionStorage.setItem(SITE, id);
}

/** What a member of a site is called; their id when the roster does not say. */
function member(siteId, id) {
  if (!id) return "";
  if (id === shell.me.member) return text.t("me.you");
  return site(siteId)?.members.find((each) => each.id === id)?.name ?? id;
}

/** Say what went wrong. */
function problem(error) {
  notices.toast(said(error), { kind: "problem", seconds: 10 });
}

/** An empty place for a view. */
function fresh(view, params) {
  keys.clear("view");
  if (params.site && site(params.site)) choose(params.site);
  document.title = titled(view, params);
  header.mark(shell, params);
  replace(main);
  window.scrollTo(0, 0);
  return main;
}

/** A view has drawn itself: say so, and put the focus where it begins. */
function arrived(view, params) {
  document.title = titled(view, params);
  if (!main.contains(document.activeElement)) {
    const heading = main.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    (heading ?? main).focus({ preventScroll: true });
  }
}

/** A view could not be drawn: say why, and offer to try again. */
function failed(error, root) {
  const key = error.status === 404 ? "shell.not_found" : "shell.failed";
  const again = h("button", { type: "button", on: { click: () => (error.needsPage ? location.reload() : router.reload()) } }, text.t("shell.again"));
  const words = error.status === 404 ? text.t("shell.not_found_more") : said(error);
  replace(root, h("h1", { tabindex: "-1" }, text.t(key)), h("p", {}, words), again);
  notices.alert(`${text.t(key)} ${words}`);
  if (error.status === undefined) throw error;
}

/** Look for what is new, without being asked. */
async function refreshNow() {
  if (refreshing || document.hidden || !shell.me) return;
  refreshing = true;
  try {
    await Promise.all([router.current?.view.refresh?.(), header.refresh(shell)]);
  } catch (error) {
    if (error.status === undefined) throw error;
  } finally {
    refreshing = false;
  }
}

/** All shortcuts that do something now. */
function help() {
  const groups = ["view", "global"].map((scope) => {
    const rows = keys.list().filter((each) => each.scope === scope);
    if (!rows.length) return null;
    return [
      h("h3", {}, text.t(`help.${scope}`)),
      h("dl", { class: "shortcuts" }, rows.map(({ key, label }) => [
        h("dt", {}, key.split(" ").map((each) => h("kbd", {}, keyName(each)))),
        h("dd", {}, label),
      ])),
    ];
  });
  const change = (event) => keys.turn(event.target.checked);
  const box = h("input", { type: "checkbox", id: "shortcuts-on", checked: keys.isOn(), on: { change } });
  const turn = h("p", { class: "field field-checkbox" }, box, h("label", { for: "shortcuts-on" }, text.t("help.turn")));
  return ask({ title: text.t("help.title"), body: h("div", {}, groups, turn), wide: true });
}

function keyName(key) {
  return text.has(`key.${key}`) ? text.t(`key.${key}`) : key;
}

function globalKeys() {
  const go = (key, path, name) =>
    keys.bind("global", key, () => text.t(name), () => router.go(path(shell.chosen().id)));
  keys.bind("global", "?", () => text.t("help.title"), help);
  go("/", (id) => `#/search/${part(id)}`, "nav.search");
  go("g q", (id) => header.queue(shell, id), "nav.queue");
  go("g m", () => "#/mine", "nav.mine");
  go("g r", (id) => `#/review/${part(id)}`, "nav.review");
  go("g w", (id) => `#/teams/${part(id)}`, "nav.work");
  go("g o", (id) => `#/on-call/${part(id)}`, "nav.on_call");
  go("g u", (id) => `#/undelivered/${part(id)}`, "nav.undelivered");
  if (shell.me.sites.some(header.oversees)) go("g s", (id) => `#/measures/${part(id)}`, "nav.measures");
}

function titled(view, params) {
  return `${view.title(params)} · Triagewire`;
}

api.onReach((reachable) => {
  const bar = document.querySelector(".offline");
  if (!bar || bar.hidden === reachable) return;
  bar.hidden = reachable;
  replace(bar, reachable ? "" : text.t("shell.offline"));
  if (reachable) notices.announce(text.t("shell.online"));
});

