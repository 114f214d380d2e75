// What an element says when it is pointed at or touched stands beside it at once.
const picture = document.getElementById("picture");
const tip = document.getElementById("tip");
for (const title of picture.querySelectorAll("title")) {
  title.parentElement.dataset.tip = title.textContent;
  title.remove();
}
const show = ({ target, clientX: x, clientY: y }) => {
  const under = target.closest("[data-tip]");
  tip.hidden = !under;
  if (!under) return;
  tip.textContent = under.dataset.tip;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - width - 8))}px`;
  tip.style.top = `${y + 18 + height > innerHeight ? y - height - 10 : y + 18}px`;
};
picture.onpointermove = picture.onpointerdown = show;
picture.onpointerleave = () => { tip.hidden = true; };
