// One ticket: everything said on it and known of it, and every act that its state allows.

import { api, part } from "./api.js";
import { clock } from "./clock.js";
import { composer } from "./compose.js";
import { dialogs } from "./dialogs.js";
import { h, replace } from "./dom.js";
import { keys } from "./keys.js";
import { said } from "./problems.js";
import { text } from "./text.js";
import { ACTS, actsOf, maySee, mayWork, siteOf } from "./ticket-acts.js";
import { automation, others, unreadable } from "./ticket-aside.js";
import { toolbar } from "./ticket-bar.js";
import { drafts } from "./ticket-drafts.js";
import { header } from "./ticket-header.js";
import { history, routes } from "./ticket-history.js";
import { plainName } from "./ticket-names.js";
import { foldable } from "./ticket-parts.js";
import { requester, staffRequest } from "./ticket-people.js";
import { score } from "./ticket-score.js";
import { talk } from "./ticket-talk.js";

const LOOK_EACH = 2;
const PLAIN = { claim: "claim", accept: "accept", resume: "resume", acknowledge: "acknowledge" };

let page = null;

export default {
  path: "#/tickets/:ticket",
  title: ({ ticket }) => text.t("ticket.title", { id: ticket }),
  async show(root, params, shell) {
    root.append(h("p", { class: "dim", role: "status" }, text.t("ticket.loading")));
    const mine = (page = new Page(root, params.ticket, shell));
    await mine.open();
  },
  refresh: () => page?.look(),
  leave() {
    page?.leave();
    page = null;
  },
};

class Page {
  constructor(root, id, shell) {
    Object.assign(this, { root, id, shell, looks: 0, busy: false, left: false, kept: new Set() });
    this.places = {};
  }

  /** What the parts of the view are told: the ticket, who looks, and what they may do. */
  get about() {
    const { ticket, shell, root } = this, { me } = shell;
    const site = siteOf(me, ticket);
    return {
      ticket, shell, me, site, root, said,
      zone: site?.zone,
      allowed: mayWork(me, ticket),
      copied: () => shell.toast(text.t("ticket.copied")),
      send: (path, body) => this.send(path, body),
      act: (kind, values) => this.write(kind, values),
      choose: (kind) => dialogs[kind](this.about),
      respond: () => this.run("respond"),
      unmerge: (id) => this.run("unmerge", id),
      undo: (message) => this.undo(message.id),
      tryAgain: (message) => this.tryAgain(message),
    };
  }

  async open() {
    await Promise.all([this.load(), drafts.open(this.shell.me)]);
    if (this.left) return;
    this.frame();
    this.draw();
    for (const key of new Set(ACTS.map((act) => act.key))) this.bind(key);
    keys.bind("view", "Ctrl+Enter", () => text.t("compose.send_key"), () => this.composer.submit());
    keys.bind("view", "Escape", () => text.t("ticket.back"), () => this.back());
  }

  async load(options) {
    this.ticket = await api.get(`/desk/tickets/${part(this.id)}`, options);
    // A merged ticket leads to its survivor, whose versions are its own.
    this.id = this.ticket.id;
  }

  /** Load and draw the ticket as it stands by now, without touching what is being written. */
  async reload(options) {
    await this.load(options);
    if (!this.left) this.draw();
  }

  frame() {
    const places = (this.places = {
      head: h("div"), bar: h("div", { class: "bar-place" }), news: h("div", { class: "news" }),
      writing: h("p", { class: "writing", role: "status" }), talk: h("div"), aside: h("div", { class: "ticket-aside" }), past: h("div", { class: "ticket-past" }),
    });
    this.composer = composer(this.about);
    replace(
      this.root,
      h(
        "article",
        { class: "ticket" },
        places.head,
        places.bar,
        places.news,
        h(
          "div",
          { class: "ticket-columns" },
          h("div", { class: "ticket-main" }, places.talk, places.writing, this.composer.element),
          places.aside,
          places.past,
        ),
      ),
    );
  }

  draw() {
    const { places, about, kept } = this;
    const focused = focusOf(this.root);
    replace(places.head, header(about));
    replace(places.bar, toolbar(about, (id) => this.run(id)));
    replace(places.talk, unreadable(about), talk(about));
    replace(places.aside, score(about), requester(about), staffRequest(about), automation(about), others(about));
    replace(
      places.past,
      foldable("routes", text.t("routes.heading"), () => routes(about), { kept }),
      foldable("history", text.t("history.heading"), () => history(about), { kept }),
    );
    this.drawWriting(this.ticket.writing ?? []);
    this.composer.update(about);
    focused?.();
  }

  /** Who else writes a reply, in a line above the box in which one would. */
  drawWriting(all) {
    const names = all.filter((each) => each.member !== this.shell.me.member).map((each) => each.name ?? plainName(this.about, each.member));
    const words = names.length ? text.t("ticket.writing", { names: text.list(names), count: names.length }) : "";
    if (this.places.writing.textContent !== words) this.places.writing.textContent = words;
  }

  bind(key) {
    // Two acts share a key when a ticket never allows both, so who presses it gets the one it has.
    const now = () => actsOf(this.ticket, this.shell.me).find((each) => each.key === key);
    const named = () => now() ?? ACTS.find((each) => each.key === key);
    keys.bind("view", key, () => text.t(`act.${named().id}`), () => now() && this.run(now().id));
  }

  /** Do an act by its name, or say why it is not possible. */
  async run(id, ...more) {
    const act = actsOf(this.ticket, this.shell.me).find((each) => each.id === id);
    if (!act || this.busy) return;
    if (act.barred) {
      this.shell.toast(text.t("act.barred", { act: text.t(`act.${id}`), why: text.t(act.barred) }));
      return;
    }
    if (id === "reply" || id === "note") this.composer.open(id);
    else if (id === "decide") this.shell.go(`#/review/${encodeURIComponent(this.ticket.site)}`);
    else if (PLAIN[id]) await this.plain(id);
    else await this.settle(await dialogs[id](this.about, ...more));
  }

  async plain(id) {
    await this.guarded(async () => {
      const line = await this.send(PLAIN[id], {});
      const others = id === "acknowledge" && !line.acknowledged_at;
      await this.settle({ line, words: text.t(others ? "done.acknowledge_others" : `done.${id}`) });
    });
  }

  /** One act at a time: a second press changes nothing. */
  async guarded(run) {
    if (this.busy) return;
    this.busy = true;
    this.root.setAttribute("aria-busy", "true");
    try {
      await run();
    } catch (error) {
      if (error.status === undefined) throw error;
      this.shell.problem(error);
    } finally {
      this.busy = false;
      this.root.removeAttribute("aria-busy");
    }
  }

  /** Post an act on the version that is shown; where that is old, show how it stands now. */
  async send(path, body) {
    try {
      return await api.post(`/desk/tickets/${part(this.id)}/${path}`, { ...body, version: this.ticket.version });
    } catch (error) {
      if (error.status === 409 && !this.left) await this.reload({ background: true }).catch(() => {});
      throw error;
    }
  }

  /** An act was done: say so and what comes next, and show the ticket. */
  async settle(done) {
    if (!done) return;
    if (done.words) this.shell.toast(done.words);
    // A look at what went to another team would be refused, and stand in the ledger.
    if (done.line && !maySee(this.shell.me, done.line)) this.shell.go("#/mine");
    else await this.reload();
  }

  /** Send a reply or keep a note; a reply may be taken back for some seconds. */
  async write(kind, values) {
    const line = await this.send(kind, values);
    if (kind === "note") {
      await this.settle({ line, words: text.t("done.note") });
      return;
    }
    this.sent = { message: line.message, values };
    const seconds = Math.floor((Date.parse(line.undo_until) - clock.now()) / 1_000);
    if (seconds > 0) this.offerUndo(seconds);
    else this.shell.toast(text.t("done.reply_now"));
    await this.settle({ line });
  }

  offerUndo(seconds) {
    const { message, values } = this.sent;
    this.shell.toast(text.t("done.reply"), {
      label: (left) => text.t("delivery.undo_in", { count: left }),
      seconds,
      run: () => this.undo(message, values),
    });
  }

  async undo(message, values) {
    await this.guarded(async () => {
      const line = await api.post(`/desk/tickets/${part(this.id)}/undo-reply`, { message });
      const back = values ?? this.valuesOf(message);
      if (back && !this.left) {
        this.composer.restore("reply", { words: back.text, subject: back.subject ?? "", template: back.template ?? "", language: back.language ?? "" });
      }
      if (!this.left) await this.settle({ line, words: text.t("done.undone") });
    });
  }

  valuesOf(message) {
    return this.ticket.messages.find((each) => each.id === message);
  }

  async tryAgain(message) {
    await this.guarded(async () => {
      const line = await this.send("try-again", { message: message.id });
      await this.settle({ line, words: text.t("done.try_again") });
    });
  }

  /** Look, unasked, who writes and whether anything has happened; every other time it is due. */
  async look() {
    this.looks += 1;
    if (!this.composer || this.busy || this.looks % LOOK_EACH) return;
    const body = { version: this.ticket.version };
    const news = await api.post(`/desk/tickets/${part(this.id)}/writing`, body, { background: true });
    if (this.left || this.busy) return;
    this.drawWriting(news.writing ?? []);
    if (!news.changed?.length || document.querySelector("dialog[open]")) return;
    await this.reload({ background: true });
    const what = text.list(news.changed.map((each) => text.code("action", each)));
    this.shell.announce(text.t("ticket.changed", { what }));
    replace(this.places.news, h("p", { class: "flag flag-note" }, text.t("ticket.changed_at", { what, at: text.clockTime(new Date().toISOString(), this.about.zone) })));
  }

  back() {
    const { ticket, shell } = this;
    const known = siteOf(shell.me, ticket)?.teams.some((each) => each.id === ticket.team);
    shell.go(known ? shell.href("#/queues/:site/:team", { site: ticket.site, team: ticket.team }) : "#/mine");
  }

  leave() {
    this.left = true;
    this.composer?.leave();
  }
}

/** What puts the focus back where it was, in parts that are drawn anew. */
function focusOf(root) {
  const held = document.activeElement;
  if (!held || !root.contains(held) || held.closest(".compose")) return null;
  const key = held.dataset.act ? `[data-act="${held.dataset.act}"]` : held.tagName === "H1" ? "h1" : null;
  return () => {
    if (!held.isConnected) (root.querySelector(key ?? "h1") ?? root).focus({ preventScroll: true });
  };
}
