// Measures of a site, or of all together: which day or week, and what was counted and found in it.

import { api, part } from "./api.js";
import { h, replace } from "./dom.js";
import { said } from "./problems.js";
import { text } from "./text.js";
import { sections } from "./measures-parts.js";

const GROUP = "_group";
const KINDS = ["weekly", "daily"];
const WORDS = "measure-words";

let view = null;

export default {
  path: "#/measures/:site",
  title: () => text.t("nav.measures"),
  async show(root, { site, query }, shell) {
    await text.also(WORDS);
    const mine = (view = new Measures(root, site, query, shell));
    await mine.open();
  },
  // Reports are made once a day: nothing of them changes while somebody looks.
  refresh() {},
  leave() {
    view = null;
  },
};

class Measures {
  constructor(root, site, query, shell) {
    const kind = KINDS.includes(query.get("kind")) ? query.get("kind") : "weekly";
    Object.assign(this, { root, site, shell, kind, name: query.get("name") ?? "", names: [], files: new Map(), turn: 0 });
  }

  async open() {
    const first = await this.list();
    if (view !== this) return;
    this.kinds = h("select", { id: "measures-kind", on: { change: () => this.choose(this.kinds.value) } }, KINDS.map((each) => h("option", { value: each, selected: each === this.kind }, text.t(`measures.${each}`))));
    this.which = h("select", { id: "measures-which", on: { change: () => this.load(this.which.value) } });
    this.whichPlace = h("div", { class: "filter" }, h("label", { for: "measures-which" }, text.t("measures.which")), this.which);
    this.older = h("button", { type: "button", class: "small", on: { click: () => this.more() } }, text.t("measures.older"));
    this.taken = h("div", { class: "acts", role: "group", "aria-label": text.t("measures.take") });
    this.status = h("p", { role: "status", class: "dim" });
    this.body = h("div", { class: "measures" });
    replace(
      this.root,
      h("div", { class: "head" }, h("h1", null, text.t("nav.measures")), h("span", { class: "dim" }, this.where()), this.sites(first.group)),
      h(
        "div",
        { class: "measures-pick" },
        h("div", { class: "filter" }, h("label", { for: "measures-kind" }, text.t("measures.kind")), this.kinds),
        this.whichPlace,
        this.older,
        this.taken,
      ),
      this.status,
      this.body,
    );
    this.listed(first);
    await this.load(this.names.includes(this.name) ? this.name : this.names[0]);
  }

  where() {
    return this.site === GROUP ? text.t("measures.group") : (this.shell.site(this.site)?.name ?? this.site);
  }

  /** The way to the reports of all sites and back, for who may see them. */
  sites(group) {
    if (!group || this.shell.me.sites.length < 2) return null;
    const to = this.site === GROUP ? this.shell.chosen().id : GROUP;
    const words = to === GROUP ? text.t("measures.group") : this.shell.site(to).name;
    return h("a", { href: this.shell.href("#/measures/:site", { site: to }, { kind: this.kind }) }, words);
  }

  get path() {
    return `/desk/sites/${part(this.site)}/reports`;
  }

  list(before = "") {
    const asked = new URLSearchParams({ kind: this.kind, ...(before && { before }) });
    return api.get(`${this.path}?${asked}`);
  }

  /** Put a page of names into the list; the rest comes when it is wanted. */
  listed({ reports, older }) {
    for (const each of reports) this.files.set(each.name, each.files);
    this.names.push(...reports.map((each) => each.name));
    this.next = older;
    this.older.hidden = older === null;
    this.whichPlace.hidden = !this.names.length;
    replace(this.which, this.names.map((each) => h("option", { value: each }, named(each))));
    this.which.value = this.name;
  }

  async choose(kind) {
    Object.assign(this, { kind, name: "", names: [], files: new Map() });
    await this.asked(async () => {
      this.listed(await this.list());
      await this.load(this.names[0]);
    });
  }

  async more() {
    await this.asked(async () => {
      const before = this.names.length;
      do this.listed(await this.list(this.next));
      while (this.next !== null && this.names.length === before);
      if (this.older.hidden) this.which.focus();
    });
  }

  async load(name) {
    const turn = (this.turn += 1);
    this.name = name ?? "";
    replace(this.taken);
    if (!name) {
      this.status.textContent = "";
      replace(this.body, h("p", { class: "empty" }, text.t(this.kind === "weekly" ? "measures.no_week" : "measures.no_day")));
      return;
    }
    await this.asked(async () => {
      const found = await api.get(`${this.path}/${this.kind}/${part(name)}`);
      if (view === this && turn === this.turn) this.draw(found);
    });
  }

  draw(found) {
    this.which.value = found.name;
    const asked = { kind: this.kind, name: found.name };
    history.replaceState(null, "", this.shell.href("#/measures/:site", { site: this.site }, asked));
    this.status.textContent = period(found);
    replace(this.taken, found.files.map((form) => h("button", { type: "button", class: "small", on: { click: () => this.take(form) } }, text.t("measures.take_as", { form: form.toUpperCase() }))));
    replace(this.body, sections(found, this.shell, this.site));
  }

  async take(form) {
    await this.asked(async () => {
      const name = this.name;
      const blob = await api.file(`${this.path}/${this.kind}/${part(name)}/file?format=${form}`);
      const address = URL.createObjectURL(blob);
      h("a", { href: address, download: `${this.site.replace(/^_/, "")}-${this.kind}-${name}.${form}` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    });
  }

  /** Do something that may fail: why is said where the report would stand. */
  async asked(run) {
    this.root.setAttribute("aria-busy", "true");
    try {
      await run();
    } catch (error) {
      if (error.status === undefined) throw error;
      if (view !== this) return;
      this.status.textContent = said(error);
      this.shell.alert(said(error));
    } finally {
      this.root.removeAttribute("aria-busy");
    }
  }
}

function period({ name, report: { first, last } }) {
  if (first === last) return dayLong(first);
  return text.t("measures.shown", { which: named(name), first: dayLong(first), last: dayLong(last) });
}

/** A report's name as people say it: a day, or a week by its number and its Monday. */
function named(name) {
  const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(name) ?? [];
  if (!week) return dayLong(name);
  return text.t("measures.week", { week: Number(week), year });
}

function dayLong(day) {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(text.language, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}
