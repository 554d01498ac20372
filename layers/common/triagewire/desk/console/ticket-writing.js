// Telling others that somebody writes a reply, for as long as they do.

import { api, part } from "./api.js";

const RENEW_MS = 45_000;
const IDLE_MS = 120_000;

/** What tells it of one ticket. Whether others learn of it never hinders who writes. */
export function writing(ticket) {
  const path = `/desk/tickets/${part(ticket)}/writing`;
  let timer = null, last = 0;
  const tell = (on, options) => api.post(path, { writing: on }, { background: true, ...options }).catch(() => {});
  const lock = {
    start() {
      last = Date.now();
      if (timer !== null) return;
      timer = setInterval(() => (Date.now() - last > IDLE_MS ? lock.stop() : tell(true)), RENEW_MS);
      tell(true);
    },
    stop() {
      if (timer === null) return;
      clearInterval(timer);
      timer = null;
      tell(false, { keepalive: true });
    },
  };
  return lock;
}
