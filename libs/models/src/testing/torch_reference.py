"""Twenty full-batch steps by PyTorch in double precision, which torch-reference.spec.ts holds the families against.

    python torch_reference.py > torch-reference.json     (made with PyTorch 2.15.0 on Linux, x86-64)

One network 2-5-3-n with given weights and samples; torch.nn's layers, torch.optim's optimizers, torch.optim.lr_scheduler's
schedules. Each case holds Basin's parameters, the loss before every step, and all weights after the last one.
"""

import json
import math
import random

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
draw = random.Random(7)
SAMPLES, STEPS = 12, 20


def values(count, size):
    return [round(draw.uniform(-size, size), 3) for _ in range(count)]


inputs = values(2 * SAMPLES, 1.5)
targets = {
    "mse": [round(math.sin(inputs[2 * i]) * inputs[2 * i + 1], 3) for i in range(SAMPLES)],
    "bce": [float(inputs[2 * i] * inputs[2 * i + 1] > 0) for i in range(SAMPLES)],
    "cce": [float(j == i % 3) for i in range(SAMPLES) for j in range(3)],
}
targets["mae"] = targets["mse"]
outputs = {"mse": 1, "mae": 1, "bce": 1, "cce": 3}
start = {n: [values(a * b, 0.9) for a, b in ((2, 5), (1, 5), (5, 3), (1, 3), (3, n), (1, n))] for n in (1, 3)}

activations = {
    "linear": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky-relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "gelu-tanh": lambda: nn.GELU(approximate="tanh"),
    "swish": nn.SiLU,
    "softplus": nn.Softplus,
    "sine": lambda: Sine(),
    "cosine": lambda: Cosine(),
}


class Sine(nn.Module):
    def forward(self, x):
        return torch.sin(x)


class Cosine(nn.Module):
    def forward(self, x):
        return torch.cos(x)


class AdagradMomentum(torch.optim.Optimizer):
    """PyTorch has none: Adagrad's steps within a momentum."""

    def __init__(self, groups, lr, momentum, eps):
        super().__init__(groups, {"lr": lr, "momentum": momentum, "eps": eps})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                state = self.state[w]
                squares = state.setdefault("squares", torch.zeros_like(w)).add_(w.grad**2)
                velocity = state.setdefault("velocity", torch.zeros_like(w)).mul_(group["momentum"])
                w.sub_(velocity.add_(group["lr"] * w.grad / (squares.sqrt() + group["eps"])))


losses = {"mse": nn.MSELoss, "mae": nn.L1Loss, "bce": nn.BCEWithLogitsLoss, "cce": nn.CrossEntropyLoss}
rates = {"sgd": 0.1, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.1, "rmsprop": 0.01, "adam": 0.02, "adagrad-momentum": 0.02}


def optimizer(p, groups):
    rate, epsilon = p["learningRate"], p.get("epsilon", 1e-8)
    match p["optimizer"]:
        case "sgd":
            return torch.optim.SGD(groups, lr=rate)
        case "momentum":
            return torch.optim.SGD(groups, lr=rate, momentum=p.get("momentum", 0.9))
        case "nesterov":
            return torch.optim.SGD(groups, lr=rate, momentum=p.get("momentum", 0.9), nesterov=True)
        case "adagrad":
            return torch.optim.Adagrad(groups, lr=rate, eps=epsilon)
        case "rmsprop":
            return torch.optim.RMSprop(groups, lr=rate, alpha=p.get("rmspropAlpha", 0.99), eps=epsilon)
        case "adam":
            return torch.optim.Adam(groups, lr=rate, betas=(p.get("beta1", 0.9), p.get("beta2", 0.999)), eps=epsilon)
        case "adagrad-momentum":
            return AdagradMomentum(groups, lr=rate, momentum=p.get("momentum", 0.9), eps=epsilon)


def scheduler(p, optimizer):
    decay, period = p.get("scheduleDecay", 0.1), p.get("schedulePeriod", 100)
    match p.get("schedule", "constant"):
        case "constant":
            return torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1)
        case "step":
            return torch.optim.lr_scheduler.StepLR(optimizer, period, decay)
        case "exponential":
            return torch.optim.lr_scheduler.ExponentialLR(optimizer, decay ** (1 / period))
        case "cosine":
            return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS - 1, decay * p["learningRate"])


def train(loss, p):
    n = outputs[loss]
    normalized = p.get("batchNormalization", False)
    layers = []
    for i, (a, b) in enumerate(((2, 5), (5, 3), (3, n))):
        dense = nn.Linear(a, b)
        weight, bias = start[n][2 * i : 2 * i + 2]
        dense.weight.data = torch.tensor(weight).reshape(a, b).T.contiguous()
        dense.bias.data = torch.tensor(bias)
        layers.append(dense)
        if i < 2:
            if normalized:
                layers.append(nn.BatchNorm1d(b))
            layers.append(activations[p["activation"]]())
    network = nn.Sequential(*layers)
    dense = [layer for layer in network if isinstance(layer, nn.Linear)]
    weights = [layer.weight for layer in dense]
    # Basin's penalties are parts of the loss and leave biases and normalization alone.
    rule = optimizer(p, network.parameters())
    schedule = scheduler(p, rule)
    x = torch.tensor(inputs).reshape(SAMPLES, 2)
    y = torch.tensor(targets[loss]).reshape(SAMPLES, n)
    measure = losses[loss]()
    history = []
    for _ in range(STEPS):
        rule.zero_grad()
        value = measure(network(x), y)
        history.append(value.item())
        penalty = sum(p.get("l2", 0) / 2 * (w**2).sum() + p.get("l1", 0) * w.abs().sum() for w in weights)
        (value + penalty).backward()
        if p.get("clipValue", 0):
            nn.utils.clip_grad_value_(network.parameters(), p["clipValue"])
        if p.get("clipNorm", 0):
            nn.utils.clip_grad_norm_(network.parameters(), p["clipNorm"])
        rule.step()
        schedule.step()
    network.eval()
    arrays = {}
    for i, layer in enumerate(dense):
        arrays[f"layers.{i}.weight"] = layer.weight.T.flatten().tolist()
        arrays[f"layers.{i}.bias"] = layer.bias.tolist()
    for i, layer in enumerate(layer for layer in network if isinstance(layer, nn.BatchNorm1d)):
        arrays[f"layers.{i}.scale"] = layer.weight.tolist()
        arrays[f"layers.{i}.shift"] = layer.bias.tolist()
        arrays[f"layers.{i}.runningMean"] = layer.running_mean.tolist()
        arrays[f"layers.{i}.runningVariance"] = layer.running_var.tolist()
    return {
        "loss": loss,
        "parameters": p,
        "before": history,
        "after": measure(network(x), y).item(),
        "weights": arrays,
    }


def case(activation="tanh", optimizer="sgd", loss="mse", **more):
    p = {"activation": activation, "optimizer": optimizer, "learningRate": rates[optimizer], **more}
    return train(loss, p)


cases = [case(a, o) for o in rates for a in activations]
for schedule in ("step", "exponential", "cosine"):
    for rule in ("momentum", "nesterov", "adam"):
        cases.append(case(optimizer=rule, schedule=schedule, scheduleDecay=0.3, schedulePeriod=6))
cases += [case(optimizer=rule, epsilon=1e-3, learningRate=0.02) for rule in ("adagrad", "rmsprop", "adam")]
cases += [case(optimizer="rmsprop", rmspropAlpha=0.9, epsilon=1e-4), case(optimizer="momentum", momentum=0.5)]
cases += [case(optimizer=rule, l2=0.1) for rule in ("sgd", "adam")]
cases += [case(optimizer="momentum", l1=0.02), case(l2=0.2, clipNorm=0.1), case(optimizer="adam", l2=0.2, clipValue=0.02)]
cases += [case(clipNorm=0.2), case(clipValue=0.03, clipNorm=0.08)]
cases += [case(loss=loss, activation=a, optimizer="adam") for loss in ("mae", "bce", "cce") for a in ("tanh", "gelu")]
# No Adam here: the gradient of a bias before a normalization is rounding alone, which Adam would enlarge to whole steps.
cases += [case(optimizer=rule, activation=a, batchNormalization=True) for rule in ("sgd", "momentum") for a in ("tanh", "gelu")]


def short(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [short(v) for v in value]
    if isinstance(value, dict):
        return {k: short(v) for k, v in value.items()}
    return value


given = {"inputs": inputs, "targets": targets, "outputs": outputs, "start": {str(n): w for n, w in start.items()}}
print("{")
print(f' "torch": "{torch.__version__}",')
print(f' "given": {json.dumps(given)},')
print(' "cases": [')
print(",\n".join("  " + json.dumps(short(one)) for one in cases))
print(" ]\n}")
