"""Writes arrays.json: small .mat and .npz files as base64, and what SciPy and NumPy read from them, in C order.

    python3 make_arrays.py > arrays.json

SciPy writes little-endian files alone: the big-endian one is written byte by byte here, and read back by SciPy.
"""

import base64
import io
import json
import struct

import numpy
import scipy.io
import scipy.sparse

draw = numpy.random.default_rng(20)


def mat(variables, **options):
    out = io.BytesIO()
    scipy.io.savemat(out, variables, **options)
    return out.getvalue()


def big_endian(name, array, kind, mi_type):
    """A MAT-file of one double array whose numbers are stored as `kind`, in big-endian order."""

    def element(mi, data):
        return struct.pack(">II", mi, len(data)) + data + bytes(-len(data) % 8)

    numbers = array.T.astype(kind).tobytes()  # column-major
    dims = numpy.array(array.shape, ">i4").tobytes()
    body = element(6, struct.pack(">II", 6, 0)) + element(5, dims) + element(1, name.encode()) + element(mi_type, numbers)
    header = b"MATLAB 5.0 MAT-file, big-endian".ljust(124) + b"\x01\x00MI"
    return header + element(14, body)


def npz(variables, save):
    out = io.BytesIO()
    save(out, **variables)
    return out.getvalue()


def expected(arrays):
    return {
        name: {"shape": list(value.shape), "values": numpy.ascontiguousarray(value).astype(float).ravel().tolist()}
        for name, value in arrays.items()
    }


def numeric(data):
    """What SciPy reads of a .mat file, its arrays of real numbers."""
    read = scipy.io.loadmat(io.BytesIO(data), mat_dtype=True)
    return {
        name: value
        for name, value in read.items()
        if isinstance(value, numpy.ndarray) and value.dtype.kind in "biuf" and value.size > 0
    }


def record(data, arrays):
    return {"base64": base64.b64encode(data).decode(), "arrays": expected(arrays)}


images = numpy.round(draw.standard_normal((4, 5, 3)), 3)
patches = draw.standard_normal((3, 8)).astype("f4")
labels = numpy.arange(1, 9, dtype="u1")[:, None]
kinds = {
    "i8": numpy.array([[-128, 127]], "i1"),
    "u8": numpy.array([[0, 255]], "u1"),
    "i16": numpy.array([[-32768, 7]], "i2"),
    "u16": numpy.array([[65535, 7]], "u2"),
    "i32": numpy.array([[-(2**31), 7]], "i4"),
    "u32": numpy.array([[2**32 - 1, 7]], "u4"),
    "i64": numpy.array([[-(2**53 - 1), 7]], "i8"),
    "u64": numpy.array([[2**53 - 1, 7]], "u8"),
    "single": numpy.array([[0.1, -2]], "f4"),
    "double": numpy.array([[0.1, -2e300]], "f8"),
    "flags": numpy.array([[True, False, True]]),
}
cell = numpy.empty((1, 2), object)
cell[0, 0], cell[0, 1] = numpy.eye(2), "word"
others = {
    "c": cell,
    "s": {"deep": {"er": {"x": numpy.eye(2)}}},
    "t": "a text",
    "z": numpy.array([[1 + 2j, 3]]),
    "sp": scipy.sparse.csc_matrix(numpy.eye(3)),
    "empty": numpy.zeros((0, 0)),
    "big": numpy.array([[2**60]], "i8"),
}
everything = {"IMAGES": images, "lambda": 0.5, **others}
whole = numpy.arange(1.0, 7).reshape(2, 3)

mats = {
    "images": mat({"IMAGES": images}),
    "images-compressed": mat({"IMAGES": images}, do_compression=True),
    "patches": mat({"patches": patches}),
    "patches-and-labels": mat({"X": patches.T, "y": labels}, do_compression=True),
    "kinds": mat(kinds),
    "kinds-compressed": mat(kinds, do_compression=True),
    "everything": mat(everything),
    "everything-compressed": mat(everything, do_compression=True),
    "big-endian": big_endian("images", whole, ">f8", 9),
    "stored-small": big_endian("images", whole, ">u1", 2),
    "version-4": mat({"x": whole}, format="4"),
}
archive = {"x": whole, "labels": labels[:6, 0], "images": numpy.arange(24, dtype="u1").reshape(2, 3, 4), "f": numpy.asfortranarray(whole)}

print(
    json.dumps(
        {
            "scipy": scipy.__version__,
            "numpy": numpy.__version__,
            "mat": {name: record(data, numeric(data)) for name, data in mats.items()},
            "npz": {
                "stored": record(npz(archive, numpy.savez), archive),
                "deflated": record(npz(archive, numpy.savez_compressed), archive),
                "one": record(npz({"x": whole}, numpy.savez), {"x": whole}),
            },
        }
    )
)
