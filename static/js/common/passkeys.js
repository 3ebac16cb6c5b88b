// What a passkey could not do is said beside its button, in words; django-allauth's script only tells the console.
const note = document.querySelector("[data-passkey-note]");

const tell = (why) => {
  if (!note) return;
  note.textContent = note.dataset[why] ?? note.dataset.other;
  note.hidden = false;
};

const named = (exception) => {
  const name = exception?.name ?? "";
  return name.charAt(0).toLowerCase() + name.slice(1);
};

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (document.querySelector("[data-passkey-obstacle]")) button.disabled = true;
  else if (!window.PublicKeyCredential) {
    button.disabled = true;
    tell("none");
  }
  button.addEventListener("click", () => {
    if (note) note.hidden = true;
  });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  tell(named(event.detail.exception));
});
