// A button beside each password that shows what was typed, so that it need not be typed twice.
for (const input of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button show-password";
  button.textContent = "Show password";
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const isHidden = input.type === "password";
    input.type = isHidden ? "text" : "password";
    button.textContent = isHidden ? "Hide password" : "Show password";
  });
  // What is sent must be a password again: browsers offer to keep it, and keep no other text.
  input.form.addEventListener("submit", () => { input.type = "password"; });
  input.after(button);
}
