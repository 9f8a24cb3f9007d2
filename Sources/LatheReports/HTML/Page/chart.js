// Curves on a canvas: axes, lines, bands, levels and marks, with a second canvas above for the crosshair.

class Chart {
  constructor(label) {
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.cross = make("canvas", { class: "cross", "aria-hidden": "true" });
    this.element = make("div", { class: "plot", role: "img", tabindex: "0", "aria-label": label }, this.canvas, this.cross);
    new ResizeObserver(() => this.redraw()).observe(this.element);
  }

  // A scene: {x, y: {log, title, format}, lines, bands, levels, marks, start}; a line has x, y, colour, width, alpha.
  show(scene) {
    this.scene = scene;
    this.redraw();
  }

  redraw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.scene || width === 0) return;
    const scale = Math.max(devicePixelRatio || 1, matchMedia("print").matches ? 2 : 1);
    for (const canvas of [this.canvas, this.cross]) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.getContext("2d").setTransform(scale, 0, 0, scale, 0, 0);
    }
    this.width = width;
    this.height = height;
    this.paint = Object.fromEntries(["ink", "muted", "line", "line-strong", "surface", "floor"].map((name) => [name, resolved(`var(--${name})`)]));
    this.font = "12px " + getComputedStyle(document.body).fontFamily;
    this.fit();
    this.draw();
    if (this.mark) this.point(this.mark);
  }

  // Finds the range of the axes: all visible values that are finite and valid on the scale.
  fit() {
    const { x, y, lines, bands, levels, start } = this.scene;
    const span = (values, log) => {
      let low = Infinity, high = -Infinity;
      for (const value of values) {
        if (!Number.isFinite(value) || (log && value <= 0)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      return low <= high ? [low, high] : log ? [1, 10] : [0, 1];
    };
    let [left, right] = [Infinity, -Infinity];
    for (const line of lines) {
      const [low, high] = span(line.x, x.log);
      if (line.x.length) [left, right] = [Math.min(left, low), Math.max(right, high)];
    }
    if (!(left <= right)) [left, right] = x.log ? [1, 10] : [0, 1];
    if (left === right) [left, right] = x.log ? [left / 2, right * 2] : [left - 0.5, right + 0.5];
    if (start > 0) left = x.log ? left * (right / left) ** start : left + (right - left) * start;
    const seen = [];
    for (const line of [...lines, ...bands]) {
      for (let index = 0; index < line.x.length; index++) {
        if (line.x[index] < left || line.x[index] > right) continue;
        if (line.y) seen.push(line.y[index]);
        else seen.push(line.low[index], line.high[index]);
      }
    }
    let [low, high] = span([...span(seen, y.log), ...levels.map((level) => level.y)], y.log);
    if (low === high) [low, high] = y.log ? [low / 2, high * 2] : [low - Math.abs(low) * 0.1 - 1e-9, high + Math.abs(high) * 0.1 + 1e-9];
    const margin = 0.04;
    if (y.log) [low, high] = [low / (high / low) ** margin, high * (high / low) ** margin];
    else [low, high] = [low - (high - low) * margin, high + (high - low) * margin];
    this.yTicks = (y.log ? logTicks : linearTicks)(low, high, Math.max(3, this.height / 62));
    this.xTicks = (x.log ? logTicks : linearTicks)(left, right, Math.max(3, this.width / 110));
    const context = this.canvas.getContext("2d");
    context.font = this.font;
    const labels = Math.max(...this.yTicks.map((tick) => context.measureText(y.format(tick)).width), 10);
    this.box = { left: Math.ceil(labels) + 14, top: 26, right: this.width - 14, bottom: this.height - 44 };
    const place = (log, from, to, low, high) => log
      ? (value) => low + (high - low) * Math.log(value / from) / Math.log(to / from)
      : (value) => low + (high - low) * (value - from) / (to - from);
    this.toX = place(x.log, left, right, this.box.left, this.box.right);
    this.toY = place(y.log, low, high, this.box.bottom, this.box.top);
    this.domain = [left, right];
  }

  draw() {
    const context = this.canvas.getContext("2d"), { box, scene } = this;
    context.clearRect(0, 0, this.width, this.height);
    this.drawAxes(context);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top - 4, box.right - box.left + 1, box.bottom - box.top + 8);
    context.clip();
    context.lineJoin = "round";
    for (const band of scene.bands) this.drawBand(context, band);
    for (const line of scene.lines) this.drawLine(context, line);
    for (const level of scene.levels) {
      context.strokeStyle = this.paint.floor;
      context.lineWidth = 2;
      context.setLineDash([2, 4]);
      this.stroke(context, [[box.left, this.toY(level.y)], [box.right, this.toY(level.y)]]);
      context.setLineDash([]);
      this.text(context, level.label, box.right - 4, this.toY(level.y) - 6, "right", this.paint.floor);
    }
    context.restore();
    this.drawMarks(context);
  }

  drawAxes(context) {
    const { box, scene } = this;
    context.lineWidth = 1;
    for (const tick of this.yTicks) {
      const y = Math.round(this.toY(tick)) + 0.5;
      context.strokeStyle = this.paint.line;
      this.stroke(context, [[box.left, y], [box.right, y]]);
      this.text(context, scene.y.format(tick), box.left - 8, y + 4, "right", this.paint.muted);
    }
    context.strokeStyle = this.paint["line-strong"];
    this.stroke(context, [[box.left, box.bottom + 0.5], [box.right, box.bottom + 0.5]]);
    for (const tick of this.xTicks) {
      const x = this.toX(tick), text = scene.x.format(tick), half = context.measureText(text).width / 2;
      this.stroke(context, [[x, box.bottom], [x, box.bottom + 5]]);
      this.text(context, text, Math.min(x, this.width - half - 2), box.bottom + 19, "center", this.paint.muted);
    }
    this.text(context, scene.y.title, 2, 14, "left", this.paint.muted);
    this.text(context, scene.x.title, box.right, this.height - 6, "right", this.paint.muted);
  }

  drawLine(context, line) {
    context.globalAlpha = line.alpha ?? 1;
    context.strokeStyle = line.colour;
    context.lineWidth = line.width;
    context.beginPath();
    let isDown = false, count = 0, last;
    for (let index = 0; index < line.x.length; index++) {
      const x = this.toX(line.x[index]), y = this.toY(line.y[index]);
      if (!Number.isFinite(x) || !Number.isFinite(y)) { isDown = false; continue; }
      if (isDown) context.lineTo(x, y); else context.moveTo(x, y);
      isDown = true;
      count++;
      last = [x, y];
    }
    context.stroke();
    // Sparse curves show their points; a single point has no line.
    if (line.points && count > 0 && count <= 40) {
      context.fillStyle = line.colour;
      for (let index = 0; index < line.x.length; index++) this.dot(context, this.toX(line.x[index]), this.toY(line.y[index]), 2.4);
    } else if (count === 1) {
      context.fillStyle = line.colour;
      this.dot(context, ...last, 2.4);
    }
    context.globalAlpha = 1;
  }

  drawBand(context, band) {
    context.globalAlpha = 0.16;
    context.fillStyle = band.colour;
    const top = [], bottom = [];
    for (let index = 0; index < band.x.length; index++) {
      const x = this.toX(band.x[index]), high = this.toY(band.high[index]), low = this.toY(band.low[index]);
      if ([x, high, low].every(Number.isFinite)) { top.push([x, high]); bottom.unshift([x, low]); }
    }
    context.beginPath();
    for (const [x, y] of [...top, ...bottom]) context.lineTo(x, y);
    context.fill();
    context.globalAlpha = 1;
  }

  // The start of overfitting: a ring, with a line up to its label, because curves leave more room above than below.
  drawMarks(context) {
    const { box } = this;
    this.scene.marks.forEach((mark, place) => {
      const x = this.toX(mark.x), y = this.toY(mark.y);
      if (!(x >= box.left && x <= box.right && y >= box.top - 4 && y <= box.bottom + 4)) return;
      context.strokeStyle = mark.colour;
      context.lineWidth = 1;
      context.setLineDash([3, 3]);
      const label = box.top + 10 + 15 * (place % 6);
      this.stroke(context, [[x, y - 6], [x, label + 4]]);
      context.setLineDash([]);
      context.lineWidth = 2;
      context.fillStyle = this.paint.surface;
      context.beginPath();
      context.arc(x, y, 5, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
      const isRight = x > (box.left + box.right) / 2;
      this.text(context, mark.label, x + (isRight ? -6 : 6), label, isRight ? "right" : "left", mark.colour);
    });
  }

  // Marks a position on the x axis: a line, and a dot on each curve.
  point(mark) {
    this.mark = mark;
    const context = this.cross.getContext("2d"), { box } = this;
    context.clearRect(0, 0, this.width, this.height);
    if (!mark) return;
    const x = this.toX(mark.x);
    if (!(x >= box.left - 1 && x <= box.right + 1)) return;
    context.lineWidth = 1;
    context.strokeStyle = this.paint["line-strong"];
    this.stroke(context, [[x, box.top], [x, box.bottom]]);
    for (const dot of mark.dots) {
      const y = this.toY(dot.y), place = this.toX(dot.x);
      if (!Number.isFinite(y) || place < box.left || place > box.right) continue;
      context.fillStyle = this.paint.surface;
      this.dot(context, place, y, 5);
      context.fillStyle = dot.colour;
      this.dot(context, place, y, 3.5);
    }
  }

  // The value of the x axis at a pixel.
  valueAt(pixel) {
    const { left, right } = this.box, [from, to] = this.domain;
    const share = Math.min(1, Math.max(0, (pixel - left) / (right - left)));
    return this.scene.x.log ? from * (to / from) ** share : from + (to - from) * share;
  }

  dot(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }

  stroke(context, points) {
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
  }

  // Text with an outline in the background colour, so that it is readable across lines.
  text(context, text, x, y, align, colour) {
    context.save();
    context.font = this.font;
    context.textAlign = align;
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeStyle = this.paint.surface;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
    context.restore();
  }
}
