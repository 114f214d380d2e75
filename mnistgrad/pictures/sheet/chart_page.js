// Draws the chart as high as its place, reflowed to its width; in a narrow place it is drawn smaller.
const place = document.getElementById("picture");
const { spec, height, least } = JSON.parse(document.getElementById("given").textContent);
const chart = place.appendChild(document.createElement("div"));
chart.id = "vega";
const fit = () => Math.max(least, (height * place.clientWidth) / place.clientHeight);
vegaEmbed(chart, { ...spec, width: fit() }, { renderer: "svg", ast: true, actions: false, tooltip: { disableDefaultStyle: true } }).then(
  ({ view }) => new ResizeObserver(() => view.width(fit()).runAsync()).observe(place),
);
