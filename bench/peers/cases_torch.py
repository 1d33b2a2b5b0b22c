"""The networks of the comparison in PyTorch, as a careful user would write them: eager, one thread, Adam fused."""

import numpy as np
import torch
from torch import nn


def load(folder, name):
    return torch.from_numpy(np.load(f"{folder}/{name}.npy"))


def mlp(job, seed, loader=False):
    """B0: 2-64-64-32-1 tanh, MSE, Adam, shuffled batches. Yields the mean training loss of every epoch."""
    x, y = load(job["folder"], "inputs"), load(job["folder"], "targets")
    torch.manual_seed(seed)
    widths = job["widths"]
    layers = []
    for fan_in, fan_out in zip(widths, widths[1:]):
        layers += [nn.Linear(fan_in, fan_out), nn.Tanh()]
    net = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(net.parameters(), lr=job["learningRate"], fused=True)
    criterion = nn.MSELoss()
    samples, batch = len(x), job["batchSize"]
    if loader:
        data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=batch, shuffle=True)
    for _ in range(job["epochs"]):
        total = 0.0
        if loader:
            batches = data
        else:
            order = torch.randperm(samples)
            batches = ((x[order[i : i + batch]], y[order[i : i + batch]]) for i in range(0, samples, batch))
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = criterion(net(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        yield total / samples


class SindyAutoencoder(nn.Module):
    """One latent variable, tanh, second order: x, its two time derivatives, and the library z, z^2, z^3, z^4, sin z."""

    def __init__(self, widths, gain):
        super().__init__()
        sizes = [*widths, *widths[-2::-1]]
        self.depth = len(widths) - 1
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        with torch.no_grad():
            for layer in self.layers:
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)
            for index in (0, self.depth - 1, self.depth):
                self.layers[index].weight *= gain
        self.xi = nn.Parameter(torch.zeros(5, 1))

    @staticmethod
    def propagate(layers, a, da, dda):
        """The value and its two time derivatives through layers, the last one linear; derivatives carry no bias."""
        for layer in layers[:-1]:
            h, u, v = layer(a), da @ layer.weight.T, dda @ layer.weight.T
            a = torch.tanh(h)
            slope = 1 - a * a
            dda = -2 * a * slope * u * u + slope * v
            da = slope * u
        last = layers[-1]
        return last(a), da @ last.weight.T, dda @ last.weight.T

    def loss(self, x, dx, ddx, weights):
        z, dz, ddz = self.propagate(self.layers[: self.depth], x, dx, ddx)
        library = torch.cat([z, z**2, z**3, z**4, torch.sin(z)], dim=1)
        law = library @ self.xi
        x2, _, ddx2 = self.propagate(self.layers[self.depth :], z, dz, law)
        return (
            ((x - x2) ** 2).mean()
            + weights["lambda1"] * ((ddx - ddx2) ** 2).mean()
            + weights["lambda2"] * ((ddz - law) ** 2).mean()
            + weights["lambda3"] * self.xi.abs().sum()
        )


def sindy(job, seed):
    """B6's network and four loss terms, without pruning; yields the mean loss of every hundred steps."""
    x, dx, ddx = (load(job["folder"], name) for name in ("x", "dx", "ddx"))
    torch.manual_seed(seed)
    model = SindyAutoencoder(job["widths"], job["gain"])
    optimizer = torch.optim.Adam(
        [{"params": model.layers.parameters()}, {"params": [model.xi], "lr": job["coefficientRate"]}],
        lr=job["learningRate"],
        fused=True,
    )
    samples, batch, step, total = len(x), job["batchSize"], 0, 0.0
    while step < job["steps"]:
        order = torch.randperm(samples)
        for i in range(0, samples - batch + 1, batch):
            rows = order[i : i + batch]
            optimizer.zero_grad()
            loss = model.loss(x[rows], dx[rows], ddx[rows], job)
            loss.backward()
            optimizer.step()
            total += loss.item()
            step += 1
            if step % 100 == 0:
                yield total / 100
                total = 0.0
            if step == job["steps"]:
                return


class ConvolutionalAutoencoder(nn.Module):
    """B5 at 32 x 32: two convolutions with max pooling, a dense neck, two transposed convolutions."""

    def __init__(self, job):
        super().__init__()
        first, second = job["channels"]
        side, flat, dense, neck = job["pooledSide"], job["flat"], job["dense"], job["neck"]
        self.encode = nn.Sequential(
            nn.Conv2d(1, first, 4, 1, 1), nn.ReLU(), nn.MaxPool2d(2, 2, job["poolPadding"]),
            nn.Conv2d(first, second, 4, 1, 1), nn.ReLU(), nn.MaxPool2d(2, 2, job["poolPadding"]),
        )
        self.down = nn.ModuleList([nn.Linear(flat, dense), nn.Linear(dense, neck)])
        self.up = nn.ModuleList([nn.Linear(neck, dense), nn.Linear(dense, flat)])
        self.decode = nn.Sequential(
            nn.ConvTranspose2d(second, first, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(first, 1, 4, 2, 1),
        )
        self.shape = (second, side, side)

    def forward(self, images):
        code = self.encode(images).flatten(1)
        for layer in self.down:
            code = torch.sin(layer(code))
        for layer in self.up:
            code = torch.sin(layer(code))
        return self.decode(code.view(-1, *self.shape))


def cnn(job, seed):
    """B5: mean squared error, Adam, the same batch of frames every step; yields the loss of every tenth step."""
    images = load(job["folder"], "images")
    torch.manual_seed(seed)
    net = ConvolutionalAutoencoder(job)
    optimizer = torch.optim.Adam(net.parameters(), lr=job["learningRate"], fused=True)
    for step in range(1, job["steps"] + 1):
        optimizer.zero_grad()
        loss = ((net(images) - images) ** 2).mean()
        loss.backward()
        optimizer.step()
        if step % 10 == 0:
            yield loss.item()


cases = {"mlp": mlp, "mlp-loader": lambda job, seed: mlp(job, seed, loader=True), "sindy": sindy, "cnn": cnn}
