// A ticket as it stands: what is loaded of it, and the acts on it. What is known never goes back,
// so that who acts right after an act of their own is not refused for it.

import { api, part } from "./api.js";

export class Standing {
  constructor(id) {
    Object.assign(this, { id, ticket: null, begun: 0, taken: 0, whole: 0, underWay: 0, last: null });
  }

  /** Whether an act has told something of it that has not been loaded yet. */
  get isBehind() {
    return this.whole !== this.ticket.version;
  }

  /** Load it. An answer that an act or a later look has overtaken is dropped. */
  async load(options) {
    const mine = (this.begun += 1);
    const found = await api.get(`/desk/tickets/${part(this.id)}`, options);
    if (mine < this.taken || this.isOld(found)) return;
    Object.assign(this, { ticket: found, taken: mine, whole: found.version });
    // A merged ticket leads to its survivor, whose versions are its own.
    this.id = found.id;
  }

  /** Do something on the version that is shown. One act goes after the other: the next one is sent
   *  with the version that one's own has made, and with none that others have made unseen. */
  act(path, body) {
    const { version } = this.ticket;
    return this.after((own) => this.post(path, { ...body, version: Math.max(version, own) }));
  }

  /** The same for what needs no version. */
  plain(path, body) {
    return this.after(() => this.post(path, body));
  }

  after(run) {
    const before = this.last;
    const mine = this.counted(async () => {
      const line = await before?.catch(() => null);
      return run(line?.id === this.id ? line.version : 0);
    });
    this.last = mine;
    return mine;
  }

  async counted(run) {
    this.underWay += 1;
    try {
      return await run();
    } finally {
      this.underWay -= 1;
    }
  }

  async post(path, body) {
    const line = await api.post(`/desk/tickets/${part(this.id)}/${path}`, body);
    this.take(line);
    return line;
  }

  /** Every act answers how the ticket stands after it. */
  take(line) {
    if (line.id !== this.id || this.isOld(line)) return;
    const told = Object.entries(line).filter(([name]) => name in this.ticket);
    this.ticket = { ...this.ticket, ...Object.fromEntries(told) };
  }

  isOld({ id, version }) {
    return this.ticket?.id === id && version < this.ticket.version;
  }
}
