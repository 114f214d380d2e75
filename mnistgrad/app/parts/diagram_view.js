const unpack = async (packed) =>
  JSON.parse(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text());

const PATIENCE = 3_000; // ms for an answer; what is sent again for nothing, the server knows by its number
const STILL = 5; // px that a hand may move between press and release

// Every click counts. Those made while others are on their way are sent once the server has answered these, since only then
// the page's fields hold what they made. answered: the number of the last click that the server knows.
const takeClicks = (scroll, answered, setTriggerValue) => {
  const begun = !scroll.clicks || answered < scroll.answered; // it counts anew where the server does
  if (begun) Object.assign(scroll, { clicks: [], made: answered, sent: answered });
  scroll.answered = answered;
  scroll.clicks = scroll.clicks.filter(([number]) => number > answered);
  const send = () => {
    const waits = scroll.sent > answered && performance.now() - scroll.sentAt < PATIENCE;
    if (!scroll.clicks.length || waits) return;
    scroll.sent = scroll.made;
    scroll.sentAt = performance.now();
    setTriggerValue("clicks", scroll.clicks);
  };
  const choose = (picked) => {
    if (!picked || !scroll.classList.contains("picks")) return;
    scroll.clicks.push([++scroll.made, Number(picked.dataset.row)]);
    send();
  };
  scroll.onclick = (event) => choose(event.target.closest("[data-row]"));
  scroll.onpointerup = (event) => { // where a new picture came since the press of a mouse, the browser makes no click of it
    const { pressed } = scroll;
    scroll.pressed = null;
    const still = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < STILL;
    if (still && pressed.row && !pressed.row.isConnected) choose(pressed.row);
  };
  send();
};

export default function ({ parentElement, data, setTriggerValue }) {
  const scroll = parentElement.querySelector(".scroll");
  const tip = parentElement.querySelector(".tip");
  const draw = ({ svg: text, widths, picks }) => {
    scroll.classList.toggle("picks", picks);
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
  scroll.onpointerdown = (event) => {
    const mouse = event.pointerType === "mouse" && event.button === 0;
    scroll.pressed = mouse && { row: event.target.closest("[data-row]"), x: event.clientX, y: event.clientY };
    show(event);
  };
  scroll.onpointerleave = () => {
    scroll.pressed = null;
    hide();
  };
  takeClicks(scroll, new DataView(data.buffer, data.byteOffset).getUint32(0), setTriggerValue);
  scroll.newest = data;  // what is unpacked after something newer has come is not drawn
  const unlessOld = (then) => (given) => scroll.newest === data && then(given);
  const refuse = () => { scroll.textContent = scroll.shown = "This browser is too old to draw the picture."; };
  unpack(data.subarray(4)).then(unlessOld(draw), unlessOld(refuse));
  return () => scroll.newest === data && scroll.resized.disconnect(); // it may come late, when newer data have been drawn
}
