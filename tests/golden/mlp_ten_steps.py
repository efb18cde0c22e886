#!/usr/bin/env python3
"""Ten steps of gradient descent on small networks, in numpy and float64, from closed-form values: an implementation of
its own to compare Drover's with. Prints the mean loss before each step; tests/models/golden.test.cpp holds the numbers."""
import math

import numpy

SAMPLES, FEATURES, HIDDEN, CLASSES, RATE, STEPS = 8, 6, (5, 4), 3, 0.5, 10

erf = numpy.vectorize(math.erf)
phi = lambda z: numpy.exp(-z * z / 2) / math.sqrt(2 * math.pi)
Phi = lambda z: (1 + erf(z / math.sqrt(2))) / 2
ACTIVATIONS = {  # name: (function, derivative), both of what goes in
    "relu": (lambda z: numpy.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "tanh": (numpy.tanh, lambda z: 1 - numpy.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + numpy.exp(-z)), lambda z: numpy.exp(-z) / (1 + numpy.exp(-z)) ** 2),
    "gelu": (lambda z: z * Phi(z), lambda z: Phi(z) + z * phi(z)),
}


def losses(activation):
    function, derivative = ACTIVATIONS[activation]
    x = numpy.sin(0.1 + 0.7 * numpy.arange(SAMPLES * FEATURES)).reshape(SAMPLES, FEATURES)
    labels = numpy.arange(SAMPLES) % CLASSES
    wanted = numpy.eye(CLASSES)[labels]
    sizes = (FEATURES, *HIDDEN, CLASSES)
    weights, biases = [], []
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        weights.append(0.5 * numpy.sin(1 + 10 * layer + numpy.arange(inputs * outputs)).reshape(outputs, inputs))
        biases.append(0.1 * numpy.cos(layer + numpy.arange(outputs)))
    for _ in range(STEPS):
        entering, before = [x], []
        for w, b in zip(weights, biases):
            before.append(entering[-1] @ w.T + b)
            entering.append(function(before[-1]))
        z = before[-1]
        log_p = z - numpy.log(numpy.exp(z).sum(axis=1, keepdims=True))
        yield -(wanted * log_p).sum() / SAMPLES
        d = (numpy.exp(log_p) - wanted) / SAMPLES
        for layer in reversed(range(len(weights))):
            onward = d @ weights[layer]
            weights[layer] = weights[layer] - RATE * d.T @ entering[layer]
            biases[layer] = biases[layer] - RATE * d.sum(axis=0)
            if layer:
                d = onward * derivative(before[layer - 1])


for name in ACTIVATIONS:
    print(f"{{gpu::activation::{name}, {{{', '.join(f'{loss:.9f}' for loss in losses(name))}}}}},")
