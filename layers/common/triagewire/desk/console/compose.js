// Where a reply or a note is written. It stays as it is while the ticket around it is drawn anew.

import { h, replace } from "./dom.js";
import { text } from "./text.js";
import { drafts } from "./ticket-drafts.js";
import { actsOf } from "./ticket-acts.js";
import { button } from "./ticket-parts.js";
import { lengthWords } from "./ticket-sms.js";
import { templates } from "./ticket-templates.js";
import { replyOf, wayOf } from "./ticket-way.js";
import { writing } from "./ticket-writing.js";

const MOST = { reply: 20_000, note: 50_000, sms: 1_600 };
const MOST_SUBJECT = 200;
const KINDS = ["reply", "note"];

/**
 * The composer of a ticket. `about` is {ticket, shell, site, act(kind, values), choose(kind),
 * respond()}: `act` sends and throws what was refused, `respond` asks how else somebody was
 * reached. `update(about)` tells it how the ticket stands by now.
 */
export function composer(about) {
  return new Composer(about);
}

class Composer {
  constructor(about) {
    this.about = about;
    this.kind = "reply";
    this.template = "";
    this.sending = null;
    this.writing = writing(about.ticket.id);
    this.element = this.frame();
    this.use(drafts.has(about.ticket.id, "note") && !drafts.has(about.ticket.id, "reply") ? "note" : "reply");
  }

  /** Show how the ticket stands by now; what was begun stays. */
  update(about) {
    const { id } = this.about.ticket;
    this.about = about;
    if (about.ticket.id !== id) this.move(id);
    this.drawWay();
    this.drawState();
  }

  /** The ticket was merged into another: what was begun goes with it. */
  move(from) {
    drafts.move(from, this.about.ticket.id);
    this.writing.stop();
    this.writing = writing(this.about.ticket.id);
    const { words } = drafts.read(this.about.ticket.id, this.kind);
    // Only what was begun there too is put below; the caret stays.
    if (words !== this.words.value) this.words.setRangeText(words, 0, this.words.value.length, "preserve");
  }

  /** Go and write: a reply or a note. */
  open(kind) {
    if (kind !== this.kind) this.use(kind);
    this.words.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Put words into the box again, as of a reply that was taken back, before what was begun since. */
  restore(kind, draft) {
    const { id } = this.about.ticket;
    const since = drafts.read(id, kind).words.trim();
    drafts.keep(id, kind, since ? { ...draft, words: `${draft.words}\n\n${since}` } : draft);
    this.use(kind);
  }

  /** The view is left: the text is kept, and nobody is told any more that one writes. */
  leave() {
    this.writing.stop();
  }

  frame() {
    const id = "compose";
    this.words = h("textarea", {
      id: `${id}-words`, rows: 5, dir: "auto", spellcheck: "true", autocomplete: "off",
      "aria-describedby": `${id}-way ${id}-count ${id}-problem`,
      on: { input: () => this.typed(), keydown: (event) => this.pressed(event) },
    });
    this.subject = h("input", { id: `${id}-subject`, type: "text", maxlength: MOST_SUBJECT, autocomplete: "off", dir: "auto", on: { input: () => this.typed() } });
    this.subjectRow = h("div", { class: "field" }, h("label", { for: `${id}-subject` }, text.t("compose.subject")), this.subject);
    this.templates = templates(`${id}-template`, this.about, (chosen) => this.insert(chosen));
    this.language = h("select", { id: `${id}-language`, on: { change: () => this.typed() } });
    this.options = h(
      "div",
      { class: "compose-options" },
      h("div", { class: "field" }, h("label", { for: `${id}-template` }, text.t("compose.template")), this.templates),
      h("div", { class: "field" }, h("label", { for: `${id}-language` }, text.t("compose.language")), this.language),
    );
    this.label = h("label", { for: `${id}-words` });
    this.way = h("div", { id: `${id}-way`, class: "compose-way" });
    this.count = h("p", { id: `${id}-count`, class: "compose-count dim" });
    this.problem = h("p", { id: `${id}-problem`, class: "problem", role: "alert" });
    this.kept = h("p", { class: "dim compose-kept" }, text.t("compose.kept"));
    this.send = button("primary", () => this.submit());
    this.sendThen = button("", () => this.submitThen(), text.t("compose.send_then"));
    this.discard = button("quiet", () => this.clear(), text.t("compose.discard"));
    this.tabs = KINDS.map((kind) => this.tab(kind));
    const form = h(
      "form",
      { class: "compose-form", novalidate: true, on: { submit: (event) => event.preventDefault() } },
      this.way,
      this.options,
      this.subjectRow,
      this.label,
      this.words,
      this.count,
      this.problem,
      h("div", { class: "compose-acts" }, this.send, this.sendThen, this.discard),
      this.kept,
    );
    return h(
      "section",
      { class: "part compose", "aria-labelledby": `${id}-heading` },
      h("h2", { id: `${id}-heading`, class: "unseen" }, text.t("compose.heading")),
      h("div", { class: "tabs", role: "radiogroup", "aria-labelledby": `${id}-heading` }, this.tabs),
      form,
    );
  }

  tab(kind) {
    const input = h("input", { type: "radio", name: "compose-kind", value: kind, on: { change: () => this.use(kind) } });
    return h("label", { class: "tab" }, input, h("span", null, text.t(`compose.kind_${kind}`)));
  }

  /** Write something of the other kind; each has a text of its own. */
  use(kind) {
    this.kind = kind;
    const draft = drafts.read(this.about.ticket.id, kind);
    this.words.value = draft.words;
    this.subject.value = draft.subject;
    this.template = draft.template;
    this.drawLanguages(draft.language);
    for (const tab of this.tabs) tab.firstChild.checked = tab.firstChild.value === kind;
    this.element.dataset.kind = kind;
    this.words.maxLength = this.most;
    this.label.textContent = text.t(`compose.words_${kind}`);
    this.send.textContent = text.t(`compose.send_${kind}`);
    this.say("");
    this.drawWay();
    this.drawState();
    this.grow();
  }

  get reply() {
    return replyOf(this.about.ticket);
  }

  get most() {
    return this.kind === "reply" && this.reply?.way === "sms" ? MOST.sms : MOST[this.kind];
  }

  /** By which way to which address it goes, or why it cannot. */
  drawWay() {
    const isNote = this.kind === "note";
    this.options.hidden = isNote;
    this.subjectRow.hidden = isNote || this.reply?.way !== "email";
    this.sendThen.hidden = isNote;
    const stands = JSON.stringify([isNote, this.reply, this.about.ticket.requester.phone]);
    if (stands === this.stands) return;
    this.stands = stands;
    replace(this.way, isNote ? h("p", null, text.t("compose.note_for")) : wayOf(this.about, this.reply));
  }

  /** Whether it may be sent, how long it is, and what is said about that. */
  drawState() {
    const act = actsOf(this.about.ticket, this.about.shell.me).find((each) => each.id === this.kind);
    const stopped = this.kind === "reply" && (!this.reply || this.reply.barred === "opted_out");
    const empty = !this.words.value.trim();
    const why = act?.barred ? text.t(act.barred) : stopped ? text.t("compose.cannot_send") : "";
    for (const each of [this.send, this.sendThen]) {
      each.disabled = Boolean(this.sending || empty || why);
      each.title = why;
    }
    const kept = this.about.ticket.review ? "bar.review" : this.about.ticket.status === "resolved" ? "bar.resolved" : "";
    if (kept) Object.assign(this.sendThen, { disabled: true, title: text.t(kept) });
    // What is on its way stays as it is; the other kind may be written meanwhile.
    const held = this.sending === this.kind;
    for (const each of [this.templates, this.language, this.discard]) each.disabled = held;
    this.subject.readOnly = held;
    this.words.readOnly = held || Boolean(act?.barred && empty);
    this.words.placeholder = act?.barred ? text.t(act.barred) : "";
    this.discard.hidden = empty;
    this.kept.hidden = empty;
    const isSms = this.kind === "reply" && this.reply?.way === "sms";
    this.count.textContent = empty ? "" : lengthWords(this.words.value, { isSms, most: this.most });
  }

  typed() {
    this.keep();
    this.drawState();
    this.say("");
    this.grow();
    if (this.kind === "reply" && this.words.value.trim()) this.writing.start();
    else this.writing.stop();
  }

  keep() {
    drafts.keep(this.about.ticket.id, this.kind, {
      words: this.words.value,
      subject: this.subject.value,
      template: this.template,
      language: this.language.value,
    });
  }

  grow() {
    this.words.style.height = "auto";
    this.words.style.height = `${Math.min(this.words.scrollHeight + 4, window.innerHeight * 0.5)}px`;
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.words.blur();
      this.element.closest("main")?.querySelector("h1")?.focus();
    }
  }

  drawLanguages(chosen) {
    const { site, ticket } = this.about;
    const all = [...new Set([ticket.language, ...(site?.languages ?? []), "en", "es"])].filter((each) => each && each !== "und");
    const value = chosen || (all.includes(ticket.language) ? ticket.language : all[0]);
    replace(this.language, all.map((each) => h("option", { value: each, selected: each === value }, text.languageName(each))));
  }

  /** A template is put where one writes; what was there stays. */
  insert(chosen) {
    const before = this.words.value.trim();
    this.words.value = before ? `${before}\n\n${chosen.text}` : chosen.text;
    if (chosen.subject && !this.subject.value) this.subject.value = chosen.subject;
    this.template = chosen.id;
    this.drawLanguages(chosen.language);
    this.words.focus();
    this.typed();
    this.about.shell.announce(text.t("compose.inserted", { title: chosen.title }));
  }

  async submitThen() {
    const outcome = await this.about.choose("reply_resolve");
    if (outcome) await this.submit(outcome);
  }

  async submit(outcome) {
    if (this.sending || this.send.disabled) return;
    const { kind } = this;
    this.sending = kind;
    this.drawState();
    this.say("");
    const values = this.values(outcome);
    try {
      await this.about.act(kind, values);
      drafts.drop(this.about.ticket.id, kind);
      if (kind === "reply") this.writing.stop();
      if (this.kind === kind) this.use(kind);
    } catch (error) {
      if (error.status === undefined) throw error;
      this.say(`${this.about.said(error)} ${text.t("compose.not_lost")}`);
    } finally {
      this.sending = null;
      this.drawState();
    }
  }

  values(outcome) {
    const words = this.words.value.trim();
    if (this.kind === "note") return { text: words };
    const values = { text: words };
    if (this.reply?.way === "email" && this.subject.value.trim()) values.subject = this.subject.value.trim();
    if (this.template) values.template = this.template;
    if (this.language.value) values.language = this.language.value;
    if (outcome) values.resolve = outcome;
    if (this.reply?.barred) values.anyway = true;
    return values;
  }

  clear() {
    const { kind } = this, ticket = this.about.ticket.id;
    const draft = drafts.read(ticket, kind);
    drafts.drop(ticket, kind);
    this.writing.stop();
    this.use(kind);
    this.words.focus();
    const run = () => this.restore(kind, draft);
    this.about.shell.toast(text.t("compose.discarded"), { label: text.t("compose.undiscard"), run });
  }

  say(words) {
    this.problem.textContent = words;
    if (words) this.words.setAttribute("aria-invalid", "true");
    else this.words.removeAttribute("aria-invalid");
  }
}
