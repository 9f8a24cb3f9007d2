// The page's data, and the decoding of curves.

const data = JSON.parse(document.getElementById("data").textContent);
for (const run of data.runs) for (const track of run.tracks) track.cache = new Map();

// Integers as start, stride and count of each stretch, or as differences.
function decodeIntegers(stretches) {
  if (typeof stretches === "string") return decodeDifferences(stretches);
  const values = [];
  for (let index = 0; index < stretches.length; index += 3) {
    for (let place = 0; place < stretches[index + 2]; place++) values.push(stretches[index] + place * stretches[index + 1]);
  }
  return values;
}

// Successive differences: zigzag, seven bits per byte, lowest first.
function decodeDifferences(text) {
  const bytes = atob(text), values = [];
  let place = 0, current = 0;
  while (place < bytes.length) {
    let value = 0, shift = 0, byte;
    do {
      byte = bytes.charCodeAt(place++);
      value += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte > 127);
    current += value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    values.push(current);
  }
  return values;
}

// Truncated single-precision numbers: their bits as signed integers.
function decodeSingles(text, left) {
  const view = new DataView(new ArrayBuffer(4));
  return decodeDifferences(text).map((place) => {
    view.setUint32(0, Math.abs(place) * 2 ** left);
    const value = view.getFloat32(0);
    return place < 0 ? -value : value;
  });
}

function trackOf(run, metric) { return run.tracks.find((track) => metric in track.values); }

function part(track, name, decode) {
  if (!track.cache.has(name)) track.cache.set(name, decode());
  return track.cache.get(name);
}

function stepsOf(track) { return part(track, "steps", () => decodeIntegers(track.steps)); }

function valuesOf(track, metric) { return part(track, "=" + metric, () => decodeSingles(track.values[metric], track.left)); }

// The position of each point on an axis; undefined if the run has no timing.
function positionsOf(track, axis) {
  if (axis === "step") return stepsOf(track);
  if (axis === "tokens") {
    return part(track, axis, () => isNumber(track.tokens) ? stepsOf(track).map((step) => step * track.tokens) : decodeIntegers(track.tokens));
  }
  return track.seconds && part(track, axis, () => decodeSingles(track.seconds, track.left));
}

// A run's curve: steps, x positions and values.
function runCurve(run, metric, axis, smoothing) {
  const track = trackOf(run, metric);
  const x = track && positionsOf(track, axis);
  if (!x) return undefined;
  let y = valuesOf(track, metric);
  if (smoothing > 0 && track.each) y = smoothed(y, smoothing);
  return { steps: stepsOf(track), x, y };
}

// A bias-corrected exponential moving average; skips values that are not finite.
function smoothed(values, weight) {
  let sum = 0, mass = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    sum = sum * weight + value * (1 - weight);
    mass = mass * weight + 1 - weight;
    return sum / mass;
  });
}

// Mean, minimum and maximum over seeds, at each step that any of them has.
function seedsCurve(runs, metric, axis, smoothing) {
  const curves = runs.map((run) => runCurve(run, metric, axis, smoothing)).filter(Boolean);
  if (curves.length < 2) return curves[0];
  const points = new Map();
  for (const curve of curves) {
    for (let index = 0; index < curve.steps.length; index++) {
      const y = curve.y[index];
      if (!Number.isFinite(y)) continue;
      const step = curve.steps[index], point = points.get(step);
      if (!point) points.set(step, { step, x: curve.x[index], y, low: y, high: y, count: 1 });
      else {
        point.x += curve.x[index];
        point.y += y;
        point.low = Math.min(point.low, y);
        point.high = Math.max(point.high, y);
        point.count++;
      }
    }
  }
  // If some seeds ended early, the mean of the rest would jump.
  const all = [...points.values()].filter((point) => point.count === curves.length).sort((a, b) => a.step - b.step);
  return {
    steps: all.map((point) => point.step), x: all.map((point) => point.x / point.count), y: all.map((point) => point.y / point.count),
    low: all.map((point) => point.low), high: all.map((point) => point.high),
  };
}

function runsOf(configuration) { return configuration.runs.map((index) => data.runs[index]); }

// The corpus's entropy in the unit of a quantity, if known.
function floorOf(run, quantity) {
  const bits = run.floor;
  if (!isNumber(bits)) return undefined;
  if (quantity === "bits_per_byte") return bits;
  const loss = run.final["validation/loss"], measured = run.final["validation/bits_per_byte"];
  if (!isNumber(loss) || !(measured > 0)) return undefined;
  const floor = bits * loss / measured;
  return quantity === "loss" || quantity === "evaluated_loss" ? floor : quantity === "perplexity" ? Math.exp(floor) : undefined;
}
