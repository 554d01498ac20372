// What somebody holds, over all their sites.

import { api } from "./api.js";
import { h, replace } from "./dom.js";
import { keys } from "./keys.js";
import { text } from "./text.js";
import { browse, lines } from "./ticket-lines.js";

let view = null;

export default {
  path: "#/mine",
  title: () => text.t("mine.title"),
  async show(root, _params, shell) {
    const mine = (view = new Mine(root, shell));
    await mine.open();
  },
  refresh: () => view?.look(),
  leave() {
    view = null;
  },
};

class Mine {
  constructor(root, shell) {
    Object.assign(this, { root, shell, tickets: [], next: null });
    this.table = lines({ shell, caption: text.t("mine.title"), showSite: shell.me.sites.length > 1 });
    this.count = h("p", { class: "dim", role: "status" });
    this.more = h("button", { type: "button", hidden: true, on: { click: () => this.loadMore() } }, text.t("lines.more"));
  }

  async open() {
    const found = await api.get("/desk/mine");
    if (view !== this) return;
    replace(this.root, h("h1", null, text.t("mine.title")), this.count, this.table.element, this.more);
    this.take(found);
    browse(this.root, keys);
  }

  take({ tickets, next }) {
    this.tickets = tickets;
    this.next = next;
    this.draw();
  }

  draw() {
    const { tickets, next } = this;
    this.table.update(tickets);
    this.table.element.hidden = !tickets.length;
    this.more.hidden = !next;
    const waiting = tickets.filter((each) => each.status === "waiting").length;
    const fresh = tickets.filter((each) => !each.accepted_at && each.status !== "waiting").length;
    const words = tickets.length
      ? text.t("mine.count", { count: tickets.length, fresh, waiting })
      : `${text.t("mine.empty")} ${text.t("mine.empty_more")}`;
    if (this.count.textContent !== words) this.count.textContent = words;
  }

  async loadMore() {
    try {
      const found = await api.get(`/desk/mine?cursor=${encodeURIComponent(this.next)}`);
      this.take({ tickets: [...this.tickets, ...found.tickets], next: found.next });
    } catch (error) {
      this.shell.problem(error);
      if (error.code === "bad_cursor") this.take(await api.get("/desk/mine"));
    }
  }

  /** What is new on the first page; further pages stay as they were asked for. */
  async look() {
    const found = await api.get("/desk/mine", { background: true });
    if (view !== this) return;
    const first = new Set(found.tickets.map((each) => each.id));
    if (!this.next && !found.next) this.take(found);
    else if (this.tickets.length <= found.tickets.length) this.take(found);
    else {
      this.tickets = [...found.tickets, ...this.tickets.slice(found.tickets.length).filter((each) => !first.has(each.id))];
      this.draw();
    }
  }
}
