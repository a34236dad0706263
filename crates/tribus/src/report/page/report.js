
(() => {
  const root = document.documentElement;
  const store = (value) => { try { return value ? localStorage.setItem("tribus-theme", value) : localStorage.getItem("tribus-theme"); } catch { return null; } };
  const saved = store();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Light / dark";
  button.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    store(root.dataset.theme);
  });
  document.querySelector("nav .inner").append(button);

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  for (const title of document.querySelectorAll("svg.chart title")) {
    title.parentNode.setAttribute("aria-label", title.textContent);
    title.parentNode.removeAttribute("aria-labelledby");
    title.remove();
  }
  document.addEventListener("pointermove", (event) => {
    const mark = event.target.closest?.("svg.chart [aria-label]");
    tip.hidden = !mark;
    if (!mark) return;
    tip.textContent = mark.getAttribute("aria-label");
    const box = tip.getBoundingClientRect();
    const left = Math.min(event.clientX + 14, innerWidth - box.width - 8);
    const below = event.clientY + 18;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = (below + box.height > innerHeight ? event.clientY - box.height - 12 : below) + "px";
  });
  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
})();
