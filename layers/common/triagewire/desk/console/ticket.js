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
import { focusOf, foldable } from "./ticket-parts.js";
import { requester, staffRequest } from "./ticket-people.js";
import { score } from "./ticket-score.js";
import { Standing } from "./ticket-standing.js";
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
    Object.assign(this, { root, shell, looks: 0, busy: false, left: false, touched: null, kept: new Set() });
    this.standing = new Standing(id);
    this.places = {};
  }

  get id() {
    return this.standing.id;
  }

  get ticket() {
    return this.standing.ticket;
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
    const asked = this.id;
    await Promise.all([this.standing.load(), drafts.open(this.shell.me)]);
    if (this.left) return;
    if (this.id !== asked) drafts.move(asked, this.id);
    this.frame();
    this.draw();
    for (const key of new Set(ACTS.map((act) => act.key))) this.bind(key);
    keys.bind("view", "Ctrl+Enter", () => text.t("compose.send_key"), () => this.composer.submit());
    keys.bind("view", "Escape", () => text.t("ticket.back"), () => this.back());
  }

  /** Load and draw the ticket as it stands by now, without touching what is being written. */
  async reload(options) {
    await this.standing.load(options);
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
    // The message that was acted on last, until it is shown as it stands after that.
    this.touched = null;
    this.drawLine();
    replace(places.talk, unreadable(about), talk(about));
    replace(places.aside, score(about), requester(about), staffRequest(about), automation(about), others(about));
    replace(
      places.past,
      foldable("routes", text.t("routes.heading"), () => routes(about), { kept }),
      foldable("history", text.t("history.heading"), () => history(about), { kept }),
    );
    this.drawWriting(this.ticket.writing ?? []);
    focused?.();
  }

  /** What an act tells by itself: how the ticket stands and what can be done with it. */
  drawLine() {
    const { places, about } = this;
    const focused = focusOf(this.root);
    replace(places.head, header(about));
    // What has not changed is not drawn again: a button under somebody's finger stays the same.
    const acts = JSON.stringify(actsOf(about.ticket, about.me));
    if (acts !== this.acts) replace(places.bar, toolbar(about, (id) => this.run(id)));
    this.acts = acts;
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
    else this.settle(await dialogs[id](this.about, ...more));
  }

  async plain(id) {
    await this.guarded(async () => {
      const line = await this.send(PLAIN[id], {});
      const others = id === "acknowledge" && !line.acknowledged_at;
      this.settle({ line, words: text.t(others ? "done.acknowledge_others" : `done.${id}`) });
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
      this.troubled(error);
    } finally {
      this.busy = false;
      this.root.removeAttribute("aria-busy");
    }
  }

  troubled(error) {
    if (error.status === undefined) throw error;
    this.shell.problem(error);
  }

  /** Do an act on the version that is shown; where that is old, show how it stands now. */
  async send(path, body) {
    try {
      return await this.standing.act(path, body);
    } catch (error) {
      if (error.status === 409 && !this.left) await this.reload({ background: true }).catch(() => {});
      throw error;
    }
  }

  /** An act was done: say so and what comes next, and show it. Nobody waits for it to be loaded. */
  settle(done) {
    if (done?.words) this.shell.toast(done.words);
    if (!done || this.left) return;
    // A look at what went to another team would be refused, and stand in the ledger.
    if (done.line && !maySee(this.shell.me, done.line)) this.shell.go("#/mine");
    else {
      this.drawLine();
      this.reload().catch((error) => this.left || this.troubled(error));
    }
  }

  /** Send a reply or keep a note; a reply may be taken back for some seconds. */
  async write(kind, values) {
    const line = await this.send(kind, values);
    if (kind === "note") return this.settle({ line, words: text.t("done.note") });
    this.sent = { message: line.message, values };
    const seconds = Math.floor((Date.parse(line.undo_until) - clock.now()) / 1_000);
    if (seconds > 0) this.offerUndo(seconds);
    else this.shell.toast(text.t("done.reply_now"));
    return this.settle({ line });
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
      if (message === this.touched) return;
      const line = await this.standing.plain("undo-reply", { message });
      this.touched = message;
      const back = values ?? this.ticket.messages.find((each) => each.id === message);
      if (back && !this.left) {
        this.composer.restore("reply", { words: back.text, subject: back.subject ?? "", template: back.template ?? "", language: back.language ?? "" });
      }
      if (!this.left) this.settle({ line, words: text.t("done.undone") });
    });
  }

  async tryAgain(message) {
    await this.guarded(async () => {
      if (message.id === this.touched) return;
      const line = await this.send("try-again", { message: message.id });
      this.touched = message.id;
      this.settle({ line, words: text.t("done.try_again") });
    });
  }

  /** Look, unasked, who writes and whether anything has happened; every other time it is due. */
  async look() {
    this.looks += 1;
    if (!this.composer || this.busy || this.looks % LOOK_EACH) return;
    const { version } = this.ticket;
    const news = await api.post(`/desk/tickets/${part(this.id)}/writing`, { version }, { background: true });
    if (this.left || this.busy) return;
    this.drawWriting(news.writing ?? []);
    // What one has done meanwhile oneself is no news.
    if (this.standing.underWay || version !== this.ticket.version) return;
    if (this.standing.isBehind) await this.reload({ background: true });
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
