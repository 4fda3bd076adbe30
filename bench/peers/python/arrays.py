"""Arrays as messages name them: {"path", "type", "shape"}."""

import numpy


def read(array):
    return numpy.fromfile(array["path"], dtype=array["type"]).reshape(array["shape"])
