// Views that are fetched when they are wanted, or when nothing else is to be done.

import { text } from "./text.js";

/** A view whose module comes later: `load` imports it, `name` is its title until then. */
export function later(path, name, load) {
  let view = null;
  let turn = 0;
  const fetched = async () => {
    view ??= (await load()).default;
    return view;
  };
  return {
    path,
    title: (params) => (view ? view.title(params) : text.t(name)),
    async show(root, params, shell) {
      const mine = (turn += 1);
      const found = await fetched();
      if (mine === turn) await found.show(root, params, shell);
    },
    refresh: () => view?.refresh?.(),
    leave() {
      turn += 1;
      view?.leave?.();
    },
    /** Have it at hand before it is asked for. */
    warm: () => fetched().catch(() => {}),
  };
}
