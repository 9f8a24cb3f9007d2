public import LatheKernels

// B sequences, T steps, I inputs, H hidden units; gates in PyTorch's order i, f, g, o.

extension Reference {
    /// One LSTM layer, step by step: y [B, T, H] and the states after the last step.
    public static func lstm(
        x: Floats, weightInput: Floats, weightHidden: Floats, bias: Floats?, hState: MutableFloats,
        cState: MutableFloats, y: MutableFloats, batch: Int, time: Int, inputs: Int, hidden: Int
    ) {
        let run = LSTMRun(
            x: x, weightInput: weightInput, weightHidden: weightHidden, bias: bias, h: hState, c: cState, batch: batch,
            time: time, inputs: inputs, hidden: hidden)
        for b in 0..<batch {
            for u in 0..<hidden {
                for t in 0..<time { y[(b * time + t) * hidden + u] = Float(run.h[run.state(b, t + 1, u)]) }
                hState[b * hidden + u] = Float(run.h[run.state(b, time, u)])
                cState[b * hidden + u] = Float(run.c[run.state(b, time, u)])
            }
        }
    }

    /// Gradients of x and the parameters, each added to; nil if not needed. `hState` and `cState` are those before the
    /// first step.
    public static func lstmBackward(
        x: Floats, weightInput: Floats, weightHidden: Floats, bias: Floats?, hState: Floats, cState: Floats, dy: Floats,
        dx: MutableFloats?, dWeightInput: MutableFloats, dWeightHidden: MutableFloats, dBias: MutableFloats?,
        batch: Int, time: Int, inputs: Int, hidden: Int
    ) {
        let run = LSTMRun(
            x: x, weightInput: weightInput, weightHidden: weightHidden, bias: bias, h: hState, c: cState, batch: batch,
            time: time, inputs: inputs, hidden: hidden)
        for b in 0..<batch {
            var dh = [Double](repeating: 0, count: hidden), dc = dh
            for t in stride(from: time - 1, through: 0, by: -1) {
                var gradients = [Double](repeating: 0, count: 4 * hidden)
                for u in 0..<hidden {
                    let g = run.gates(b, t, u), after = tanh(run.c[run.state(b, t + 1, u)])
                    let own = dh[u] + Double(dy[(b * time + t) * hidden + u])
                    let cell = dc[u] + own * g.o * (1 - after * after)
                    gradients[u] = cell * g.g * g.i * (1 - g.i)
                    gradients[hidden + u] = cell * run.c[run.state(b, t, u)] * g.f * (1 - g.f)
                    gradients[2 * hidden + u] = cell * g.i * (1 - g.g * g.g)
                    gradients[3 * hidden + u] = own * after * g.o * (1 - g.o)
                    dc[u] = cell * g.f
                }
                dh = [Double](repeating: 0, count: hidden)
                for row in 0..<(4 * hidden) {
                    let d = gradients[row]
                    dBias?[row] += Float(d)
                    for i in 0..<inputs {
                        dWeightInput[row * inputs + i] += Float(d * Double(x[(b * time + t) * inputs + i]))
                        dx?[(b * time + t) * inputs + i] += Float(d * Double(weightInput[row * inputs + i]))
                    }
                    for u in 0..<hidden {
                        dWeightHidden[row * hidden + u] += Float(d * run.h[run.state(b, t, u)])
                        dh[u] += d * Double(weightHidden[row * hidden + u])
                    }
                }
            }
        }
    }
}

/// The forward pass in double, keeping all intermediate values.
private struct LSTMRun {
    let time: Int, hidden: Int
    var h: [Double], c: [Double], activations: [Double]

    func state(_ b: Int, _ t: Int, _ u: Int) -> Int { (b * (time + 1) + t) * hidden + u }
    func gates(_ b: Int, _ t: Int, _ u: Int) -> (i: Double, f: Double, g: Double, o: Double) {
        let at = (b * time + t) * 4 * hidden + u
        return (
            activations[at], activations[at + hidden], activations[at + 2 * hidden], activations[at + 3 * hidden]
        )
    }

    init(
        x: Floats, weightInput: Floats, weightHidden: Floats, bias: Floats?, h hState: Floats, c cState: Floats,
        batch: Int, time: Int, inputs: Int, hidden: Int
    ) {
        self.time = time
        self.hidden = hidden
        h = [Double](repeating: 0, count: batch * (time + 1) * hidden)
        c = h
        activations = [Double](repeating: 0, count: batch * time * 4 * hidden)
        for b in 0..<batch {
            for u in 0..<hidden {
                h[state(b, 0, u)] = Double(hState[b * hidden + u])
                c[state(b, 0, u)] = Double(cState[b * hidden + u])
            }
            for t in 0..<time {
                for row in 0..<(4 * hidden) {
                    var sum = Double(bias?[row] ?? 0)
                    for i in 0..<inputs {
                        sum += Double(weightInput[row * inputs + i]) * Double(x[(b * time + t) * inputs + i])
                    }
                    for u in 0..<hidden { sum += Double(weightHidden[row * hidden + u]) * h[state(b, t, u)] }
                    let tanhGate = row / hidden == 2
                    activations[(b * time + t) * 4 * hidden + row] =
                        tanhGate ? Reference.tanh(sum) : Reference.sigmoid(sum)
                }
                for u in 0..<hidden {
                    let g = gates(b, t, u)
                    c[state(b, t + 1, u)] = g.f * c[state(b, t, u)] + g.i * g.g
                    h[state(b, t + 1, u)] = g.o * Reference.tanh(c[state(b, t + 1, u)])
                }
            }
        }
    }
}
