"use strict";
// Elements of the page. All text is set as text, never as HTML.
globalThis.conflictmap ??= {};
{
  /** An element with attributes and children; strings become text. `onclick` and the like take functions. */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) node.setAttribute(name, "");
      else if (value === false || value == null) continue;
      else if (typeof value === "function") node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value);
    }
    node.append(...children.flat(Infinity).filter((child) => child != null && child !== ""));
    return node;
  }

  /** Text that comes from articles: its own direction, whatever the language of the interface. */
  const said = (tag, text, className) => el(tag, { dir: "auto", class: className }, text);

  /** A link, only to http and https; anything else is shown as the text that it is. */
  function link(url, text) {
    if (!/^https?:\/\//i.test(url)) return said("span", url, "cm-nolink");
    return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
  }

  /** To the clipboard; where the browser allows none, through a field that is there for a moment. Says whether it went. */
  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const before = document.activeElement;
      const field = el("textarea", { class: "cm-unseen", "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      before?.focus?.();
      return done;
    }
  }

  /** A button that copies what `textOf` gives and says so. */
  function copyButton(label, copiedLabel, textOf, attributes = {}) {
    const button = el("button", { type: "button", class: "cm-button", ...attributes }, label);
    button.addEventListener("click", async () => {
      const done = await copyText(await textOf());
      if (!done) return;
      button.textContent = copiedLabel;
      button.setAttribute("aria-live", "polite");
      setTimeout(() => (button.textContent = label), 2000);
    });
    return button;
  }

  Object.assign(conflictmap, { el, said, link, copyText, copyButton });
}
