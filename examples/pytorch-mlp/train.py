"""A PyTorch network as an experiment: ten lines more than without Basin. PyTorch is not among the client's needs: install it first.

pip install "./clients/python[frames]" torch
python examples/pytorch-mlp/train.py
"""

import io
from typing import Annotated, Literal

import torch

import basin


@basin.experiment(
    id="pytorch-mlp",
    metrics=["loss", "testLoss"],
    objective="testLoss",
    step_unit="epoch",
)
def fit_sine(
    run: basin.TrainingRun,
    learning_rate: Annotated[float, basin.Param(minimum=1e-5, maximum=1)] = 1e-2,
    width: Annotated[int, basin.Param(minimum=1, maximum=512)] = 32,
    activation: Literal["tanh", "relu", "gelu"] = "tanh",
    epochs: Annotated[int, basin.Param(minimum=1)] = 200,
) -> dict[str, float]:
    """A network of one hidden layer learns a sine from 64 points."""
    torch.manual_seed(run.seed)
    kind = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "gelu": torch.nn.GELU}[
        activation
    ]
    network = torch.nn.Sequential(
        torch.nn.Linear(1, width), kind(), torch.nn.Linear(width, 1)
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate)
    begin = 0
    if run.resume is not None:
        state = torch.load(io.BytesIO(run.resume))
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        begin = state["epoch"] + 1
    x = torch.linspace(-3, 3, 64)[:, None]
    x_test = torch.linspace(-3, 3, 201)[:, None]
    for epoch in range(begin, epochs):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(network(x), torch.sin(x))
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            test = torch.nn.functional.mse_loss(network(x_test), torch.sin(x_test))
        run.log(epoch, loss=loss.item(), testLoss=test.item())
        if run.should_checkpoint or run.should_stop():
            state = io.BytesIO()
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "epoch": epoch,
                },
                state,
            )
            run.checkpoint(state.getvalue(), epoch)
        run.stop_if_asked()
    run.weights(
        {name: value.detach().numpy() for name, value in network.state_dict().items()}
    )
    return {"loss": loss.item(), "testLoss": test.item()}


if __name__ == "__main__":
    space = {"learning_rate": [1e-3, 1e-2], "activation": ["tanh", "relu", "gelu"]}
    sweep = basin.connect().submit(fit_sine, space=space, seeds=5)
    basin.work(fit_sine, sweep=sweep)
    print(sweep.wait().results(group_by=["learningRate", "activation"]))
