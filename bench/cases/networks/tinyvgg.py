"""The course's convolutional network, for images of 28 x 28."""

from torch import nn


class TinyVGG(nn.Module):
    def __init__(self, hidden=10):
        super().__init__()

        def block(channels):
            return nn.Sequential(
                nn.Conv2d(channels, hidden, 3, padding=1),
                nn.ReLU(),
                nn.Conv2d(hidden, hidden, 3, padding=1),
                nn.ReLU(),
                nn.MaxPool2d(2),
            )

        self.block_1 = block(1)
        self.block_2 = block(hidden)
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(hidden * 7 * 7, 10))

    def forward(self, x):
        return self.classifier(self.block_2(self.block_1(x)))
