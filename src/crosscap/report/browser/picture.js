// A picture with a numbered box an object. A box and its object in the graph share number, colour and dashes.
const TAG_HEIGHT = 17;

function markOf(data, row) {
  const [colour, ink] = data.colours[row % data.colours.length];
  const dash = data.dashes[Math.floor(row / data.colours.length) % data.dashes.length];
  return { colour, ink, stroke: `stroke:${colour}` + (dash ? `;stroke-dasharray:${dash}` : "") };
}

// What an object's box says: "2 white horse".
function titleOf(data, image, row) {
  const [objects, attributes] = data.graphs[image];
  const said = attributes.filter(([owner]) => owner === row).map(([, name]) => data.names[name]);
  return [row + 1, ...said, data.names[objects[row]]].join(" ");
}

function boxOf(data, image, [x0, y0, x1, y1, x, y, width, named, away], row) {
  const { colour, ink, stroke } = markOf(data, row);
  const place = { x: x0, y: y0, width: Math.max(x1 - x0, 0), height: Math.max(y1 - y0, 0), rx: 2 };
  const name = data.names[data.graphs[image][0][row]];
  const shown = name.length > 40 ? name.slice(0, 39) + "…" : name;
  const middle = [x + width / 2, y + TAG_HEIGHT / 2];
  const near = [Math.min(Math.max(middle[0], x0), x1), Math.min(Math.max(middle[1], y0), y1)];
  return draw("g", { class: "object-box", "data-row": row },
    draw("rect", { class: "halo", ...place }),
    draw("rect", { class: "box", ...place, style: stroke }, draw("title", {}, titleOf(data, image, row))),
    away ? draw("path", { class: "leader", style: stroke, d: `M${middle}L${near}` }) : null,
    draw("rect", { x, y, width, height: TAG_HEIGHT, rx: 3, style: `fill:${colour}` }),
    draw("text", { class: "tag", x: middle[0], y: y + 12.7, style: `fill:${ink}` }, `${row + 1}${named ? " " + shown : ""}`));
}

function pictureOf(data, image) {
  const [source, inside, sizes, boxes] = data.pictures[image];
  if (!sizes) return source ? make("p", { class: "note" }, `No picture: found ${source}.`) : null;
  const [width, height, whole, high] = sizes;
  const picture = make("img", {
    alt: `image ${data.ids[image]}`, loading: "lazy", decoding: "async", width: Math.round(width), height: Math.round(height),
  });
  const holder = make("div", { class: "picture framed" }, picture);
  holder.style.aspectRatio = `${whole} / ${high}`;
  picture.style.width = `${100 * width / whole}%`;
  picture.addEventListener("error", () => {
    holder.replaceWith(make("p", { class: "note" }, `No picture: ${source} is not there.`));
  });
  picture.src = inside ? `data:image/jpeg;base64,${source}` : source;
  // Large boxes first, so that small ones lie upon them and can be pointed at.
  const area = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);
  const rows = [...boxes.keys()].sort((one, other) => area(boxes[other]) - area(boxes[one]));
  holder.append(draw("svg", { class: "boxes", viewBox: `0 0 ${whole} ${high}`, "aria-hidden": "true" },
    ...rows.map(row => boxOf(data, image, boxes[row], row))));
  return holder;
}
