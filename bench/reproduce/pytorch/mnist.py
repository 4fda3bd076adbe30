"""MNIST's gzipped IDX files, from the folder that RHOHAT_DATA names."""

import gzip
import os

import numpy
import torch


def idx(path):
    """The bytes of an IDX file: two zeros, type 8, the number of axes, then each length as a big-endian int32."""
    with gzip.open(path) as file:
        raw = file.read()
    if raw[:3] != b"\0\0\x08":
        raise ValueError(f"{path}: it is no IDX file of bytes")
    axes = raw[3]
    shape = numpy.frombuffer(raw, ">i4", axes, 4)
    return numpy.frombuffer(raw, numpy.uint8, offset=4 + 4 * axes).reshape(shape)


def digits(part):
    """(x, y) of the part "train" or "t10k": pixels in [0, 1], float32, an image a row; labels."""
    folder = os.path.join(os.environ["RHOHAT_DATA"], "mnist")
    images = idx(os.path.join(folder, f"{part}-images-idx3-ubyte.gz"))
    labels = idx(os.path.join(folder, f"{part}-labels-idx1-ubyte.gz"))
    x = torch.from_numpy(images.reshape(len(images), -1).astype(numpy.float32) / 255)
    return x, torch.from_numpy(labels.astype(numpy.int64))
