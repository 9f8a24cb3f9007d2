// Numbers for people.

function isNumber(value) { return typeof value === "number" && Number.isFinite(value); }

// Numbers that are not finite are strings in JSON.
function number(value) {
  if (typeof value !== "string") return value;
  return value === "inf" ? Infinity : value === "-inf" ? -Infinity : value === "nan" ? NaN : undefined;
}

function formatGeneral(value) {
  if (value === undefined || value === null) return "–";
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace("e+", "e");
  return size >= 1000 ? Math.round(value).toString() : String(Number(value.toPrecision(4)));
}

function formatLoss(value) {
  return isNumber(value) && Math.abs(value) < 1e4 ? value.toFixed(4) : formatGeneral(value);
}

function formatMetric(name, value) {
  return /(^|\/)([a-z_]*loss|bits_per_byte)$/.test(name) ? formatLoss(value) : formatGeneral(value);
}

function formatCount(value) {
  if (!isNumber(value)) return "–";
  for (const [size, unit] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (Math.abs(value) >= size) return Number((value / size).toPrecision(3)) + " " + unit;
  }
  return String(Number(value.toPrecision(4)));
}

function formatDuration(seconds) {
  if (!isNumber(seconds)) return "–";
  if (seconds < 60) return Number(seconds.toPrecision(3)) + " s";
  const whole = Math.round(seconds), hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

function plural(count, one, many = one + "s") { return `${count} ${count === 1 ? one : many}`; }

// About five round numbers that divide a range.
function linearTicks(low, high, count) {
  const span = high - low;
  if (!(span > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => span / step <= count) ?? 10 * power;
  const ticks = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + span * 1e-9; index++) ticks.push(index * step);
  return ticks.map((tick) => Number(tick.toPrecision(12)));
}

function logTicks(low, high, count) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return linearTicks(low, high, count).filter((tick) => tick > 0);
  const factors = decades > count ? [1] : decades > count / 2 ? [1, 3] : [1, 2, 5];
  const every = Math.max(1, Math.ceil(decades / count));
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    if (decades > count && power % every !== 0) continue;
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(12));
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}
