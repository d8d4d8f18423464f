// What the pages can do without: they work as well when this file is not there.
"use strict";

// A button beside each password shows what is typed.
for (const field of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? field.dataset.hide : field.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.type = "button";
  button.className = "reveal";
  button.setAttribute("aria-label", field.dataset.long);
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => show(field.type === "password"));
  // A browser must not keep a shown password among the texts that it offers again.
  field.form.addEventListener("submit", () => show(false));
  const frame = document.createElement("div");
  frame.className = "frame";
  field.replaceWith(frame);
  frame.append(field, button);
  show(false);
}

// A form is sent once, however often the button is pressed.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
}
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
});
