const unpack = async (packed) =>
  JSON.parse(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text());

export default function ({ parentElement, data, setTriggerValue }) {
  const scroll = parentElement.querySelector(".scroll");
  const tip = parentElement.querySelector(".tip");
  const draw = ({ svg: text, widths, picks }) => {
    scroll.classList.toggle("picks", picks);
    scroll.drawn = data;
    if (scroll.shown === text) return;
    hide();
    scroll.shown = text;
    scroll.innerHTML = text;
    const svg = scroll.querySelector("svg");
    for (const [name, px] of Object.entries(widths)) svg.style.setProperty(`--${name}`, `${px}px`);
    for (const title of svg.querySelectorAll("title")) {
      title.parentElement.dataset.tip = title.textContent;
      title.remove();
    }
    fade();
  };
  const show = (event) => {
    const under = event.target.closest?.("[data-tip]");
    tip.hidden = !under;
    if (!under) return;
    tip.textContent = under.dataset.tip;
    const box = tip.getBoundingClientRect();
    const left = Math.min(event.clientX + 14, innerWidth - box.width - 8);
    const above = event.clientY + 18 + box.height > innerHeight;
    tip.style.left = `${Math.max(left, 8)}px`;
    tip.style.top = `${above ? event.clientY - box.height - 10 : event.clientY + 18}px`;
  };
  const hide = () => { tip.hidden = true; };
  const fade = () => scroll.classList.toggle("more", scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 4);
  scroll.onscroll = fade;
  scroll.resized ??= new ResizeObserver(() => scroll.onscroll());
  scroll.resized.observe(scroll);
  scroll.onpointermove = show;
  scroll.onpointerdown = show;
  scroll.onpointerleave = hide;
  scroll.onclick = (event) => {
    const current = scroll.drawn === scroll.newest && scroll.classList.contains("picks");
    const picked = current && event.target.closest("[data-row]");
    if (picked) setTriggerValue("row", Number(picked.dataset.row));
  };
  scroll.newest = data;  // what is unpacked after something newer has come is not drawn
  const unlessOld = (then) => (given) => scroll.newest === data && then(given);
  const refuse = () => { scroll.textContent = scroll.shown = "This browser is too old to draw the picture."; };
  unpack(data).then(unlessOld(draw), unlessOld(refuse));
  return () => scroll.resized.disconnect();
}
