// Finding a ticket: by its number, by who asks, or by the words of open ones. What is looked for
// goes in the body of the request and never into an address or the history.

import { api } from "./api.js";
import { h, replace } from "./dom.js";
import { idOf } from "./dialogs.js";
import { keys } from "./keys.js";
import { said } from "./problems.js";
import { text } from "./text.js";
import { browse, lines } from "./ticket-lines.js";

const KINDS = ["text", "ticket", "email", "phone", "patient_id"];
const TYPES = { email: "email", phone: "tel" };
const TICKET_ID = /^[A-Z2-7]{26}$/;

let view = null;

export default {
  path: "#/search/:site",
  title: () => text.t("search.title"),
  async show(root, params, shell) {
    view = new Search(root, params.site, shell);
    view.open();
  },
  refresh() {},
  leave() {
    view = null;
  },
};

class Search {
  constructor(root, site, shell) {
    Object.assign(this, { root, site, shell, turn: 0 });
    this.table = lines({ shell, caption: text.t("search.found") });
    this.table.element.hidden = true;
  }

  open() {
    this.kind = h("select", { id: "search-kind", on: { change: () => this.chosen() } }, KINDS.map((each) => h("option", { value: each }, text.t(`search.by_${each}`))));
    this.words = h("input", { id: "search-words", type: "text", autocomplete: "off", spellcheck: "false", maxlength: 300, "aria-describedby": "search-hint search-problem" });
    this.hint = h("p", { id: "search-hint", class: "hint" });
    this.problem = h("p", { id: "search-problem", class: "problem", role: "alert" });
    this.closed = h("input", { id: "search-closed", type: "checkbox" });
    this.closedRow = h("div", { class: "field field-checkbox" }, this.closed, h("label", { for: "search-closed" }, text.t("search.closed")));
    this.button = h("button", { type: "submit", class: "primary" }, text.t("search.go"));
    this.status = h("p", { class: "search-status", role: "status" });
    replace(
      this.root,
      h("h1", null, text.t("search.title")),
      h(
        "form",
        { class: "search", role: "search", novalidate: true, on: { submit: (event) => this.go(event) } },
        h("div", { class: "field" }, h("label", { for: "search-kind" }, text.t("search.by")), this.kind),
        h("div", { class: "field search-words" }, h("label", { for: "search-words" }, text.t("search.words")), this.words, this.hint, this.problem),
        this.closedRow,
        this.button,
      ),
      this.status,
      this.table.element,
    );
    this.chosen();
    browse(this.root, keys);
    this.words.focus();
  }

  chosen() {
    const kind = this.kind.value;
    this.words.type = TYPES[kind] ?? "text";
    this.hint.textContent = text.t(`search.hint_${kind}`);
    this.closedRow.hidden = kind === "ticket";
    this.say("");
  }

  say(words) {
    this.problem.textContent = words;
    if (words) this.words.setAttribute("aria-invalid", "true");
    else this.words.removeAttribute("aria-invalid");
  }

  async go(event) {
    event.preventDefault();
    const words = this.words.value.trim();
    if (!words) {
      this.say(text.t("search.empty"));
      this.words.focus();
      return;
    }
    const turn = (this.turn += 1);
    this.button.disabled = true;
    this.status.textContent = text.t("search.running");
    this.say("");
    try {
      const found = await api.post("/desk/search", this.asked(words));
      if (view === this && turn === this.turn) this.show(found);
    } catch (error) {
      if (error.status === undefined) throw error;
      this.status.textContent = "";
      this.say(said(error));
    } finally {
      this.button.disabled = false;
    }
  }

  /** What is asked: a ticket's number is known as one wherever it was typed. */
  asked(words) {
    const kind = this.kind.value, { site } = this;
    const id = idOf(words);
    if (kind === "ticket" || (kind === "text" && TICKET_ID.test(id))) return { site, ticket: id };
    const closed = this.closed.checked ? { closed: true } : {};
    return kind === "text" ? { site, text: words, ...closed } : { site, requester: { [kind]: words }, ...closed };
  }

  show({ tickets, more }) {
    this.table.update(tickets);
    this.table.element.hidden = !tickets.length;
    const told = tickets.length ? text.t("search.count", { count: tickets.length }) : text.t("search.nothing");
    this.status.textContent = more ? `${told} ${text.t("search.more")}` : told;
    this.table.element.querySelector("tbody th a")?.focus();
  }
}
