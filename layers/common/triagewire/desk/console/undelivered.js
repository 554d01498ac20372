// Replies that could not be delivered, for leads: why, and to try again.

import { api, part } from "./api.js";
import { h, keyed, replace } from "./dom.js";
import { said } from "./problems.js";
import { text } from "./text.js";
import { failedWhy } from "./ticket-names.js";

let view = null;

export default {
  path: "#/undelivered/:site",
  title: () => text.t("undelivered.title"),
  async show(root, { site }, shell) {
    const mine = (view = new Undelivered(root, site, shell));
    await mine.open();
  },
  refresh: () => view?.look({ background: true }),
  leave() {
    view = null;
  },
};

class Undelivered {
  constructor(root, site, shell) {
    Object.assign(this, { root, site, shell, zone: shell.zone(site) });
    this.status = h("p", { role: "status", class: "dim" });
    this.body = h("tbody");
    const heads = ["ticket", "way", "why", "tries", "next", "act"];
    this.table = h(
      "table",
      { class: "plain" },
      h("caption", { class: "unseen" }, text.t("undelivered.title")),
      h("thead", null, h("tr", null, heads.map((each) => h("th", { scope: "col" }, text.t(`undelivered.${each}`))))),
      this.body,
    );
  }

  async open() {
    const found = await this.load({});
    if (view !== this) return;
    replace(this.root, h("h1", null, text.t("undelivered.title")), h("p", null, text.t("undelivered.explained")), this.status, this.table);
    this.draw(found);
  }

  load(options) {
    return api.get(`/desk/sites/${part(this.site)}/undelivered`, options);
  }

  async look(options) {
    const found = await this.load(options);
    if (view === this) this.draw(found);
  }

  draw({ messages }) {
    this.table.hidden = !messages.length;
    const words = messages.length ? text.t("undelivered.count", { count: messages.length }) : text.t("undelivered.none");
    if (this.status.textContent !== words) this.status.textContent = words;
    keyed(this.body, messages, (each) => `${each.ticket} ${each.message}`, (each) => this.fill(h("tr"), each), (row, each) => this.fill(row, each));
  }

  fill(row, each) {
    const key = JSON.stringify(each);
    if (row.dataset.stands === key) return row;
    row.dataset.stands = key;
    const cell = (name, ...words) => h("td", { dataset: { label: text.t(`undelivered.${name}`) } }, ...words);
    row.replaceChildren(
      h("th", { scope: "row" }, h("a", { href: this.shell.href("#/tickets/:ticket", { ticket: each.ticket }) }, h("code", null, each.ticket)), h("span", { class: "dim" }, ` ${text.when(each.at, this.zone)}`)),
      cell("way", text.t(`way.${each.way}`)),
      cell("why", each.why ? failedWhy(each.why) : "–"),
      cell("tries", text.number(each.tries ?? 0)),
      cell("next", each.next_try_at ? text.when(each.next_try_at, this.zone) : text.t("undelivered.given_up")),
      cell("act", this.button(each)),
    );
    return row;
  }

  button(each) {
    const words = text.t("undelivered.try_again_named", { id: each.ticket });
    const made = h("button", { type: "button", "aria-label": words }, text.t("delivery.try_again"));
    made.addEventListener("click", async () => {
      made.disabled = true;
      try {
        await api.post(`/desk/tickets/${part(each.ticket)}/try-again`, { message: each.message });
        this.shell.toast(text.t("done.try_again"));
        await this.look();
      } catch (error) {
        if (error.status === undefined) throw error;
        this.shell.toast(said(error), { kind: "problem", seconds: 10 });
      } finally {
        made.disabled = false;
      }
    });
    return made;
  }
}
