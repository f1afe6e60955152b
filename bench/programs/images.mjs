/** Sees to it that FashionMNIST is in a folder, the argument; fails where its images cannot be had. */
import { datasets } from 'tstorch/torchvision';

new datasets.FashionMNIST({ root: process.argv[2], train: true, download: true });
