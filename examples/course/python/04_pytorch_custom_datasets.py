# 04. Custom datasets: the cells that ../04_pytorch_custom_datasets.ts ports, for comparison.
import os
import random
from pathlib import Path
from timeit import default_timer as timer

import torchvision_operators  # noqa: F401
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchinfo import summary
from torchvision import datasets, transforms
from tqdm.auto import tqdm

from helper_functions import plot_loss_curves, plt

# %% The data: a folder for each class
device = "cuda" if torch.cuda.is_available() else "cpu"
image_path = Path(os.environ.get("TSTORCH_COURSE_DATA", "data/drawn_food"))


def walk_through_dir(dir_path):
    for dirpath, dirnames, filenames in sorted(os.walk(dir_path)):
        print(f"There are {len(dirnames)} directories and {len(filenames)} images in '{os.path.relpath(dirpath, dir_path)}'.")


walk_through_dir(image_path)
train_dir = image_path / "train"
test_dir = image_path / "test"

# %% A random image
random.seed(42)
image_path_list = sorted(image_path.glob("*/*/*.jpg"))
random_image_path = random.choice(image_path_list)
image_class = random_image_path.parent.stem
img = Image.open(random_image_path)
print(f"Random image: {random_image_path.name}")
print(f"Image class: {image_class}")
print(f"Image height: {img.height}")
print(f"Image width: {img.width}")
plt.figure(figsize=(10, 7))
plt.imshow(img)
plt.title(f"Image class: {image_class} | Image size: {img.height} x {img.width}")
plt.axis(False)
plt.close()

# %% Transforms
data_transform = transforms.Compose([
    transforms.Resize(size=(64, 64)),
    transforms.RandomHorizontalFlip(p=0.5),
    transforms.ToTensor(),
])
torch.manual_seed(42)
print(data_transform(img).shape, data_transform(img).dtype)


def plot_transformed_images(image_paths, transform, n=3, seed=42):
    random.seed(seed)
    random_image_paths = random.sample(image_paths, k=n)
    fig, ax = plt.subplots(n, 2, figsize=(8, 4 * n))
    for row, path in enumerate(random_image_paths):
        f = Image.open(path)
        ax[row][0].imshow(f)
        ax[row][0].set_title(f"Original\nSize: {f.height} x {f.width}")
        ax[row][0].axis("off")
        transformed_image = transform(f).permute(1, 2, 0)
        print(path.name, transformed_image.shape, f"{transformed_image.mean():.6f}")
        ax[row][1].imshow(transformed_image)
        ax[row][1].set_title(f"Transformed\nSize: {transformed_image.shape}")
        ax[row][1].axis("off")
    plt.close()


plot_transformed_images(image_path_list, transform=data_transform, n=3)

# %% ImageFolder
train_data = datasets.ImageFolder(root=train_dir, transform=data_transform, target_transform=None)
test_data = datasets.ImageFolder(root=test_dir, transform=data_transform)
class_names = train_data.classes
print(class_names)
print(train_data.class_to_idx)
print(len(train_data), len(test_data))
img, label = train_data[0][0], train_data[0][1]
print(f"Image tensor:\n{img}")
print(f"Image shape: {img.shape}")
print(f"Image datatype: {img.dtype}")
print(f"Image label: {label}")
img_permute = img.permute(1, 2, 0)
print(f"Original shape: {img.shape} -> [color_channels, height, width]")
print(f"Image permute shape: {img_permute.shape} -> [height, width, color_channels]")
plt.figure(figsize=(10, 7))
plt.imshow(img_permute)
plt.axis("off")
plt.title(class_names[label], fontsize=14)
plt.close()

# %% Loaders
train_dataloader = DataLoader(dataset=train_data, batch_size=1, num_workers=0, shuffle=True)
test_dataloader = DataLoader(dataset=test_data, batch_size=1, num_workers=0, shuffle=False)
print(len(train_dataloader), len(test_dataloader))
img, label = next(iter(train_dataloader))
print(f"Image shape: {img.shape} -> [batch_size, color_channels, height, width]")
print(f"Label shape: {label.shape}")


# %% A dataset of our own
def find_classes(directory):
    classes = sorted(entry.name for entry in os.scandir(directory) if entry.is_dir())
    if not classes:
        raise FileNotFoundError(f"Couldn't find any classes in {directory}.")
    class_to_idx = {cls_name: i for i, cls_name in enumerate(classes)}
    return classes, class_to_idx


print(find_classes(train_dir)[0], find_classes(train_dir)[1])


class ImageFolderCustom(Dataset):
    def __init__(self, targ_dir, transform=None):
        self.paths = sorted(Path(targ_dir).glob("*/*.jpg"))
        self.transform = transform
        self.classes, self.class_to_idx = find_classes(targ_dir)

    def load_image(self, index):
        image_path = self.paths[index]
        return Image.open(image_path)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        img = self.load_image(index)
        class_name = self.paths[index].parent.name
        class_idx = self.class_to_idx[class_name]
        if self.transform:
            return self.transform(img), class_idx
        else:
            return img, class_idx


train_transforms = transforms.Compose([
    transforms.Resize((64, 64)),
    transforms.RandomHorizontalFlip(p=0.5),
    transforms.ToTensor(),
])
test_transforms = transforms.Compose([
    transforms.Resize((64, 64)),
    transforms.ToTensor(),
])
train_data_custom = ImageFolderCustom(targ_dir=train_dir, transform=train_transforms)
test_data_custom = ImageFolderCustom(targ_dir=test_dir, transform=test_transforms)
print(len(train_data_custom), len(test_data_custom))
print((len(train_data_custom) == len(train_data)) & (len(test_data_custom) == len(test_data)))
print((train_data_custom.classes == train_data.classes) & (test_data_custom.classes == test_data.classes))


# %% Random images of a dataset
def display_random_images(dataset, classes=None, n=10, display_shape=True, seed=None):
    if n > 10:
        n = 10
        display_shape = False
    if seed:
        random.seed(seed)
    random_samples_idx = random.sample(range(len(dataset)), k=n)
    print(random_samples_idx)
    plt.figure(figsize=(16, 8))
    for i, targ_sample in enumerate(random_samples_idx):
        targ_image, targ_label = dataset[targ_sample][0], dataset[targ_sample][1]
        targ_image_adjust = targ_image.permute(1, 2, 0)
        plt.subplot(1, n, i + 1)
        plt.imshow(targ_image_adjust)
        plt.axis("off")
        if classes:
            title = f"class: {classes[targ_label]}"
            if display_shape:
                title = title + f"\nshape: {targ_image_adjust.shape}"
        plt.title(title)
    plt.close()


display_random_images(train_data, n=5, classes=class_names, seed=42)
display_random_images(train_data_custom, n=5, classes=class_names, seed=42)

# %% Its loaders
train_dataloader_custom = DataLoader(dataset=train_data_custom, batch_size=1, num_workers=0, shuffle=True)
test_dataloader_custom = DataLoader(dataset=test_data_custom, batch_size=1, num_workers=0, shuffle=False)
print(len(train_dataloader_custom), len(test_dataloader_custom))
img_custom, label_custom = next(iter(train_dataloader_custom))
print(f"Image shape: {img_custom.shape} -> [batch_size, color_channels, height, width]")
print(f"Label shape: {label_custom.shape}")

# %% Augmentation
augment_transforms = transforms.Compose([
    transforms.Resize((224, 224)),
    transforms.TrivialAugmentWide(num_magnitude_bins=31),
    transforms.ToTensor(),
])
plot_transformed_images(image_path_list, transform=augment_transforms, n=3)

# %% TinyVGG without augmentation: the data
simple_transform = transforms.Compose([
    transforms.Resize((64, 64)),
    transforms.ToTensor(),
])
train_data_simple = datasets.ImageFolder(root=train_dir, transform=simple_transform)
test_data_simple = datasets.ImageFolder(root=test_dir, transform=simple_transform)
BATCH_SIZE = 32
train_dataloader_simple = DataLoader(train_data_simple, batch_size=BATCH_SIZE, shuffle=True, num_workers=0)
test_dataloader_simple = DataLoader(test_data_simple, batch_size=BATCH_SIZE, shuffle=False, num_workers=0)
print(len(train_dataloader_simple), len(test_dataloader_simple))


# %% The model
class TinyVGG(nn.Module):
    def __init__(self, input_shape, hidden_units, output_shape):
        super().__init__()
        self.conv_block_1 = nn.Sequential(
            nn.Conv2d(in_channels=input_shape, out_channels=hidden_units, kernel_size=3, stride=1, padding=1),
            nn.ReLU(),
            nn.Conv2d(in_channels=hidden_units, out_channels=hidden_units, kernel_size=3, stride=1, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2, stride=2),
        )
        self.conv_block_2 = nn.Sequential(
            nn.Conv2d(hidden_units, hidden_units, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(hidden_units, hidden_units, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(in_features=hidden_units * 16 * 16, out_features=output_shape),
        )

    def forward(self, x):
        return self.classifier(self.conv_block_2(self.conv_block_1(x)))


torch.manual_seed(42)
model_0 = TinyVGG(input_shape=3, hidden_units=10, output_shape=len(train_data.classes)).to(device)
print(model_0)

# %% One image through it
img_batch, label_batch = next(iter(train_dataloader_simple))
img_single, label_single = img_batch[0].unsqueeze(dim=0), label_batch[0]
print(f"Single image shape: {img_single.shape}\n")
model_0.eval()
with torch.inference_mode():
    pred = model_0(img_single.to(device))
print(f"Output logits:\n{pred}\n")
print(f"Output prediction probabilities:\n{torch.softmax(pred, dim=1)}\n")
print(f"Output prediction label:\n{torch.argmax(torch.softmax(pred, dim=1), dim=1)}\n")
print(f"Actual label:\n{label_single}")

# %% Its summary
print(summary(model_0, input_size=[1, 3, 64, 64], verbose=0))


# %% Functions for training
def train_step(model, dataloader, loss_fn, optimizer):
    model.train()
    train_loss, train_acc = 0, 0
    for X, y in dataloader:
        X, y = X.to(device), y.to(device)
        y_pred = model(X)
        loss = loss_fn(y_pred, y)
        train_loss += loss.item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        y_pred_class = torch.argmax(torch.softmax(y_pred, dim=1), dim=1)
        train_acc += (y_pred_class == y).sum().item() / len(y_pred)
    train_loss = train_loss / len(dataloader)
    train_acc = train_acc / len(dataloader)
    return train_loss, train_acc


def test_step(model, dataloader, loss_fn):
    model.eval()
    test_loss, test_acc = 0, 0
    with torch.inference_mode():
        for X, y in dataloader:
            X, y = X.to(device), y.to(device)
            test_pred_logits = model(X)
            loss = loss_fn(test_pred_logits, y)
            test_loss += loss.item()
            test_pred_labels = test_pred_logits.argmax(dim=1)
            test_acc += (test_pred_labels == y).sum().item() / len(test_pred_labels)
    test_loss = test_loss / len(dataloader)
    test_acc = test_acc / len(dataloader)
    return test_loss, test_acc


def train(model, train_dataloader, test_dataloader, optimizer, loss_fn, epochs=5):
    results = {"train_loss": [], "train_acc": [], "test_loss": [], "test_acc": []}
    for epoch in tqdm(range(epochs)):
        train_loss, train_acc = train_step(model, train_dataloader, loss_fn, optimizer)
        test_loss, test_acc = test_step(model, test_dataloader, loss_fn)
        print(f"Epoch: {epoch + 1} | train_loss: {train_loss:.4f} | train_acc: {train_acc:.4f} | test_loss: {test_loss:.4f} | test_acc: {test_acc:.4f}")
        results["train_loss"].append(train_loss)
        results["train_acc"].append(train_acc)
        results["test_loss"].append(test_loss)
        results["test_acc"].append(test_acc)
    return results


# %% Training model 0
torch.manual_seed(42)
NUM_EPOCHS = 5
model_0 = TinyVGG(input_shape=3, hidden_units=10, output_shape=len(train_data.classes)).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(params=model_0.parameters(), lr=0.001)
start_time = timer()
model_0_results = train(model_0, train_dataloader_simple, test_dataloader_simple, optimizer, loss_fn, epochs=NUM_EPOCHS)
end_time = timer()
print(f"~ Total training time: {end_time - start_time:.3f} seconds")
plot_loss_curves(model_0_results)
plt.close()

# %% With augmentation
train_transform_trivial_augment = transforms.Compose([
    transforms.Resize((64, 64)),
    transforms.TrivialAugmentWide(num_magnitude_bins=31),
    transforms.ToTensor(),
])
train_data_augmented = datasets.ImageFolder(train_dir, transform=train_transform_trivial_augment)
torch.manual_seed(42)
train_dataloader_augmented = DataLoader(train_data_augmented, batch_size=BATCH_SIZE, shuffle=True, num_workers=0)
torch.manual_seed(42)
model_1 = TinyVGG(input_shape=3, hidden_units=10, output_shape=len(train_data_augmented.classes)).to(device)
optimizer = torch.optim.Adam(params=model_1.parameters(), lr=0.001)
start_time = timer()
model_1_results = train(model_1, train_dataloader_augmented, test_dataloader_simple, optimizer, loss_fn, epochs=NUM_EPOCHS)
end_time = timer()
print(f"~ Total training time: {end_time - start_time:.3f} seconds")
plot_loss_curves(model_1_results)
plt.close()

# %% Comparing the models
plt.figure(figsize=(15, 10))
for i, name in enumerate(["train_loss", "test_loss", "train_acc", "test_acc"]):
    plt.subplot(2, 2, i + 1)
    plt.plot(range(NUM_EPOCHS), model_0_results[name], label="Model 0")
    plt.plot(range(NUM_EPOCHS), model_1_results[name], label="Model 1")
    plt.title(name)
    plt.xlabel("Epochs")
    plt.legend()
plt.close()


# %% A custom image
def pred_and_plot_image(model, image_path, class_names, transform):
    target_image = transforms.functional.pil_to_tensor(Image.open(image_path)).type(torch.float32)
    target_image = target_image / 255.0
    print(f"Custom image shape: {target_image.shape}, mean: {target_image.mean():.6f}")
    target_image = transform(target_image)
    model.eval()
    with torch.inference_mode():
        target_image = target_image.unsqueeze(dim=0)
        target_image_pred = model(target_image.to(device))
    target_image_pred_probs = torch.softmax(target_image_pred, dim=1)
    target_image_pred_label = torch.argmax(target_image_pred_probs, dim=1)
    plt.imshow(target_image.squeeze().permute(1, 2, 0))
    title = f"Pred: {class_names[target_image_pred_label.cpu()]} | Prob: {target_image_pred_probs.max().cpu():.3f}"
    print(title)
    plt.title(title)
    plt.axis(False)
    plt.close()


custom_image_transform = transforms.Compose([transforms.Resize((64, 64))])
pred_and_plot_image(model_1, image_path_list[0], class_names, custom_image_transform)
