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

  const add = (className, role) => {
    const box = document.createElement("div");
    box.className = className;
    if (role) box.setAttribute("role", role);
    document.body.append(box);
    return box;
  };
  const tip = add("tip");
  tip.hidden = true;
  const said = add("said", "status");

  for (const svg of document.querySelectorAll("svg.chart")) {
    const name = svg.querySelector(":scope > title");
    const description = svg.querySelector(":scope > desc");
    svg.setAttribute("aria-label", name.textContent);
    if (description) svg.setAttribute("aria-describedby", description.id);
    svg.removeAttribute("aria-labelledby");
    for (const title of svg.querySelectorAll("title")) {
      if (title !== name) title.parentNode.dataset.tip = title.textContent;
      title.remove();
    }
  }
  // The drawing for phones is a copy of the one before it: the same marks in the same order.
  for (const phone of document.querySelectorAll(".drawing.phone")) {
    const tips = [...phone.previousElementSibling.querySelectorAll("[data-tip]:not(text)")];
    phone.querySelectorAll(".t").forEach((mark, at) => { mark.dataset.tip = tips[at]?.dataset.tip ?? ""; });
  }

  const show = (text, left, top, below) => {
    tip.hidden = false;
    tip.textContent = text;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(left, innerWidth - box.width - 8)) + "px";
    tip.style.top = (below + box.height > innerHeight ? top - box.height - 6 : below) + "px";
  };
  document.addEventListener("pointermove", (event) => {
    const mark = event.target.closest?.("svg.chart [data-tip]");
    if (mark) show(mark.dataset.tip, event.clientX + 14, event.clientY - 6, event.clientY + 18);
    else tip.hidden = true;
  });
  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  // With the keyboard: the drawing takes the focus, the arrows go from mark to mark.
  let on = null;
  const leave = () => { on?.classList.remove("on"); on = null; tip.hidden = true; };
  for (const drawing of document.querySelectorAll(".drawing")) {
    const marks = [...drawing.querySelectorAll("[data-tip]")];
    const go = (at) => {
      leave();
      on = marks[at];
      on.classList.add("on");
      on.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = on.getBoundingClientRect();
      show(on.dataset.tip, box.left, box.top, box.bottom + 6);
      said.textContent = on.dataset.tip;
    };
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    drawing.addEventListener("keydown", (event) => {
      const at = marks.indexOf(on);
      if (event.key === "Escape") leave();
      else if (event.key === "Home" && marks.length) go(0);
      else if (event.key === "End" && marks.length) go(marks.length - 1);
      else if (event.key in steps && marks.length) go(Math.max(0, Math.min(marks.length - 1, at + steps[event.key])));
      else return;
      event.preventDefault();
    });
    drawing.addEventListener("blur", leave);
  }
})();
